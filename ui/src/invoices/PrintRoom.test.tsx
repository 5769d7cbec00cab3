import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded, recordingsOf } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import { rememberedFor } from "../parts/PrinterFields";
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

test("a_run_is_for_those_who_were_picked", async () => {
  const all = recorded("invoices.preview_run", { month: "2026-01-01" })!;
  const wanted = all.rows.find((row) => row.exception === null)!;
  const picked = [{ customer_id: wanted.customer_id }];
  const seen = recorded("invoices.preview_run", { month: "2026-01-01", picked })!;
  const { calls } = show("/invoices/runs/new", "taxclerk", { "invoices.start_run": () => first("invoices.start_run") });
  await screen.findAllByTestId("run-candidate");
  for (let at = 0; at <= all.rows.indexOf(wanted); at++) fireEvent.keyDown(window, { key: "j" });
  fireEvent.keyDown(window, { key: " " });
  fireEvent.click(await screen.findByTestId("run-only"));
  await waitFor(() => expect(screen.getByTestId("run-papers").textContent).toBe(String(seen.papers)));
  await pressable("run-begin");
  fireEvent.click(screen.getByTestId("run-begin"));
  await waitFor(() => expect(calls("invoices.start_run")[0]?.arguments).toMatchObject({ digest: seen.digest, picked }));
});

test("a_request_by_hand_says_which_row_a_rule_refused", async () => {
  const customer = recorded("customers.list", { search: "nor" })[0]!;
  const answers = [[{ request_no: null, verdict: "refused", rule: "invoice_request_open_already", detail: {} }], [{ request_no: "ASK-2026-0002", verdict: "taken", rule: null, detail: null }]];
  const { calls } = show("/invoices?view=requests", "agent", { "invoices.take_requests": () => answers.shift() });
  fireEvent.click(await screen.findByTestId("request-new"));
  fireEvent.change(screen.getByTestId("request-customer"), { target: { value: "nor" } });
  fireEvent.click(await screen.findByTestId("customer-option"));
  fireEvent.change(await screen.findByTestId("request-amount"), { target: { value: "１２.5" } });
  await pressable("request-submit");
  fireEvent.click(screen.getByTestId("request-submit"));
  expect(await screen.findByText("A request of this customer is open already.")).toBeTruthy();
  fireEvent.click(screen.getByTestId("request-submit"));
  await waitFor(() => expect(screen.queryByTestId("request-dialog")).toBeNull());
  const [once, again] = calls("invoices.take_requests").map((call) => call.arguments);
  expect(once).toMatchObject({ source: "hand", rows: [{ customer_ref: customer.ref, amount: "12.50", paper: "invoice_request" }] });
  expect(again!.command_id).not.toBe(once!.command_id);
});

test("a_printer_is_remembered_for_the_person_and_what_is_kept_badly_is_forgotten", async () => {
  localStorage.setItem("kontor.printing.taxclerk", JSON.stringify({ printer: "PDF", copies: 2, sides: "long_edge", media: "A5", tray: null }));
  localStorage.setItem("kontor.printing.agent", "{ broken");
  expect(rememberedFor("agent")).toBeNull();
  const [queue] = recorded("prints.list");
  const [run] = recorded("invoices.list_runs");
  const { calls } = show(`/invoices/runs/${run!.id}`, "taxclerk", { "prints.start": () => queue });
  fireEvent.click(await screen.findByTestId("run-print"));
  expect((await screen.findByTestId<HTMLInputElement>("queue-copies")).value).toBe("2");
  fireEvent.change(screen.getByTestId("queue-copies"), { target: { value: "3" } });
  fireEvent.click(screen.getByTestId("queue-make"));
  await waitFor(() => expect(calls("prints.start")[0]?.arguments).toMatchObject({ printer: "PDF", copies: 3, sides: "long_edge", media: "A5" }));
  await waitFor(() => expect(rememberedFor("taxclerk")).toMatchObject({ printer: "PDF", copies: 3 }));
});

test("selected_papers_leave_together", async () => {
  const rows = recorded("invoices.list", {});
  const shown = show("/invoices");
  await screen.findAllByTestId("invoice-row");
  for (const key of ["j", " ", "j", " "]) fireEvent.keyDown(window, { key });
  fireEvent.click(await screen.findByTestId("picked-zip"));
  await waitFor(() => expect(shown.hosted.find((one) => one.command === "save_papers")?.body).toMatchObject({ papers: { invoice_ids: [rows[0]!.id, rows[1]!.id] }, shape: "zip" }));
});
