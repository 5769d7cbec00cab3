// Made-up papers, titles, policies, people and calendars, in every state that the screens tell apart.
type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

const day = (d: string) => `2026-02-${d}Z`;
const names = ["Cedar Logic", "云杉数据", "张*", "Linden Apps", "Fernway", "霜叶网络", "欧阳**", "Harbour Lab"];
const titles = ["雪松逻辑（上海）科技有限公司", "杭州云杉数据技术有限公司", "张*", "Linden Apps (Shenzhen) Co., Ltd.", "Fernway Studio", "成都霜叶网络科技有限公司", "欧阳**", "海港实验室（青岛）有限公司"];
const totals = ["12480.66", "261.83", "98.17", "4102.00", "265.00", "820.00", "40.40", "107000.53"];
const excl = ["11774.21", "247.01", "92.61", "3869.81", "250.00", "773.58", "38.11", "100943.90"];
const tax = ["706.45", "14.82", "5.56", "232.19", "15.00", "46.42", "2.29", "6056.63"];

const list = Array.from({ length: 34 }, (_, n) => {
  const at = n % 8;
  const red = n % 11 === 5;
  const status = red ? "issued" : n % 8 === 3 ? "partly_red" : n % 8 === 6 ? "red" : "issued";
  return {
    id: `01-${n}`, number: `${red ? "RED" : "STM"}-2026-000${190 - n}`, kind: red ? "red_letter" : n % 5 === 4 ? "invoice_request" : "statement", series: red ? "RED" : "STM", status,
    customer_id: String(at + 1), customer_ref: `zp-${10482 + at * 731}`, customer_name: names[at], buyer_name: titles[at], currency: "CNY",
    total_excl: red ? `-${excl[at]}` : excl[at], total_tax: red ? `-${tax[at]}` : tax[at], total_incl: red ? `-${totals[at]}` : totals[at], red_lettered: status === "partly_red" ? "1000.00" : status === "red" ? totals[at] : "0.00",
    period_from: "2026-01-01", period_to: "2026-01-31", issued_at: new Date(Date.parse(day("13T01:20:00")) - n * 17_000_000).toISOString(), issued_by: "taxclerk", approved_by: red ? "approver" : null,
    refers_to: red ? "01-9" : null, refers_to_number: red ? "STM-2026-000181" : null, reason_code: red ? "04" : null,
    official_number: n % 3 === 1 ? `2631200000${String(1741590436 - n)}` : null, official_on: n % 3 === 1 ? "2026-02-12" : null, pdf_stored: n !== 2, sheets_printed: n % 4, red_letter_proposed: n === 7 ? "r-1" : null, rehearsal: true,
  };
});

const product = (code: string, title_en: string, title_zh: string, amount_incl: string, amount_excl: string, vat: string, red_lettered = "0.00") => ({ product: code, title_en, title_zh, amount_incl, amount_excl, tax: vat, rate: "0.06", red_lettered });

function open(id: unknown) {
  const row = list.find((one) => one.id === id) ?? list[0]!;
  return {
    ...row,
    content: {
      seller: { name: "北京蓝灯演练科技有限公司", tax_id: "91110108MA0TE4T01D" },
      buyer: { kind: /\*/.test(row.buyer_name!) ? "personal" : "enterprise", name: row.buyer_name!, credit_code: /\*/.test(row.buyer_name!) ? null : "91310115MA1K4BCD3X" },
      note: row.id === "01-0" ? "Account zp-10482, January" : null, gift_used: "310.00", agreement_version: "2025-09-01", approvals: [],
    },
    content_sha256: "9c41a7d20e0755aa".padEnd(64, "5"),
    lines: [product("chat", "Conversation API", "对话接口调用", "9480.66", "8944.02", "536.64", row.red_lettered === "0.00" ? "0.00" : "1000.00"), product("image", "Image generation", "图像生成服务", "3000.00", "2830.19", "169.81")],
    red_letters: row.status === "issued" ? [] : [{ id: "01-5", number: "RED-2026-000007", total_incl: "-1000.00", issued_at: day("12T06:30:00"), reason_code: "04" }],
    prints: row.sheets_printed ? [{ copy_from: 1, copies: 1, printer: "HP-LaserJet-4F", reason: null, printed_at: day("13T01:25:00"), printed_by: "taxclerk" }, ...(row.sheets_printed > 1 ? [{ copy_from: 2, copies: row.sheets_printed - 1, printer: "HP-LaserJet-4F", reason: "customer_asked", printed_at: day("13T02:05:00"), printed_by: "agent" }] : [])] : [],
  };
}

