// Exact decimals as text. The database adds money; the window only reads, aligns and, for the
// sum of selected rows, counts millionths in whole numbers so that nothing is rounded on the way.

export type AmountProblem = "empty" | "not_an_amount" | "too_many_decimals" | "not_positive" | "too_large";
export type ParsedAmount = { value: string; problem: null } | { value: null; problem: AmountProblem };

/** Reads what people type or paste: full-width digits, ¥ and 元, grouping commas of either width. */
export function parseAmount(text: string, decimals = 2): ParsedAmount {
  const plain = text
    .normalize("NFKC")
    .replace(/[\s'’_]/g, "")
    .replace(/^(?:CNY|RMB|人民币|¥)+/i, "")
    .replace(/(?:元整|元|圆|CNY|RMB)$/i, "")
    .replace(/[。]/g, ".")
    .replace(/[、]/g, ",");
  if (plain === "") return { value: null, problem: "empty" };
  const match = /^([−-])?(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d*))?$/.exec(plain);
  if (!match) return { value: null, problem: "not_an_amount" };
  const whole = (match[2] ?? "").replace(/,/g, "").replace(/^0+(?=\d)/, "");
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  if (fraction.length > decimals) return { value: null, problem: "too_many_decimals" };
  if (match[1] || (whole === "0" && fraction === "")) return { value: null, problem: "not_positive" };
  if (whole.length > 12) return { value: null, problem: "too_large" };
  return { value: `${whole}.${fraction.padEnd(decimals, "0")}`, problem: null };
}

const scale = 6;

/** Whole millionths of a decimal text. */
export function toMillionths(amount: string): bigint {
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = amount.replace(/^[+-]/, "").split(".");
  const value = BigInt(whole || "0") * 10n ** BigInt(scale) + BigInt(fraction.padEnd(scale, "0").slice(0, scale) || "0");
  return negative ? -value : value;
}

export function fromMillionths(value: bigint): string {
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, -scale);
  const fraction = digits.slice(-scale).replace(/0{1,4}$/, "");
  return `${negative ? "-" : ""}${whole}.${fraction}`;
}

/** The exact sum of a selection. */
export const sumOf = (amounts: string[]): string =>
  fromMillionths(amounts.reduce((total, amount) => total + toMillionths(amount), 0n));

export const isZero = (amount: string): boolean => toMillionths(amount) === 0n;
export const isNegative = (amount: string): boolean => toMillionths(amount) < 0n;

export interface MoneyText {
  minus: boolean;
  whole: string;
  /** Without the point; two figures, or up to six where there are more than fen. */
  fraction: string;
}

/** Splits an amount for printing: grouped thousands, two decimals at least, no lonely zeros after them. */
export function moneyText(amount: string): MoneyText {
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = amount.replace(/^[+-]/, "").split(".");
  const trimmed = fraction.slice(0, 6).replace(/0+$/, "").padEnd(2, "0");
  const zero = !/[1-9]/.test(whole + trimmed);
  return {
    minus: negative && !zero,
    whole: (whole.replace(/^0+(?=\d)/, "") || "0").replace(/\B(?=(\d{3})+(?!\d))/g, ","),
    fraction: trimmed,
  };
}

/** One line of text, with a real minus. */
export function plainMoney(amount: string, sign = ""): string {
  const text = moneyText(amount);
  return `${text.minus ? "−" : ""}${sign}${text.whole}.${text.fraction}`;
}

/** Every decimal that was computed, where that is what is looked at: grouped, with a real minus. */
export function allDecimals(amount: string): string {
  const [whole = "0", fraction] = amount.split(".");
  const grouped = whole.replace("-", "−").replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** What a spreadsheet takes for a number: no grouping, hyphen as minus. */
export function spreadsheetNumber(amount: string): string {
  const text = moneyText(amount);
  return `${text.minus ? "-" : ""}${text.whole.replace(/,/g, "")}.${text.fraction}`;
}

export const signOf = (commodity: string): string => (commodity.startsWith("USD") ? "$" : "¥");

/** "0.06" → "6 %", by moving the point: no rounding on the way. */
export function rateText(rate: string): string {
  const [whole = "0", fraction = ""] = rate.split(".");
  const digits = fraction.padEnd(2, "0");
  const left = `${whole}${digits.slice(0, 2)}`.replace(/^0+(?=\d)/, "");
  const right = digits.slice(2).replace(/0+$/, "");
  return `${left}${right && `.${right}`} %`;
}
