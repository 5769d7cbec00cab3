// A page of made-up books for the ledger, the customers and Today.
const accounts = [
  ["wallet", "customer", "Wallet", "钱包余额"],
  ["refund_hold", "customer", "Refund hold", "退款冻结"],
  ["alipay_clearing", "house", "Alipay clearing", "支付宝待清算"],
  ["wechat_clearing", "house", "WeChat clearing", "微信待清算"],
  ["fee_income", "house", "Refund fees", "退款手续费收入"],
  ["revenue.chat", "house", "Revenue · chat", "收入 · 对话"],
  ["gift_voided", "house", "Gifts voided", "赠送作废"],
].map(([code, owner, title_en, title_zh]) => ({ code, owner, title_en, title_zh }));

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
  return lines.map(([account, amount, balance_after, commodity], index) => ({
    journal_id: String(id), line: index + 1, kind, account, commodity: commodity ?? "CNY", amount, balance_after,
    recorded_at: new Date(Date.parse("2026-02-13T02:40:00Z") - (1204871 - id) * 197_000).toISOString(),
    effective_at: "2026-02-13T02:40:00Z", customer_id: String(customer + 1), customer_name: names[customer],
    document_kind: kind.startsWith("refund") ? "refund" : kind === "usage" ? "usage" : "recharge", document_id: "0192", document_number: kind.startsWith("refund") ? "R-2026-0112" : "R2026011200417", recorded_by: "agent",
  }));
}

const customers = names.map((name, at) => ({
  id: String(at + 1), ref: `zp-${10482 + at * 731}`, name, kind: /\*/.test(name) ? "personal" : "enterprise", real_name_verified: at !== 3, locked: at === 5,
  wallet: ["0.000000", "263.410583", "620.000000", "71.400000", "2310.775200", "71.400000", "10004.120000", "0.310000"][at], gift: at % 3 ? "10.000000" : "0.000000", held: at === 0 ? "12556.000000" : "0.000000", open_cases: [1, 0, 0, 0, 0, 2, 0, 0][at],
}));

const day = (offset: number) => new Date(Date.parse("2026-02-13T00:00:00Z") + offset * 86_400_000).toISOString().slice(0, 10);
const end = (on: string) => new Date(Date.parse(`${on}T16:00:00Z`)).toISOString();
const item = (kind: string, verb: string, number: string, customer_name: string, amount: string, due: string | null, duty: string) => ({ kind, verb, subject_id: number, number, customer_id: "1", customer_name, amount, due_at: due, since: "2026-02-12T08:40:00Z", duty });
const tie = (name: string, state: string, difference: string | null, items = 0, on: string | null = null) => ({ name, state, difference, items, on });

const today = {
  waiting: [
    item("dispute", "repay", "D-2026-0031", "Blue Lantern 蓝灯笼", "500.00", "2026-02-12T16:00:00Z", "treasurer"),
    item("refund", "approve", "R-2026-0112", "Cedar Logic", "12480.66", "2026-02-14T16:00:00Z", "approver"),
    item("refund", "approve", "R-2026-0115", "云杉数据", "261.83", null, "approver"),
    item("refund", "approve", "R-2026-0109", "Fernway", "98.17", null, "approver"),
  ],
  others: [item("refund", "release", "R-2026-0107", "Fernway", "4102.00", null, "treasurer"), item("refund", "supply_proof", "R-2026-0110", "Linden Apps", "265.00", null, "agent"), item("dispute", "confirm_platform", "D-2026-0028", "Harbour Lab", "820.00", null, "platform")],
  clocks: [
    { kind: "dispute", clock: "evidence", subject_id: "a", number: "D-2026-0034", customer_name: "Northwind", amount: "1200.00", due_on: "2026-02-14", due_at: end("2026-02-14"), nominal_on: "2026-02-14", make_up: true },
    { kind: "dispute", clock: "evidence", subject_id: "b", number: "D-2026-0035", customer_name: "霜叶网络", amount: "88.00", due_on: "2026-02-24", due_at: end("2026-02-24"), nominal_on: "2026-02-15", make_up: false },
    { kind: "dispute", clock: "shortfall", subject_id: "c", number: "D-2026-0022", customer_name: "Orchid Parcel", amount: "320.00", due_on: "2026-02-24", due_at: end("2026-02-24"), nominal_on: "2026-02-20", make_up: false },
  ],
  tie_out: [tie("alipay_statement", "ok", "0.00", 0, "2026-02-12"), tie("wechat_statement", "open", "200.00", 1, "2026-02-12"), tie("bank_payouts", "waits", null, 0, "2026-02-12"), tie("balances", "ok", "0.000000"), tie("holds", "ok", "0.00"), tie("gifts", "ok", "0.000000"), tie("invoiced", "ok", null)],
  liability: Array.from({ length: 31 }, (_, at) => ({ on: day(at - 30), amount: String(8263000 + at * 4700 + ((at * 7919) % 13) * 2600) + ".27" })),
  recharged: "312440.00", used: "158020.113402", refunded: "4881.20",
  next_day: { on: "2026-02-14", sort: "make_up" },
};

