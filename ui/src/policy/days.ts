// A year's list of rest days as people have it: lines from a notice, a table, or JSON.

export interface ListedDay {
  date: string;
  off: boolean;
  name: string;
}

export interface ReadDays {
  days: ListedDay[];
  rest: number;
  makeUp: number;
  /** The first line that could not be read. */
  problem: { line: number; text: string } | null;
}

const offWords = /^(?:off|rest|holiday|true|休|休息|放假|假)$/i;
const workWords = /^(?:works?|working|make-?up|workday|false|班|上班|补班|调休)$/i;

const summed = (days: ListedDay[], problem: ReadDays["problem"]): ReadDays => {
  const rest = days.filter((day) => day.off).length;
  return { days, rest, makeUp: days.length - rest, problem };
};

function dateOf(text: string): string | null {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  if (!match) return null;
  const day = `${match[1]}-${match[2]!.padStart(2, "0")}-${match[3]!.padStart(2, "0")}`;
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? null : day;
}

function dayOfLine(text: string): ListedDay | null {
  const [first = "", second = "", ...rest] = text.split(/[\s,，;；\t]+/).filter(Boolean);
  const date = dateOf(first);
  if (!date) return null;
  const off = offWords.test(second) ? true : workWords.test(second) ? false : null;
  return off === null ? null : { date, off, name: rest.join(" ").replace(/^"|"$/g, "") };
}

function daysOfJson(found: unknown, year: string): unknown[] | null {
  if (!Array.isArray(found)) {
    const days = found && typeof found === "object" && "days" in found ? (found as { days: unknown }).days : null;
    return Array.isArray(days) ? days : null;
  }
  // A file may hold several years, each with its days.
  if (found.some((one) => one && typeof one === "object" && "days" in one)) {
    const wanted = found.find((one) => String((one as { year?: unknown }).year) === year) as { days?: unknown } | undefined;
    return Array.isArray(wanted?.days) ? wanted.days : null;
  }
  return found;
}

function readJson(text: string, year: string): ReadDays {
  let days: unknown[] | null = null;
  try {
    days = daysOfJson(JSON.parse(text), year);
  } catch {
    days = null;
  }
  if (!days) return summed([], { line: 1, text: text.slice(0, 40) });
  const read: ListedDay[] = [];
  for (const [at, one] of days.entries()) {
    const day = one as { date?: unknown; off?: unknown; name?: unknown };
    const date = typeof day?.date === "string" ? dateOf(day.date) : null;
    if (!date || typeof day.off !== "boolean") return summed(read, { line: at + 1, text: JSON.stringify(one).slice(0, 60) });
    read.push({ date, off: day.off, name: typeof day.name === "string" ? day.name : "" });
  }
  return summed(read, null);
}

/** Reads what was pasted; the database judges whether it is a whole year's list. */
export function readDays(text: string, year: string): ReadDays {
  const plain = text.normalize("NFKC").trim();
  if (plain.startsWith("[") || plain.startsWith("{")) return readJson(plain, year);
  const read: ListedDay[] = [];
  for (const [at, line] of plain.split(/\r?\n/).entries()) {
    const stripped = line.trim();
    if (stripped === "" || stripped.startsWith("#")) continue;
    const day = dayOfLine(stripped);
    // A table's head is no day.
    if (!day && at === 0 && /date|日期/i.test(stripped)) continue;
    if (!day) return summed(read, { line: at + 1, text: stripped.slice(0, 60) });
    read.push(day);
  }
  return summed(read, null);
}
