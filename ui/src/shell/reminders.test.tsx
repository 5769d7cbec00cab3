import { act } from "@testing-library/react";
import { createElement } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { showScreen } from "../gallery/show";
import { useReminders } from "./reminders";

const due = { kind: "dispute", id: "1", number: "D-2026-0003", clock: "evidence", due_on: "2026-02-24", days_left: 1 };
const Listener = () => {
  useReminders();
  return null;
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen(login: string, language: "en" | "zh-CN" = "en") {
  let asked = 0;
  return showScreen(() => createElement(Listener), "/today", { login, language, changed: { "deadlines.remind": () => ({ badge: 2, due: asked++ === 0 ? [due] : [] }) } });
}
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

test("a_clock_that_is_near_is_said_by_the_desktop_and_counted_on_the_icon", async () => {
  const { hosted } = listen("handler");
  await pass(16_000);
  const said = hosted.filter((one) => one.command !== "call");
  expect(said).toEqual([
    { command: "set_badge", body: { count: 2 } },
    { command: "say_aloud", body: { title: "D-2026-0003 ends tomorrow", body: "Evidence window ends · Tue 24 Feb 24:00 Shanghai" } },
  ]);
  await pass(120_000);
  expect(hosted.filter((one) => one.command === "say_aloud")).toHaveLength(1);
});

test("whoever_owns_no_cases_is_not_asked", async () => {
  const { sent } = listen("accountant");
  await pass(200_000);
  expect(sent.map((one) => one.name)).not.toContain("deadlines.remind");
});

test("it_is_said_in_the_persons_language", async () => {
  const { hosted } = listen("handler", "zh-CN");
  await pass(16_000);
  expect(hosted.find((one) => one.command === "say_aloud")?.body).toMatchObject({ title: "D-2026-0003 明日届满" });
});
