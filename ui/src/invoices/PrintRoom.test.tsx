import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded, recordingsOf } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import InvoicesScreen from "./InvoicesScreen";

const show = (address: string, login = "taxclerk", changed: Changed = {}) => showScreen(InvoicesScreen, address, { login, changed });
const pressable = (id: string) => waitFor(() => expect(screen.getByTestId(id).getAttribute("aria-disabled")).toBeNull());
const first = <K extends Parameters<typeof recordingsOf>[0]>(name: K) => recordingsOf(name)[0]!.answer;

test("a_run_begins_with_exactly_what_was_looked_at", async () => {
  const seen = recorded("invoices.preview_run", { month: "2026-01-01" })!;
  const { calls } = show("/invoices/runs/new", "taxclerk", { "invoices.start_run": () => first("invoices.start_run") });
  await screen.findByTestId("run-papers");
  expect(screen.getByTestId("run-papers").textContent).toBe(String(seen.papers));
  // Who is left out stands first, with the reason.
  const rows = await screen.findAllByTestId("run-candidate");
  expect(rows[0]!.dataset.exception).toBe(seen.rows[0]!.exception);
  await pressable("run-begin");
  fireEvent.click(screen.getByTestId("run-begin"));
  await waitFor(() => expect(calls("invoices.start_run")[0]?.arguments).toMatchObject({ digest: seen.digest, month: "2026-01-01", kind: "statement" }));
});

test("only_a_tax_clerk_begins_a_run", async () => {
  show("/invoices/runs/new", "agent");
  expect((await screen.findByTestId("run-begin")).getAttribute("aria-disabled")).toBe("true");
});

test("a_run_goes_on_where_it_stood", async () => {
  const [run] = recorded("invoices.list_runs");
  const shown = show(`/invoices/runs/${run!.id}`);
  const button = await screen.findByTestId("run-issue");
  expect(button.textContent).toContain("Go on: 1 left");
  fireEvent.click(button);
  await waitFor(() => expect(shown.hosted.find((one) => one.command === "issue_run")?.body).toMatchObject({ runId: run!.id }));
});

test("after_a_jam_the_last_good_sheet_is_asked_for_and_sent", async () => {
  const [queue] = recorded("prints.list");
  const { calls } = show(`/invoices/prints/${queue!.id}`, "taxclerk", { "prints.resume": () => recorded("prints.list")[0] });
  expect((await screen.findByTestId("queue-status")).textContent).toBe("printer stopped");
  expect(screen.queryByTestId("queue-print")).toBeNull();
  fireEvent.click(screen.getByTestId("queue-jam"));
  expect((await screen.findByTestId("queue-jam-submit")).getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(screen.getByTestId("queue-jam-sheet"), { target: { value: "２" } });
  await pressable("queue-jam-submit");
  fireEvent.click(screen.getByTestId("queue-jam-submit"));
  await waitFor(() => expect(calls("prints.resume")[0]?.arguments).toMatchObject({ batch_id: queue!.id, last_good_sheet: 2 }));
});

test("a_request_goes_back_with_a_reason", async () => {
  const [request] = recorded("invoices.list_requests", { wanted_status: "open" });
  const { calls } = show("/invoices?view=requests", "taxclerk", { "invoices.return_request": () => first("invoices.return_request") });
  fireEvent.click((await screen.findAllByTestId("request-return"))[0]!);
  expect((await screen.findByTestId("request-return-submit")).getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(screen.getByTestId("request-return-reason"), { target: { value: " 抬头与实名不符 " } });
  await pressable("request-return-submit");
  fireEvent.click(screen.getByTestId("request-return-submit"));
  await waitFor(() => expect(calls("invoices.return_request")[0]?.arguments).toMatchObject({ request_id: request!.id, reason: "抬头与实名不符" }));
});

test("the_tax_desk_says_what_differs_and_is_two_reads", async () => {
  const shown = show("/invoices?view=tax");
  const rows = await screen.findAllByTestId("tax-exception");
  expect(rows.map((row) => row.dataset.kind).sort()).toEqual(recorded("tax.open")!.exceptions.map((one) => one.kind).sort());
  expect(shown.sent.map((one) => one.name).sort()).toEqual(["invoices.list_red_letters", "tax.open"]);
});
