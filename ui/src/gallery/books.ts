// A page of made-up books for the ledger, the customers and Today.
export const accounts = [
  ["wallet", "customer", "Wallet", "钱包余额"],
  ["refund_hold", "customer", "Refund hold", "退款冻结"],
  ["alipay_clearing", "house", "Alipay clearing", "支付宝待清算"],
  ["wechat_clearing", "house", "WeChat clearing", "微信待清算"],
  ["fee_income", "house", "Refund fees", "退款手续费收入"],
  ["revenue.chat", "house", "Revenue · chat", "收入 · 对话"],
  ["gift_voided", "house", "Gifts voided", "赠送作废"],
].map(([code, owner, title_en, title_zh], id) => ({ id, code: code!, owner, title_en, title_zh }));

const names = ["Cedar Logic", "云杉数据", "Blue Lantern 蓝灯笼", "张*", "Northwind Notes", "霜叶网络", "Fernway", "欧阳**"];
type Line = [account: string, amount: string, after: string | null, commodity?: string];
const shapes: [string, Line[]][] = [
  ["refund_hold", [["wallet", "12556.000000", "0.000000"], ["refund_hold", "-12556.000000", "12556.000000"], ["wallet", "310.000000", "0.000000", "CNY.GIFT"], ["gift_voided", "-310.000000", null, "CNY.GIFT"]]],
  ["usage", [["wallet", "118.204417", "263.410583"], ["revenue.chat", "-118.204417", null]]],
  ["recharge", [["alipay_clearing", "500.000000", null], ["wallet", "-500.000000", "620.000000"]]],
  ["refund_paid", [["refund_hold", "265.000000", "0.000000"], ["wechat_clearing", "-263.410000", null], ["fee_income", "-1.590000", null]]],
  ["usage", [["wallet", "144.020118", "2310.775200"], ["revenue.chat", "-144.020118", null]]],
  ["recharge", [["wechat_clearing", "10000.000000", null], ["wallet", "-10000.000000", "10004.120000"]]],
];

function journal(id: number) {
  const at = id % shapes.length;
  const [kind, lines] = shapes[at]!;
  const customer = id % names.length;
  return {
    id: String(id), kind, customer_id: String(customer + 1), customer_name: names[customer],
    recorded_at: new Date(Date.parse("2026-02-13T02:40:00Z") - (1204871 - id) * 197_000).toISOString(), effective_at: "2026-02-13T02:40:00Z", recorded_by: "agent",
    document_kind: kind.startsWith("refund") ? "refund" : kind === "usage" ? "usage" : "recharge", document_id: "0192", document_number: kind.startsWith("refund") ? "R-2026-0112" : "R2026011200417", clause: "RA 9.1", memo: null, reverses: null,
    lines: lines.map(([account, amount, balance_after, commodity], index) => {
      const found = accounts.find((one) => one.code === account)!;
      return { line: index + 1, account, title_en: found.title_en, title_zh: found.title_zh, customer: found.owner === "customer", commodity: commodity ?? "CNY", amount, balance_after };
    }),
  };
}

const customers = names.map((name, at) => ({
  id: String(at + 1), ref: `zp-${10482 + at * 731}`, name, kind: /\*/.test(name) ? "personal" : "enterprise", real_name_verified: at !== 3, locked: at === 5,
  wallet: ["0.000000", "263.410583", "620.000000", "71.400000", "2310.775200", "71.400000", "10004.120000", "0.310000"][at], gift: at % 3 ? "10.000000" : "0.000000", held: at === 0 ? "12556.000000" : "0.000000", open_cases: [1, 0, 0, 0, 0, 2, 0, 0][at],
}));

