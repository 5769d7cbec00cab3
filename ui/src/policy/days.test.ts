import { expect, test } from "vitest";
import { readDays } from "./days";
import { rateText } from "../amounts";
import { dayCount, dutyState, fromPercent, grouped, plainAmount, type Policy } from "./values";

test("lines_of_a_notice_are_read_in_both_languages", () => {
  const read = readDays("date,kind,name\n2027-01-01 off New Year's Day\n2027年2月13日 班 春节\n2027/10/1,休,国庆节\n\n# a remark", "2027");
  expect(read.problem).toBeNull();
  expect(read.days).toEqual([
    { date: "2027-01-01", off: true, name: "New Year's Day" },
    { date: "2027-02-13", off: false, name: "春节" },
    { date: "2027-10-01", off: true, name: "国庆节" },
  ]);
  expect([read.rest, read.makeUp]).toEqual([2, 1]);
});

test("full_width_digits_are_digits", () => {
  expect(readDays("２０２７－０１－０１　休　元旦", "2027").days).toEqual([{ date: "2027-01-01", off: true, name: "元旦" }]);
});

test("a_line_that_is_no_day_is_named", () => {
  expect(readDays("2027-01-01 off\n2027-02-30 off", "2027").problem).toEqual({ line: 2, text: "2027-02-30 off" });
  expect(readDays("2027-01-01 perhaps", "2027").problem?.line).toBe(1);
});

test("json_of_one_year_or_of_several_is_read", () => {
  const days = [{ date: "2026-01-01", off: true, name: "元旦" }];
  expect(readDays(JSON.stringify(days), "2026").days).toEqual(days);
  expect(readDays(JSON.stringify([{ year: 2025, days: [] }, { year: 2026, days }]), "2026").days).toEqual(days);
  expect(readDays("[{", "2026").problem?.line).toBe(1);
  expect(readDays('[{"date":"2026-01-01"}]', "2026").problem?.line).toBe(1);
});

test("rates_move_their_point_and_round_nothing", () => {
  expect(["0.006", "0", "0.06", "0.0625"].map(rateText)).toEqual(["0.6 %", "0 %", "6 %", "6.25 %"]);
  expect(["0.6", "0", "6", "６.25 %", "100", "-1", "0.00001"].map((text) => fromPercent(text))).toEqual(["0.006", "0", "0.06", "0.0625", null, null, null]);
});

test("amounts_of_policies_may_be_zero", () => {
  expect(["0", "¥50,000", "0.015", "x"].map((text) => plainAmount(text))).toEqual(["0.00", "50000.00", null, null]);
  expect(["30", "0", "1000"].map((text) => dayCount(text, 999))).toEqual([30, null, null]);
});

test("the_latest_confirmed_value_holds", () => {
  const policy = (id: number, valid_from: string, confirmed_at: string | null): Policy => ({ id, name: "evidence_days", channel: null, value: id, valid_from, reason: "", proposed_by: null, proposed_at: valid_from, confirmed_by: null, confirmed_at, declined_by: null, declined_at: null, declined_why: null });
  const [group] = grouped([policy(4, "2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), policy(3, "2026-03-01T00:00:00Z", null), policy(2, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), policy(1, "2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")], new Date("2026-02-13T00:00:00Z"));
  expect(grouped([{ ...policy(5, "2026-03-01T00:00:00Z", null), declined_at: "2026-01-02T00:00:00Z" }], new Date("2026-02-13T00:00:00Z"))[0]?.waiting).toEqual([]);
  expect([group?.inForce?.id, group?.waiting.map((one) => one.id), group?.ahead.map((one) => one.id)]).toEqual([2, [3], [4]]);
});

test("a_duty_is_told_by_its_dates", () => {
  const now = new Date("2026-02-13T00:00:00Z");
  const duty = (from_at: string, until_at: string | null, confirmed = true) => dutyState({ id: 1, duty: "agent", from_at, until_at, confirmed, delegated_by: null, reason: null }, now);
  expect([duty("2026-01-01T00:00:00Z", null), duty("infinity", null, false), duty("infinity", "infinity", false), duty("2026-03-01T00:00:00Z", null), duty("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z")]).toEqual(["now", "waiting", "withdrawn", "later", "over"]);
});