const meter = (code: string, title_en: string, title_zh: string, consumed: string, back: string, invoiced: string, red: string, net: string, invoiceable: string, due: string, gift: string) => ({ product: code, title_en, title_zh, rate: "0.06", consumed_principal: consumed, credited_back: back, invoiced, red_lettered: red, net, invoiceable, red_letter_due: due, gift_used: gift });
const meters = [
  meter("chat", "Conversation API", "对话接口调用", "18480.664417", "120.000000", "8880.00", "0.00", "9480.664417", "9480.66", "0.00", "310.000000"),
  meter("image", "Image generation", "图像生成服务", "4310.000000", "0.000000", "1500.00", "190.00", "3000.000000", "3000.00", "0.00", "0.000000"),
  meter("voice", "Speech synthesis", "语音合成服务", "120.000000", "20.004000", "120.00", "0.00", "-20.004000", "0.00", "20.01", "12.500000"),
];
const buyer = (id: string, kind: string, name: string, credit_code: string | null) => ({ id, version: 1, customer_id: "1", kind, name, credit_code, code_reason: null, address: "上海市浦东新区示例路 88 号", phone: "138****8000", bank: "示例银行上海分行", account: "6222****0017", email: "f***@example.com", saved_at: day("10T02:00:00"), saved_by: "agent" });

function preview(args: Record<string, unknown>) {
  const lines = args.lines as { product: string; amount: string }[];
  const over = lines.find((line) => Number(line.amount) > Number(meters.find((one) => one.product === line.product)?.invoiceable ?? 0));
  if (over) throw { kind: "rule", name: "invoice_exceeds_consumption", detail: { clause: "RA 8.1", product: over.product, asked: over.amount, invoiceable: meters.find((one) => one.product === over.product)?.invoiceable } };
  const found = open("01-0");
  return { kind: args.kind, buyer_name: titles[0], period_from: "2026-01-01", period_to: "2026-02-12", lines: found.lines.filter((line) => lines.some((one) => one.product === line.product)).map(({ title_en, title_zh, ...line }) => ({ ...line, description_en: title_en, description_zh: title_zh })), gift_used: "310.00", total_excl: "11774.21", total_tax: "706.45", total_incl: "12480.66", note: null, agreement_version: "2025-09-01" };
}

const red = (id: string, n: number, status: string) => ({ id, invoice_id: `01-${n}`, invoice_number: list[n]!.number, customer_id: list[n]!.customer_id, customer_ref: list[n]!.customer_ref, customer_name: list[n]!.customer_name, reason_code: n % 2 ? "04" : "01", note: "Credit-back of 11 February", lines: [{ product: "chat", amount: "1000.00" }], total_incl: "1000.00", status, proposed_by: "taxclerk", proposed_at: day("12T05:00:00"), decided_by: status === "proposed" ? null : "approver", decided_at: status === "proposed" ? null : day("12T06:30:00"), issued_as: status === "confirmed" ? "01-5" : null, issued_number: status === "confirmed" ? "RED-2026-000007" : null });
const reds = [red("r-1", 7, "proposed"), red("r-2", 3, "confirmed"), red("r-3", 4, "declined")];

