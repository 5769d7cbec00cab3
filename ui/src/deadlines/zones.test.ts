// What the window shows of the last days of a clock is Shanghai's, whatever the desktop's own zone.
import { afterEach, describe, expect, test } from "vitest";
import { beijing, instantOf } from "../parts/InstantField";
import { dayOf, formats } from "../times";

const own = process.env["TZ"];
afterEach(() => {
  if (own === undefined) delete process.env["TZ"];
  else process.env["TZ"] = own;
});

describe.each([
  ["America/Los_Angeles", 420],
  ["Asia/Shanghai", -480],
  ["UTC", 0],
])("%s", (zone, minutes) => {
  test("day_29_30_and_31_are_those_of_shanghai", () => {
    process.env["TZ"] = zone;
    expect(new Date("2026-07-31T12:00:00Z").getTimezoneOffset()).toBe(minutes);
    const said = formats("en", "2026-07-31");
    expect(dayOf("2026-07-30T04:00:00Z")).toBe("2026-07-30");
    expect(dayOf("2026-07-31T15:59:59Z")).toBe("2026-07-31");
    expect(dayOf("2026-07-31T16:00:00Z")).toBe("2026-08-01");
    expect(said.exact("2026-07-31T15:59:59Z")).toBe("2026-07-31 23:59:59");
    expect(said.time("2026-07-31T16:00:00Z")).toBe("00:00");
    expect(said.dayWithWeekday("2026-07-31")).toBe("Fri 31 Jul");
    expect(beijing(new Date("2026-07-31T15:59:59Z"))).toBe("2026-07-31 23:59");
    expect(instantOf("2026-07-31 23:59")).toBe("2026-07-31T15:59:00.000Z");
  });
});