const lots = [
  { id: "1", order_no: "R2025112200417", channel: "alipay", kind: "package", paid_at: "2025-11-22T03:12:00Z", principal: "5000.00", left: "2556.000000", payer_name: "王*", payer_is_holder: true, gift: "310.00", gift_left: "0.000000", held: true, refunded: false, confirmed: true, journal_id: "1" },
  { id: "2", order_no: "R2025120100032", channel: "wechat", kind: "custom", paid_at: "2025-12-01T07:02:00Z", principal: "8000.00", left: "8000.000000", payer_name: "李**", payer_is_holder: false, gift: "0.00", gift_left: "0.000000", held: true, refunded: false, confirmed: true, journal_id: "2" },
  { id: "3", order_no: "R2026021100981", channel: "wechat", kind: "package", paid_at: "2026-02-11T05:41:00Z", principal: "2000.00", left: "2000.000000", payer_name: "王*", payer_is_holder: true, gift: "20.00", gift_left: "13.204417", held: false, refunded: false, confirmed: false, journal_id: "3" },
];
const moments = [
  { at: "2026-02-12T02:03:00Z", kind: "message", by: "agent", subject_kind: null, subject_id: null, number: null, amount: null, body: "Customer confirmed by e-mail that gifts become void." },
  { at: "2026-02-11T07:41:00Z", kind: "refunds.review", by: "reviewer", subject_kind: "refund", subject_id: "x", number: "R-2026-0112", amount: "12480.66", body: null },
  { at: "2026-02-11T02:20:00Z", kind: "refunds.request", by: "agent", subject_kind: "refund", subject_id: "x", number: "R-2026-0112", amount: "12556.00", body: null },
  { at: "2026-02-11T05:41:00Z", kind: "recharge", by: null, subject_kind: "recharge", subject_id: "R2026021100981", number: "R2026021100981", amount: "2000.00", body: null },
];

export const answers: Record<string, (args: Record<string, unknown>) => unknown> = {
  "ledger.accounts": () => accounts,
  "ledger.list": (args) => {
    const from = args.before_journal ? Number(args.before_journal) - 1 : 1204871;
    return Array.from({ length: 80 }, (_, at) => journal(from - at)).flat();
  },
  "ledger.totals": () => [{ commodity: "CNY", debit: "5893017.582113", credit: "5893017.582113", postings: "1284906" }, { commodity: "CNY.GIFT", debit: "41220.100000", credit: "41220.100000", postings: "8120" }],
  "ledger.journal": (args) => {
    const lines = journal(Number(args.id));
    return { ...lines[0], id: args.id, clause: "RA 9.1", memo: null, reverses: null, lines, lots: [{ recharge_id: "1", order_no: "R2025112200417", channel: "alipay", amount: "2556.000000" }, { recharge_id: "2", order_no: "R2025120100032", channel: "wechat", amount: "8000.000000" }] };
  },
  "customers.find": (args) => customers.filter((one) => !args.wanted || one.name.toLowerCase().startsWith(String(args.wanted).toLowerCase())),
  "customers.read": (args) => ({
    ...(customers.find((one) => one.id === args.id) ?? customers[0]), phone: "138****0000", email: "w***@example.com", receivable: "0.000000", refund_hold: "12556.000000", repayment_hold: "0.000000", usage_suspended_at: null,
    locks: args.id === "6" ? [{ cause: "dispute", case_id: "d", number: "D-2026-0035", placed_at: "2026-01-16T04:00:00Z", platform_confirmed_at: "2026-01-16T04:00:04Z" }] : [],
    lots, usage: Array.from({ length: 12 }, (_, at) => ({ month: `2025-${String(at + 1).padStart(2, "0")}-01`, principal: String(120 + ((at * 37) % 90)) + ".204417", gift: String((at * 13) % 40) + ".00" })),
    cases: [{ kind: "refund", id: "x", number: "R-2026-0112", status: "reviewed", amount: "12480.66", opened_at: "2026-02-11T02:20:00Z", due_at: null, ticket_no: "W-88213" }],
  }),
  "customers.timeline": () => moments,
  "customers.reveal": () => ({ value: "13812340000" }),
  "today.read": () => today,
  "today.counts": () => [{ section: "today", waiting: 4, late: true }, { section: "imports", waiting: 3, late: false }, { section: "refunds", waiting: 12, late: false }, { section: "disputes", waiting: 2, late: true }],
  "search.find": () => [{ kind: "customer", id: "1", title: "Cedar Logic", detail: "zp-10482", customer_id: "1" }, { kind: "refund", id: "x", title: "R-2026-0112", detail: "Cedar Logic", customer_id: "1" }],
};