const policy = (id: number, name: string, channel: string | null, value: unknown, by: string | null = null, confirmed = true, valid_from = "2019-12-31T16:00:00Z") => ({ id, name, channel, value, valid_from, reason: by ? "Small recharges cost more than they bring; decided in the finance meeting." : "default", proposed_by: by, proposed_at: valid_from, confirmed_by: by && confirmed ? "approver" : null, confirmed_at: confirmed ? valid_from : null });
const policies = [
  policy(1, "consume_order", null, "gift_first"), policy(10, "evidence_days", null, 30), policy(13, "recharge_minimum", null, "10.00", "administrator", false, "2026-02-28T16:00:00Z"), policy(12, "recharge_minimum", null, "1.00", "administrator", true, "2026-01-04T16:00:00Z"), policy(3, "recharge_minimum", null, "0.01"),
  policy(5, "refund_fee", "alipay", { rate: "0.006", minimum: "0.00" }), policy(6, "refund_fee", "wechat", { rate: "0", minimum: "0.00" }), policy(2, "refund_once_scope", null, "lot"), policy(7, "refund_window_days", "alipay", 365), policy(8, "refund_window_days", "wechat", 365), policy(4, "review_joined_with_approval_up_to", null, "0.00"), policy(9, "second_approval_above", null, "50000.00"), policy(11, "shortfall_days", null, 30),
];
const duty = (id: number, name: string, from_at: string, until_at: string | null = null, confirmed = true) => ({ id, duty: name, from_at, until_at, confirmed });
const people = ["accountant", "administrator", "agent", "agent2", "approver", "auditor", "handler", "reviewer", "supervisor", "taxclerk", "treasurer"].map((login, id) => ({
  id, login, title: login[0]!.toUpperCase() + login.slice(1), active_until: null,
  duties: [duty(id, login === "taxclerk" ? "tax_clerk" : login === "agent2" ? "agent" : login, "2020-01-01T00:00:00+00:00"), ...(login === "reviewer" ? [duty(40, "approver", "infinity", null, false), duty(41, "handler", "2025-01-01T00:00:00+00:00", "2025-06-01T00:00:00+00:00")] : [])],
}));
const listed = (on: string, rest: boolean, en: string, zh: string) => ({ on, rest, name: { en, zh } });
const calendar = (id: number, year: number, kind: string, in_force: boolean, confirmed: boolean) => ({
  id, version: `cn-${year}.${id}`, year, kind, notice_no: kind === "official" ? "国办发明电〔2025〕7号" : null, notice_title: kind === "official" ? `国务院办公厅关于${year}年部分节假日安排的通知` : `Statutory days ${year}`, notice_source: "https://www.gov.cn/zhengce/", announced_on: kind === "official" ? "2025-11-04" : null, in_force,
  imported_by: id > 2 ? "administrator" : null, imported_at: day("01T02:00:00"), confirmed_by: confirmed && id > 2 ? "approver" : null, confirmed_at: confirmed ? day("01T03:00:00") : null,
  days: [listed(`${year}-01-01`, true, "New Year's Day", "元旦"), listed(`${year}-01-02`, true, "New Year's Day", "元旦"), listed(`${year}-01-04`, false, "New Year's Day", "元旦"), ...[15, 16, 17, 18, 19, 20, 21, 22, 23].map((d) => listed(`${year}-02-${d}`, true, "Spring Festival", "春节")), listed(`${year}-02-14`, false, "Spring Festival", "春节"), listed(`${year}-02-28`, false, "Spring Festival", "春节"), listed(`${year}-10-01`, true, "National Day", "国庆节")],
});
const seller = (id: number, confirmed: boolean) => ({ id, name: id === 1 ? "北京蓝灯演练科技有限公司" : "北京蓝灯演练科技有限公司（新址）", address: "北京市海淀区示例路 1 号", tax_id: "91110108MA0TE4T01D", phone: "010-00000000", bank: "示例银行北京海淀支行", account: "0200 0000 0000 0000 001", valid_from: day("01T00:00:00"), proposal_id: `s-${id}`, proposed_by: "administrator", proposed_at: day("01T02:00:00"), confirmed_by: confirmed ? "approver" : null, confirmed_at: confirmed ? day("01T03:00:00") : null });

