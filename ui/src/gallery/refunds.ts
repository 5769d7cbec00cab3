// Made-up applications, files and exceptions, in every state that the screens tell apart.
type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

const names = ["Cedar Logic", "云杉数据", "张*", "Linden Apps", "Fernway", "霜叶网络", "欧阳**", "Harbour Lab"];
const states = ["reviewed", "reviewed", "requested", "approved", "released", "paid", "rejected", "requested"];
const waits = ["approver", "approver", "customer", "second_approver", "statement", null, null, "reviewer"];
const nets = ["12480.66", "261.83", "98.17", "4102.00", "265.00", "820.00", "40.40", "7.02"];
const day = (d: string) => `2026-02-${d}Z`;

const list = Array.from({ length: 26 }, (_, n) => {
  const at = n % 8;
  const status = states[at]!;
  const rank = ["requested", "reviewed", "approved", "released", "paid"].indexOf(status);
  const closed = status === "rejected";
  const passed = (step: number, value: string) => (closed ? (step < 2 ? value : null) : rank >= step ? value : null);
  return {
    id: `01-${n}`, number: `R-2026-0${112 - n}`, customer_id: String(at + 1), customer_name: names[at], status, reason_kind: "no_longer_needed",
    reason: "The team moved to another product and closes its account; the customer wrote on 9 February.", ticket_no: `W-${88213 - n * 7}`,
    amount_gross: n === 0 ? "12556.00" : nets[at], amount_fee: n === 0 ? "75.34" : "0.00", amount_net: nets[at], amount_gift_voided: n === 0 ? "310.000000" : "0.000000",
    requested_at: new Date(Date.parse(day("11T02:20:00")) - n * 17_000_000).toISOString(), requested_by: "agent",
    proof_asked_at: waits[at] === "customer" ? day("11T05:00:00") : null, proof_asked_by: waits[at] === "customer" ? "reviewer" : null, proof_asked_for: waits[at] === "customer" ? "The company's letter with its seal" : null,
    reviewed_at: passed(1, day("11T07:41:00")), reviewed_by: passed(1, "reviewer"), approved_at: passed(2, day("12T03:02:00")), approved_by: passed(2, "approver"),
    second_approved_at: null, second_approved_by: null, released_at: passed(3, day("12T06:30:00")), released_by: passed(3, "treasurer"), paid_at: passed(4, day("13T02:00:00")),
    closed_at: closed || status === "paid" ? day("13T02:00:00") : null, closed_by: closed ? "approver" : null, closing_reason: closed ? "The recharge was made for a shared account, and its owner did not agree." : null,
    suspended_by_dispute: null, waits_for: waits[at],
  };
});

const lot = (order_no: string, channel: string, paid_at: string, principal: string, used: string, left: string, fee: string, net: string, route: string, days_left: number, holder = true) => ({
  recharge_id: order_no.slice(-3), journal_id: "1204869", order_no, channel, paid_at, agreement_version: "2025-09-01", principal, used, unbilled: "0.000000", left, refundable: left.slice(0, -4), residual: "0.000000", fee, net, route,
  route_closes_at: new Date(Date.parse(paid_at) + 365 * 86_400_000).toISOString(), days_left, payer: holder ? "王*" : "李**", payer_account: "w***@example.com", payer_is_holder: holder,
});
const worksheet = (used: string, left: string, gross: string, fee: string, net: string) => ({
  eligible: true, reason: null, gross, fee, net, residual: "0.003117", unbilled: "0.000000", uncollected: "0.000000", provisional: false, gift_left: "0.000000", gift_reserved: "0.000000", gift_voided: "310.000000", manual: true,
  lots: [
    lot("R2025112200417", "alipay", "2025-11-22T03:12:00Z", "5000.00", used, left, fee === "75.34" ? "15.34" : "15.35", net === "12480.66" ? "2540.66" : "2541.88", "original", 282),
    lot("R2025120100032", "wechat", "2025-12-01T07:02:00Z", "8000.00", "0.000000", "8000.000000", "48.00", "7952.00", "original", 291, false),
    lot("R2025010300981", "alipay", "2025-01-03T07:02:00Z", "2000.00", "0.000000", "2000.000000", "12.00", "1988.00", "manual_transfer", -41),
  ],
});
const now = worksheet("2444.000000", "2556.000000", "12556.00", "75.34", "12480.66");
const seen = worksheet("2442.770000", "2557.230000", "12557.23", "75.35", "12481.88");

