import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { App } from "./App";
import { replaceHost } from "./call";
import * as answers from "./gallery/answers";

// The whole window on recorded answers: what a person does with it, by the keyboard where there is a key.

const asked: string[] = [];

beforeEach(() => {
  asked.length = 0;
  localStorage.clear();
  localStorage.setItem("kontor.language", "en");
  window.location.hash = "/today";
  replaceHost({
    ask: async (command, body) => {
      asked.push(command === "call" ? String(body.name) : command);
      if (command === "call") return answers.command(String(body.name), body.arguments as Record<string, unknown>);
      return answers.host(command);
    },
  });
});

const press = (key: string, more: object = {}) => act(() => void fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more }));
const ready = (name: string) => waitFor(() => expect(screen.getByTestId(`screen-${name}`).dataset.ready).toBe("true"), { timeout: 8000 });

test("today_is_one_round_trip_behind_the_session", async () => {
  render(<App />);
  await ready("today");
  expect(asked.filter((name) => name !== "signed_in")).toEqual(["session.open", "today.open"]);
  expect((await screen.findAllByText(/Northwind Traders/)).length).toBeGreaterThan(0);
  expect(within(screen.getByTestId("tie-out")).getByText("2 items · 185.00")).toBeTruthy();
});

test("the_language_changes_while_the_window_is_open", async () => {
  render(<App />);
  await ready("today");
  fireEvent.click(screen.getByTestId("language-zh"));
  expect(screen.getByText("等待您处理")).toBeTruthy();
  expect(document.documentElement.lang).toBe("zh-CN");
});

test("g_then_a_letter_jumps_and_esc_comes_back", async () => {
  render(<App />);
  await ready("today");
  press("g");
  press("l");
  await ready("ledger");
  press("Escape");
  await waitFor(() => expect(window.location.hash).toBe("#/today"));
});

test("the_ledger_keeps_the_lines_of_a_journal_together", async () => {
  window.location.hash = "/ledger";
  render(<App />);
  await ready("ledger");
  const rows = await screen.findAllByTestId("ledger-row", {}, { timeout: 6000 });
  const starts = rows.map((row) => row.hasAttribute("data-starts"));
  // The newest journals are a credit-back and usage, of two lines each.
  expect(starts.slice(0, 4)).toEqual([true, false, true, false]);
  press("j");
  await screen.findByTestId("journal");
  expect(asked).toContain("ledger.journal");
});

test("a_masked_field_is_shown_only_with_a_reason", async () => {
  window.location.hash = "/customers/5";
  render(<App />);
  await ready("customer");
  fireEvent.click(screen.getByTestId("reveal-phone"));
  const submit = await screen.findByTestId("reveal-submit");
  fireEvent.click(submit);
  expect(asked).not.toContain("customers.reveal");
  fireEvent.change(screen.getByTestId("reveal-reason"), { target: { value: "Call back about T-77144" } });
  fireEvent.click(submit);
  await screen.findByText("13812340028");
  expect(asked.filter((name) => name === "customers.reveal")).toHaveLength(1);
});

test("search_finds_and_opens_by_the_keyboard", async () => {
  render(<App />);
  await ready("today");
  press("k", { ctrlKey: true });
  const field = await screen.findByTestId("search-field");
  fireEvent.change(field, { target: { value: "nor" } });
  await screen.findByText("zp-11213");
  fireEvent.keyDown(field, { key: "Enter" });
  await waitFor(() => expect(window.location.hash).toBe("#/customers/2"));
});