const day = (offset: number) => new Date(Date.parse("2026-02-13T00:00:00Z") + offset * 86_400_000).toISOString().slice(0, 10);
const waiting = (kind: string, step: string, number: string, customer_name: string, amount: string, due_at: string | null, late = false) => ({ kind, step, id: number, number, customer_name, amount, due_at, since: "2026-02-12T08:40:00Z", late });
const other = (number: string, waits_for: string, customer_name: string, amount: string) => ({ kind: "refund", id: number, number, waits_for, customer_name, amount, since: "2026-02-12T22:40:00Z" });
const clock = (number: string, kind: string, customer_name: string, amount: string, due_on: string, nominal_on: string) => ({ dispute_id: number, number, customer_name, clock: kind, amount, due_on, nominal_on, expires_at: `${due_on}T16:00:00Z`, shifted: due_on !== nominal_on, provisional: false, days_left: 1 });
const tie = (check: string, state: string, difference = "0.000000", left = "0", last_day: string | null = null) => ({ check, state, difference, left, right: "0", last_day });
const today = {
  now: "2026-02-13T02:42:00Z",
  waiting: [
    waiting("dispute", "propose_repayment", "D-2026-0031", "Blue Lantern 蓝灯笼", "500.00", "2026-02-12T16:00:00Z", true),
    waiting("refund", "approver", "R-2026-0112", "Cedar Logic", "12480.66", null),
    waiting("refund", "approver", "R-2026-0115", "云杉数据", "261.83", null),
    waiting("exceptions", "accountant", "", "", "3", null),
  ],
  others: [other("R-2026-0107", "treasurer", "Fernway", "4102.00"), other("R-2026-0110", "customer", "Linden Apps", "265.00"), other("R-2026-0113", "statement", "张*", "88.10")],
  clocks: [clock("D-2026-0034", "evidence", "Northwind", "1200.00", "2026-02-14", "2026-02-14"), clock("D-2026-0035", "evidence", "霜叶网络", "88.00", "2026-02-24", "2026-02-15"), clock("D-2026-0022", "shortfall", "Orchid Parcel", "320.00", "2026-02-24", "2026-02-20")],
  tie_out: [tie("wallets_equal_ledger", "ok"), tie("lots_equal_wallets_and_holds", "ok"), tie("holds_equal_open_refunds", "ok"), tie("gift_wallets_equal_gifts", "ok"), tie("payable_equals_instructions", "ok"), tie("suspense_equals_exceptions", "ok"), tie("statement_alipay", "waits"), tie("statement_wechat", "open", "200.00", "1", "2026-02-12")],
  liability: { amount: "8424800.270000", before: "8263002.100000", days: Array.from({ length: 30 }, (_, at) => ({ on: day(at - 29), amount: String(8263000 + at * 4700 + ((at * 7919) % 13) * 2600) + ".27" })) },
  counts: { refunds_open: 12, refunds_mine: 2, disputes_open: 9, disputes_late: 2, exceptions: 3, invoices: 31, locks: 4 },
  calendar: Array.from({ length: 15 }, (_, at) => ({ on: day(at), rest: at > 1 && at < 11, makeup: at === 1, name_en: at > 1 && at < 11 ? "Spring Festival" : null, name_zh: at > 1 && at < 11 ? "春节" : null, clocks: day(at) === "2026-02-24" ? 2 : 0 })),
};

const lot = (id: string, order_no: string, channel: string, paid_at: string, principal: string, left: string, more: object = {}) => ({ id, order_no, channel, kind: "package", paid_at, principal, left, held: false, refunded: false, confirmed_at: paid_at, agreement_version: "2025-09-01", payer_name: "王*", payer_account: "138****0000", payer_is_holder: true, earmarked_for: null, gift: "0.00", gift_left: "0.000000", activity: null, ...more });
const lots = [
  lot("3", "R2026021100981", "wechat", "2026-02-11T05:41:00Z", "2000.00", "2000.000000", { confirmed_at: null, gift: "20.00", gift_left: "13.204417" }),
  lot("2", "R2025120100032", "wechat", "2025-12-01T07:02:00Z", "8000.00", "8000.000000", { payer_name: "李**", payer_is_holder: false, held: true }),
  lot("1", "R2025112200417", "alipay", "2025-11-22T03:12:00Z", "5000.00", "2556.000000", { held: true, gift: "310.00" }),
];
const moment = (at: string, kind: string, what: string, more: object) => ({ key: at + what, at, kind, what, subject_kind: null, subject_id: null, number: null, amount: null, commodity: null, person: "agent", body: null, detail: {}, ...more });
const moments = [
  moment("2026-02-12T02:03:00Z", "note", "message", { body: "Customer confirmed by e-mail that gifts become void." }),
  moment("2026-02-11T07:41:00Z", "event", "refunds.review", { subject_kind: "refund", subject_id: "x", number: "R-2026-0112", person: "reviewer" }),
  moment("2026-02-11T05:41:00Z", "journal", "recharge", { subject_kind: "recharge", number: "R2026021100981", amount: "2000.000000", commodity: "CNY", person: "platform", detail: { journal_id: "12" } }),
  moment("2026-02-11T02:20:00Z", "event", "refunds.request", { subject_kind: "refund", subject_id: "x", number: "R-2026-0112" }),
  moment("2026-02-11T02:18:00Z", "paper", "application/pdf", { body: "Company letter.pdf", subject_kind: "refund", subject_id: "x" }),
  moment("2026-01-12T02:20:00Z", "invoice", "blue", { number: "INV-2026-00087", subject_kind: "invoice", subject_id: "i", amount: "4210.00", commodity: "CNY", person: "taxclerk" }),
];