const paper = (id: string, file_name: string, media_type: string, opened_by_me: boolean) => ({ id, file_name, media_type, size_bytes: 183_220, sha256: "9c41a7d20e07".padEnd(64, "5"), recorded_at: day("11T02:18:00"), recorded_by: "agent", opened_by_me });
const done = ["refunds.review", "refunds.approve", "refunds.approve_second", "refunds.release", "refunds.ask_proof", "refunds.add_proof", "refunds.reject", "refunds.withdraw"];
const why: Record<string, Record<string, string>> = {
  reviewed: { "refunds.review": "refund_not_requested", "refunds.approve_second": "refund_not_approved", "refunds.release": "refund_not_approved", "refunds.add_proof": "proof_not_asked", "refunds.withdraw": "duty_missing" },
  requested: { "refunds.approve": "refund_not_reviewed", "refunds.review": "refund_waits_for_proof", "refunds.approve_second": "refund_not_approved", "refunds.release": "refund_not_approved", "refunds.ask_proof": "refund_waits_for_proof", "refunds.add_proof": "duty_missing", "refunds.withdraw": "duty_missing" },
  approved: { "refunds.review": "refund_not_requested", "refunds.approve": "refund_not_reviewed", "refunds.approve_second": "duty_missing", "refunds.release": "second_approval_missing", "refunds.ask_proof": "refund_not_open", "refunds.add_proof": "proof_not_asked", "refunds.withdraw": "duty_missing" },
};
const leg = (n: number, order_no: string, net: string, channel: string, route: string, confirmed: boolean) => ({ id: String(n), refund_no: `KR202600110${n}`, order_no, provider_no: "4200001", channel, gross: net, fee: "0.00", net, route, status: confirmed ? "confirmed" : "instructed", instructed_at: day("12T06:30:00"), confirmed_at: confirmed ? day("13T02:00:00") : null, bank_reference: null });

function open(id: string) {
  const row = list.find((one) => one.id === id) ?? list[0]!;
  const released = row.status === "released" || row.status === "paid";
  const all = row.status === "paid";
  return {
    ...row, worksheet: now, reviewed_worksheet: row.reviewed_at ? (row.id === "01-0" ? seen : now) : null, digest: "9c41".padEnd(60, "a") + "0e07", moved_since_review: row.id === "01-0", needs_second_approval: row.status === "approved" || row.id === "01-0",
    legs: released ? [leg(1, "R2025112200417", "2540.66", "alipay", "original", true), leg(2, "R2025120100032", "7952.00", "wechat", "original", all), leg(3, "R2025010300981", "1988.00", "alipay", "manual_transfer", all)] : [],
    attachments: [paper("a1", "Company letter.pdf", "application/pdf", true), paper("a2", "Account closure.png", "image/png", true), paper("a3", "付款账户证明.jpg", "image/jpeg", false)],
    events: [
      { at: row.requested_at, login: "agent", command: "refunds.request", detail: { net: "12481.88", gift_voided: "310.000000" } },
      ...(row.reviewed_at ? [{ at: row.reviewed_at, login: "reviewer", command: "refunds.review", detail: { net: "12481.88", note: null } }] : []),
      ...(row.approved_at ? [{ at: row.approved_at, login: "approver", command: "refunds.approve", detail: { net: "12480.66" } }] : []),
      ...(row.released_at ? [{ at: row.released_at, login: "treasurer", command: "refunds.release", detail: { net: "12480.66", legs: 3 } }] : []),
      ...(row.closing_reason ? [{ at: row.closed_at, login: "approver", command: "refunds.reject", detail: { reason: row.closing_reason } }] : []),
    ],
    actions: done.map((action) => ({ action, allowed: !(why[row.status] ?? {})[action], why: (why[row.status] ?? {})[action] ?? null })),
    same_ticket: row.id === "01-0" ? [{ kind: "refund", id: row.id, number: row.number, status: row.status }, { kind: "dispute", id: "d1", number: "D-2026-0031", status: "locked" }] : [],
  };
}

const file = (n: number, kind: string, file_name: string, rows: number, excepted: number, status = "posted", repeated = false, totals: Record<string, unknown> = {}) => ({
  id: `02-${n}`, kind, file_name, file_sha256: "72d0f1".padEnd(64, "b3"), status, totals: { row_count: rows, ...totals }, rows_staged: repeated ? 0 : rows, rows_posted: status === "posted" ? rows - excepted : 0, rows_repeated: 0, rows_excepted: excepted,
  begun_by: "accountant", begun_at: new Date(Date.parse(day("13T01:40:00")) - n * 9_400_000).toISOString(), posted_at: status === "posted" ? new Date(Date.parse(day("13T01:40:06")) - n * 9_400_000).toISOString() : null, repeated,
});
const statement = { merchant: "2088000000000001", from: "2026-02-11T16:00:00Z", to: "2026-02-12T16:00:00Z", gross_in: "48210.00", gross_out: "263.41", fee: "288.10", net: "47658.49", payments: 180, refunds: 2 };
const files = [
  file(0, "statement_alipay", "20880000_20260212_业务明细.zip", 182, 1, "posted", false, statement), file(1, "statement_wechat", "1900000001All2026-02-12.csv", 240, 2, "posted", false, statement),
  file(2, "orders", "orders_2026-02-12.csv", 421, 3, "posted", false, { principal: "61240.00", gift: "1204.00" }), file(3, "usage", "usage_2026-02-12.csv", 8120, 0, "posted", false, { amount: "21044.204417" }),
  file(4, "orders", "orders_2026-02-12.csv", 421, 0, "discarded", true, { principal: "61240.00" }), file(5, "usage", "usage_2026-02-11.csv", 7911, 0, "staged", false, { amount: "20110.100000" }),
];

