import { expect, test } from "vitest";
import { deadlines as english } from "../locales/en/deadlines";
import { deadlines as chinese } from "../locales/zh-CN/deadlines";
import { calendarFile } from "./feed";

const entry = { uid: "deadline-7@books", number: "D-2026-0007", clock: "evidence" as const, due_on: "2026-02-28", started_at: "2026-01-29T04:00:00Z", provisional: false, revision: 2, changed_at: "2026-02-01T01:02:03.456Z" };
const valuesOf = (file: string) => Object.fromEntries(file.replaceAll("\r\n ", "").split("\r\n").filter(Boolean).map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)]));

test("a_clock_is_a_whole_day_with_an_id_that_stays", () => {
  const file = calendarFile([entry], english);
  expect(valuesOf(file)).toMatchObject({ UID: "deadline-7@books", SEQUENCE: "2", "DTSTART;VALUE=DATE": "20260228", "DTEND;VALUE=DATE": "20260301", DTSTAMP: "20260201T010203Z", STATUS: "CONFIRMED" });
  expect(file.startsWith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")).toBe(true);
  expect(file.endsWith("END:VCALENDAR\r\n")).toBe(true);
});

test("no_line_is_longer_than_75_bytes_and_no_sign_is_cut", () => {
  const file = calendarFile([{ ...entry, number: "争议，第七号；".repeat(20), provisional: true }], chinese);
  for (const line of file.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  expect(file).not.toContain("\uFFFD");
  expect(valuesOf(file)["SUMMARY"]).toContain("争议，第七号；".repeat(20));
  expect(valuesOf(file)).toMatchObject({ STATUS: "TENTATIVE" });
});

test("signs_that_part_a_calendar_are_escaped", () => {
  expect(calendarFile([{ ...entry, number: "a,b;c\\d\ne" }], english)).toContain("SUMMARY:a\\,b\\;c\\\\d\\ne");
});

test("without_clocks_it_is_an_empty_calendar", () => {
  expect(calendarFile([], english).split("\r\n").filter((line) => line.startsWith("BEGIN"))).toEqual(["BEGIN:VCALENDAR"]);
});