const page = {
  phone: "138****0000", email: "w***@example.com", created_at: "2025-03-02T02:00:00Z", receivable: "0.000000", refund_hold: "12556.000000", repayment_hold: "0.000000", unbilled: "1.230000", usage_suspended_at: null, flags: [], lots_in_all: "3", lots,
  cases: [
    { kind: "refund", id: "x", number: "R-2026-0112", status: "reviewed", open: true, amount: "12480.66", opened_at: "2026-02-11T02:20:00Z", due_at: null, ticket_no: "W-88213", order_no: null },
    { kind: "dispute", id: "y", number: "D-2026-0035", status: "locked", open: true, amount: "88.00", opened_at: "2026-01-16T02:41:00Z", due_at: "2026-02-24T16:00:00Z", ticket_no: "W-88213", order_no: "R2025120100032" },
  ],
  invoices: [{ id: "i", number: "INV-2026-00087", kind: "blue", total_incl: "4210.00", red_lettered: "50.00", issued_at: "2026-01-12T02:20:00Z" }],
  usage: Array.from({ length: 12 }, (_, at) => ["chat", "embed"].map((product) => ({ month: `2025-${String(12 - at).padStart(2, "0")}`, product, amount: String(150 + ((at * 37) % 90)) + ".204417", from_gift: "30.000000", from_principal: String(120 + ((at * 37) % 90)) + ".204417", uncollected: "0.000000" }))).flat(),
};

export const answers: Record<string, (args: Record<string, unknown>) => unknown> = {
  "ledger.list": (args) => {
    if (args.after) return [];
    const from = args.before ? Number(args.before) - 1 : 1204871;
    return Array.from({ length: 100 }, (_, at) => journal(from - at));
  },
  "ledger.total": () => [{ commodity: "CNY", journals: "1", debit: "5893017.582113", credit: "5893017.582113", postings: "1284906" }, { commodity: "CNY.GIFT", journals: "1", debit: "41220.100000", credit: "41220.100000", postings: "8120" }],
  "ledger.journal": (args) => ({ ...journal(Number(args.journal_id)), recharges: [{ order_no: "R2025112200417", channel: "alipay", paid_at: "2025-11-22T03:12:00Z", amount: "2556.000000" }, { order_no: "R2025120100032", channel: "wechat", paid_at: "2025-12-01T03:12:00Z", amount: "8000.000000" }], usage: [] }),
  "customers.list": (args) => customers.filter((one) => !args.search || one.name.toLowerCase().startsWith(String(args.search).toLowerCase())),
  "customers.open": (args) => {
    const found = customers.find((one) => one.id === args.customer_id) ?? customers[0]!;
    return { ...page, ...found, locks: found.locked ? [{ id: "l", cause: "dispute", case_id: "y", placed_at: "2026-01-16T04:00:00Z", placed_by: "handler", platform_confirmed_at: "2026-01-16T04:00:04Z" }] : [], flags: found.locked ? ["locked", "dispute_open"] : ["refund_open", "unbilled"] };
  },
  "customers.timeline": () => moments,
  "customers.reveal": (args) => ({ field: args.field, value: "13812340000", until: "2026-02-13T02:47:00Z" }),
  "today.open": () => today,
  "search.find": () => [{ kind: "customer", id: "1", title: "Cedar Logic", detail: "zp-10482", customer_id: "1", at: null }, { kind: "refund", id: "x", title: "R-2026-0112", detail: "zp-10482 · reviewed", customer_id: "1", at: null }],
};