export const answers: Answers = {
  "invoices.list": (args) => list.filter((one) => (!args.status || one.status === args.status) && (!args.kind || one.kind === args.kind) && (!args.search || one.number.startsWith(String(args.search)))),
  "invoices.list_invoiceable": (args) => (args.search ? [] : names.map((name, at) => ({ customer_id: String(at + 1), ref: `zp-${10482 + at * 731}`, name, kind: /\*/.test(name) ? "personal" : "enterprise", invoiceable: ["107000.53", "12480.66", "4102.00", "820.00", "265.00", "98.17", "40.40", "0.00"][at], red_letter_due: at === 7 ? "20.01" : "0.00", products: (at % 3) + 1, buyers: at % 4 === 2 ? 0 : (at % 3) + 1 }))),
  "invoices.list_red_letters": (args) => reds.filter((one) => one.status === args.status),
  "invoices.open": (args) => open(args.invoice_id),
  "invoices.meter": (args) => (args.customer_id === "4" ? [] : meters),
  "invoices.preview": preview,
  "invoices.issue": () => list[0],
  "buyers.list": (args) => (args.customer_id === "3" ? [] : [buyer("b1", "enterprise", titles[0]!, "91310115MA1K4BCD3X"), buyer("b2", "enterprise", "雪松逻辑（苏州）智能科技有限公司", "91320594MA1N7QWE2P"), buyer("b3", "personal", "王*", null)]),
  "buyers.check_code": (args) => {
    const code = String(args.code).toUpperCase();
    return code.endsWith("X") ? { valid: true, reason: null, check_char: "X" } : { valid: false, reason: /[IOSVZ]/.test(code) ? "CHARSET" : "CHECK_DIGIT", check_char: /[IOSVZ]/.test(code) ? null : "X" };
  },
  "policies.list": () => policies,
  "people.list": () => people,
  "calendar.list": () => [calendar(4, 2027, "statutory", true, true), calendar(3, 2026, "official", false, false), calendar(2, 2026, "official", true, true), calendar(1, 2025, "official", true, true)],
  "catalogue.open": () => ({
    agreements: [{ version: "2025-09-01", effective_at: "2025-08-31T16:00:00Z" }, { version: "2024-06-01", effective_at: "2024-05-31T16:00:00Z" }],
    activities: [{ code: "spring-2026", title: "春节充值赠送" }, { code: "welcome", title: "新客赠送" }],
    products: [{ code: "chat", title_en: "Conversation API", title_zh: "对话接口调用", vat_rate: "0.06" }, { code: "image", title_en: "Image generation", title_zh: "图像生成服务", vat_rate: "0.06" }, { code: "voice", title_en: "Speech synthesis", title_zh: "语音合成服务", vat_rate: "0.06" }],
  }),
  "invoices.list_sellers": () => [seller(2, false), seller(1, true)],
};

/** A page with a few words on it, small enough to be written by hand. */
export function invoicePdf(): number[] {
  const words = "BT /F1 20 Tf 60 760 Td (Statement STM-2026-000190) Tj 0 -30 Td /F1 11 Tf (A made-up page, so that the window has one to show.) Tj 0 -400 Td (Page 1 of 1) Tj ET";
  const objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>", `<< /Length ${words.length} >>\nstream\n${words}\nendstream`, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"];
  let text = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = text.length;
    text += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return String(place).padStart(10, "0");
  });
  const start = text.length;
  text += `xref\n0 6\n0000000000 65535 f \n${places.map((place) => `${place} 00000 n \n`).join("")}trailer << /Size 6 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`;
  return Array.from(text, (character) => character.charCodeAt(0));
}
