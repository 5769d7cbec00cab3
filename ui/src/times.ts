// Instants are UTC on the wire and Shanghai on the screen, whatever zone this computer is in.

export const zone = "Asia/Shanghai";
export type Language = "en" | "zh-CN";

const made = new Map<string, Intl.DateTimeFormat>();
function formatter(language: Language, name: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${name}`;
  let found = made.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(language === "en" ? "en-GB" : "zh-CN", { hourCycle: "h23", ...options });
    made.set(key, found);
  }
  return found;
}

/** A calendar day as the browser sees it, at noon UTC so that no zone can move it. */
const noon = (day: string): Date => new Date(`${day.slice(0, 10)}T12:00:00Z`);

/** The Shanghai day of an instant, as YYYY-MM-DD. */
export function dayOf(instant: string | Date): string {
  const at = typeof instant === "string" ? new Date(instant) : instant;
  return new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
}

export function addDays(day: string, count: number): string {
  return new Date(noon(day).getTime() + count * 86_400_000).toISOString().slice(0, 10);
}

export const daysBetween = (from: string, to: string): number =>
  Math.round((noon(to).getTime() - noon(from).getTime()) / 86_400_000);

/** Monday is 0. */
export const weekdayOf = (day: string): number => (noon(day).getUTCDay() + 6) % 7;

export interface Formats {
  /** 24 Feb · 2月24日; with the year where it is not this one. */
  day(day: string): string;
  /** Tue 24 Feb · 2月24日 周二 */
  dayWithWeekday(day: string): string;
  /** Friday 13 February 2026 · 2026年2月13日 星期五 */
  dayInFull(day: string): string;
  /** Friday 13 February · 2月13日 星期五 */
  title(day: string): string;
  /** 12 Jan · 1月12, for a square of a calendar. */
  monthAndDay(day: string): string;
  /** 17:22 */
  time(instant: string): string;
  /** 31 Jan 17:22 · 1月31日 17:22 */
  instant(instant: string): string;
  /** 2026-01-31 17:22:08, the same in both languages */
  exact(instant: string): string;
  weekdays(): string[];
  /** 11 days · 4 h · 20 min, of a span in milliseconds, rounded down. */
  span(milliseconds: number): string;
  /** 1,284,906 */
  count(value: number | string): string;
  /** +1.8 % */
  percent(ratio: number): string;
}

export function formats(language: Language, today: string): Formats {
  const thisYear = today.slice(0, 4);
  const asDay = (name: string, options: Intl.DateTimeFormatOptions, day: string) =>
    formatter(language, name, { timeZone: "UTC", ...options }).format(noon(day)).replace(",", "");
  const self: Formats = {
    day: (day) =>
      day.slice(0, 4) === thisYear
        ? asDay("day", { day: "numeric", month: "short" }, day)
        : asDay("day-year", { day: "numeric", month: "short", year: "numeric" }, day),
    dayWithWeekday: (day) =>
      language === "en"
        ? `${asDay("weekday", { weekday: "short" }, day)} ${self.day(day)}`
        : `${self.day(day)} ${asDay("weekday", { weekday: "short" }, day)}`,
    dayInFull: (day) =>
      language === "en"
        ? asDay("full", { weekday: "long", day: "numeric", month: "long", year: "numeric" }, day)
        : `${asDay("full-date", { day: "numeric", month: "long", year: "numeric" }, day)} ${asDay("full-weekday", { weekday: "long" }, day)}`,
    title: (day) =>
      language === "en"
        ? asDay("title", { weekday: "long", day: "numeric", month: "long" }, day)
        : `${asDay("title-date", { day: "numeric", month: "long" }, day)} ${asDay("full-weekday", { weekday: "long" }, day)}`,
    monthAndDay: (day) => (language === "en" ? asDay("day", { day: "numeric", month: "short" }, day) : `${Number(day.slice(5, 7))}月${Number(day.slice(8))}`),
    time: (instant) => formatter(language, "time", { timeZone: zone, hour: "2-digit", minute: "2-digit" }).format(new Date(instant)),
    // Another year would make the short form longer than the exact one.
    instant: (instant) => (dayOf(instant).startsWith(thisYear) ? `${self.day(dayOf(instant))} ${self.time(instant)}` : self.exact(instant).slice(0, 16)),
    exact: (instant) => new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " "),
    weekdays: () =>
      [0, 1, 2, 3, 4, 5, 6].map((offset) =>
        asDay("narrow", { weekday: language === "en" ? "short" : "narrow" }, addDays("2026-01-05", offset)),
      ),
    span(milliseconds) {
      const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
      const days = Math.floor(minutes / 1440);
      const hours = Math.floor(minutes / 60);
      if (language === "en") {
        if (days >= 1) return `${days} ${days === 1 ? "day" : "days"}`;
        return hours >= 1 ? `${hours} h` : `${minutes} min`;
      }
      if (days >= 1) return `${days} 天`;
      return hours >= 1 ? `${hours} 小时` : `${minutes} 分钟`;
    },
    count: (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ","),
    percent: (ratio) => {
      const value = Math.round(ratio * 1000) / 10;
      const text = `${Math.abs(value).toFixed(1)} %`;
      return value < 0 ? `−${text}` : `+${text}`;
    },
  };
  return self;
}