const stray = (id: number, kind: string, amount: string | null, amount_expected: string | null, customer: number | null, resolution: string | null = null) => ({
  id: String(id), kind, channel: id % 2 ? "alipay" : "wechat", order_no: `R2026021200${100 + id}`, provider_no: `42000099992026021200000000${id}`, customer_id: customer === null ? null : String(customer + 1), customer_name: customer === null ? null : names[customer], amount, amount_expected,
  import_id: "02-1", file_name: "1900000001All2026-02-12.csv", line: 40 + id, happened_at: day("12T08:14:00"), opened_at: new Date(Date.parse(day("13T01:40:00")) - id * 40_000_000).toISOString(), resolved_at: resolution ? day("13T02:00:00") : null, resolved_by: resolution ? "accountant" : null, resolution, belongs_to_order: null,
});
const strays = [
  stray(1, "payment_without_order", "200.00", null, null), stray(2, "order_without_payment", null, "1200.00", 0), stray(3, "amount_differs", "88.00", "80.00", 1), stray(4, "recharge_not_verified", "500.00", null, 2), stray(5, "refund_without_instruction", "-40.00", null, null),
  stray(9, "order_without_payment", null, "60.00", 4, "payment_arrived"),
];

export const answers: Answers = {
  "refunds.list": (args) => list.filter((row) => (args.wanted === "all" ? true : args.wanted === "open" ? !["paid", "rejected", "withdrawn"].includes(row.status) : args.wanted === "mine" ? row.waits_for === "approver" : row.status === args.wanted)).filter((row) => !args.search || row.number.startsWith(String(args.search)) || row.customer_name!.includes(String(args.search))),
  "refunds.open": (args) => open(String(args.refund_id)),
  "refunds.quote": (args) => ({
    customer_id: args.customer_id, customer_name: names[Number(args.customer_id) - 1], gift_warning: true,
    worksheet: args.customer_id === "6" ? { ...now, eligible: false, reason: "account_locked" } : args.customer_id === "3" ? { ...now, eligible: false, reason: "refund_nothing_left", gross: "0.00", fee: "0.00", net: "0.00", lots: [] } : { ...now, provisional: true, unbilled: "1.230000", gift_reserved: "1.230000" },
    same_cases: [{ kind: "refund", id: "01-6", number: "R-2026-0106", status: "rejected" }],
    steps: [{ step: "review", people: ["reviewer"] }, { step: "approve", people: ["approver", "approver2"] }, { step: "release", people: args.customer_id === "2" ? [] : ["treasurer"] }],
  }),
  "refunds.approve": (args) => {
    if (args.refund_id === "01-1") throw { kind: "rule", name: "refund_figures_moved", detail: { seen: "263.06", now: "261.83" } };
    return list[0];
  },
  "search.same_ticket": (args) => (args.ticket_no === "W-88213" ? [{ kind: "dispute", id: "d1", number: "D-2026-0031", status: "locked", open: true, customer_id: "1", customer_ref: "zp-1", ticket_no: "W-88213", order_no: null, opened_at: day("11T02:18:00") }] : []),
  "refunds.reject": () => list[0],
  "refunds.ask_proof": () => list[0],
  "imports.list": () => files,
  "exceptions.list": (args) => strays.filter((one) => (!args.only_open || !one.resolved_at) && (!args.wanted_kind || one.kind === args.wanted_kind)),
  "exceptions.resolve": () => strays[0],
};

let read = 0;
/** Files take a moment and end in turn as posted, known before, and refused. */
export async function importFile(): Promise<unknown> {
  const turn = read++ % 3;
  await new Promise((resolve) => setTimeout(resolve, turn === 2 ? 300 : 100));
  if (turn === 2) throw { kind: "rule", name: "file_totals_disagree", detail: { line: 184, column: "合计", expected: "48210.00", found: "48209.00" } };
  return turn === 0 ? files[1] : files[4];
}
