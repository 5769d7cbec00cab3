import { describe, expect, test } from "vitest";
import { addDays, dayOf, daysBetween, formats, weekdayOf } from "./times";

describe("Shanghai days", () => {
  test("an evening in UTC is the next day in Shanghai", () => {
    expect(dayOf("2026-02-24T15:59:59Z")).toBe("2026-02-24");
    expect(dayOf("2026-02-24T16:00:00Z")).toBe("2026-02-25");
  });
  test("counting days crosses months and leap days", () => {
    expect(addDays("2026-01-16", 30)).toBe("2026-02-15");
    expect(daysBetween("2024-02-28", "2024-03-01")).toBe(2);
    expect(weekdayOf("2026-02-16")).toBe(0);
  });
});

describe("formats", () => {
  const english = formats("en", "2026-02-13");
  const chinese = formats("zh-CN", "2026-02-13");
  test("an instant is shown in Shanghai, whatever zone this computer is in", () => {
    expect(english.instant("2026-01-31T09:22:08Z")).toBe("31 Jan 17:22");
    expect(chinese.instant("2026-01-31T09:22:08Z")).toBe("1月31日 17:22");
    expect(english.exact("2026-01-31T16:00:00Z")).toBe("2026-02-01 00:00:00");
  });
  test("the year is written where it is not this one", () => {
    expect(english.day("2025-11-22")).toBe("22 Nov 2025");
    expect(chinese.day("2025-11-22")).toBe("2025年11月22日");
  });
  test("weekdays", () => {
    expect(english.dayWithWeekday("2026-02-24")).toBe("Tue 24 Feb");
    expect(chinese.dayWithWeekday("2026-02-24")).toBe("2月24日 周二");
    expect(english.weekdays()[0]).toBe("Mon");
    expect(chinese.weekdays()).toEqual(["一", "二", "三", "四", "五", "六", "日"]);
  });
});
