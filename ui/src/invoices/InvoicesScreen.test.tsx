import { rateText } from "../amounts";
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded, recordingsOf, refusal } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import InvoicesScreen from "./InvoicesScreen";
import { isOldCode, monthsBefore, type Paper } from "./papers";

const show = (address: string, login = "taxclerk", changed: Changed = {}, duties?: string[]) => showScreen(InvoicesScreen, address, { login, changed, duties });
const papers = recorded("invoices.list");
const paper = (number: string) => papers.find((row) => row.number === number)!;
const pressable = (id: string) => waitFor(() => expect(screen.getByTestId(id).getAttribute("aria-disabled")).toBeNull());

test("all_that_may_be_invoiced_is_asked_for_and_issued", async () => {
  const [buyer] = recorded("buyers.list", { customer_id: "8" });
  const wanted = recorded("invoices.meter", { customer_id: "8" }).filter((row) => row.invoiceable !== "0.00");
  const answer = recorded("invoices.issue", recordingsOf("invoices.issue")[0]!.arguments);
  const { sent, calls } = show("/invoices/new?customer=8&name=Harbour", "taxclerk", { "invoices.issue": () => answer });
  await screen.findByTestId("invoice-issue");
  await pressable("invoice-issue");
  // Meter and titles open the screen; the split answers what was chosen.
  expect(sent.map((one) => one.name).sort()).toEqual(["buyers.list", "invoices.meter", "invoices.preview"]);
  // From an amount, which stands outside of the form.
  fireEvent.keyDown(screen.getByTestId(`invoice-amount-${wanted[0]!.product}`), { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(calls("invoices.issue")).toHaveLength(1));
  expect(calls("invoices.issue")[0]!.arguments).toMatchObject({ customer_id: "8", buyer_id: buyer!.id, kind: "statement", lines: wanted.map((row) => ({ product: row.product, amount: row.invoiceable })) });
  expect(await screen.findByTestId("invoice-number")).toHaveProperty("dataset.no", answer.number);
});

test("more_than_was_consumed_is_refused_before_the_click", async () => {
  const refused = refusal("invoices.preview");
  const detail = refused.detail as { asked: string; invoiceable: string };
  show("/invoices/new?customer=8&name=Harbour", "taxclerk", {
    "invoices.preview": () => {
      throw refused;
    },
  });
  const field = await screen.findByTestId("invoice-amount-image");
  fireEvent.change(field, { target: { value: "￥９９９９.00" } });
  const said = (await screen.findByTestId("refusal")).textContent.replaceAll(",", "");
  expect(said).toContain(`¥ ${detail.asked} of ¥ ${detail.invoiceable}`);
  expect(said).toContain("RA 8.1");
  expect(screen.getByTestId("invoice-issue").getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(field, { target: { value: "12.345" } });
  await waitFor(() => expect(screen.getByTestId("invoice-meter").textContent).toContain("at most two decimals"));
  expect(screen.getByTestId("invoice-issue").getAttribute("aria-disabled")).toBe("true");
});

test("only_a_tax_clerk_issues_and_nothing_is_said_when_nothing_was_consumed", async () => {
  const shown = show("/invoices/new?customer=8&name=Harbour", "agent");
  await screen.findByTestId("invoice-issue");
  expect(screen.getByTestId("invoice-issue").getAttribute("aria-disabled")).toBe("true");
  shown.unmount();
  show("/invoices/new?customer=3&name=Wei");
  expect((await screen.findByTestId("empty")).textContent).toContain("Nothing to invoice");
});

test("a_credit_code_is_checked_while_it_is_typed", async () => {
  const { calls } = show("/invoices/new?customer=8&name=Z");
  fireEvent.click(await screen.findByTestId("invoice-buyer-new"));
  fireEvent.change(await screen.findByTestId("invoice-title"), { target: { value: "雪松" } });
  const code = screen.getByTestId("invoice-code");
  fireEvent.change(code, { target: { value: "9131" } });
  expect(screen.getByText("4 of 18 characters.")).toBeTruthy();
  fireEvent.change(code, { target: { value: "91310115MA1K4BCD3X" } });
  expect(await screen.findByText(/the last character must be C/)).toBeTruthy();
  expect(screen.getByTestId("invoice-buyer-save").getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(code, { target: { value: "310115123456789" } });
  expect(await screen.findByTestId("invoice-code-reason")).toBeTruthy();
  fireEvent.change(code, { target: { value: "91310115MA1K4BCD3C" } });
  expect(await screen.findByText(/The check character fits/)).toBeTruthy();
  fireEvent.click(screen.getByTestId("invoice-buyer-save"));
  await waitFor(() => expect(calls("buyers.save")[0]?.arguments).toMatchObject({ customer_id: "8", kind: "enterprise", credit_code: "91310115MA1K4BCD3C", code_reason: null }));
});

test("who_asked_for_a_red_letter_does_not_confirm_it", async () => {
  const [waiting] = recorded("invoices.list_red_letters", { status: "proposed" });
  const address = `/invoices/${waiting!.invoice_id}`;
  const shown = show(address, "taxclerk", {}, ["approver", "tax_clerk"]);
  expect((await screen.findByTestId("red-letter-confirm")).getAttribute("aria-disabled")).toBe("true");
  shown.unmount();
  const { calls } = show(address, "approver");
  fireEvent.click(await screen.findByTestId("red-letter-confirm"));
  await waitFor(() => expect(calls("invoices.confirm_red_letter")[0]?.arguments).toMatchObject({ red_letter_id: waiting!.id }));
});

test("a_part_is_taken_back_line_by_line", async () => {
  const issued = paper("STM-2026-0001");
  const { calls } = show(`/invoices/${issued.id}`);
  fireEvent.click(await screen.findByTestId("invoice-take-back"));
  expect((await screen.findByTestId("red-letter-submit")).getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(screen.getByTestId("red-letter-reason"));
  fireEvent.click(await screen.findByText("04 · allowance"));
  fireEvent.click(screen.getByTestId("red-letter-extent"));
  fireEvent.click(await screen.findByText("Only a part"));
  fireEvent.change(await screen.findByTestId("red-letter-amount-chat"), { target: { value: "¥1,000元" } });
  await pressable("red-letter-submit");
  fireEvent.click(screen.getByTestId("red-letter-submit"));
  await waitFor(() => expect(calls("invoices.propose_red_letter")[0]?.arguments).toMatchObject({ invoice_id: issued.id, reason_code: "04", lines: [{ product: "chat", amount: "1000.00" }] }));
});

test("a_product_at_two_rates_is_two_lines_each_taken_back_by_its_rate", async () => {
  const issued = recordingsOf("invoices.open").map((one) => one.answer as Paper).find((one) => one?.lines.filter((line) => line.product === "voice").length === 2)!;
  const open = { ...issued, red_letter_proposed: null };
  const { calls } = showScreen(InvoicesScreen, `/invoices/${issued.id}`, { login: "taxclerk", changed: { "invoices.open": () => open } });
  expect((await screen.findAllByTestId("invoice-line")).map((row) => row.dataset.rate)).toEqual(["0.06", "0.09"]);
  fireEvent.click(screen.getByTestId("invoice-take-back"));
  fireEvent.click(await screen.findByTestId("red-letter-reason"));
  fireEvent.click(await screen.findByText("04 · allowance"));
  fireEvent.click(screen.getByTestId("red-letter-extent"));
  fireEvent.click(await screen.findByText("Only a part"));
  fireEvent.change(await screen.findByTestId("red-letter-amount-voice-0.09"), { target: { value: "18.00" } });
  await pressable("red-letter-submit");
  fireEvent.click(screen.getByTestId("red-letter-submit"));
  await waitFor(() => expect(calls("invoices.propose_red_letter")[0]?.arguments).toMatchObject({ lines: [{ product: "voice", amount: "18.00", rate: "0.09" }] }));
});

test("the_lists_are_two_reads_each_and_open_by_the_keyboard", async () => {
  const shown = show("/invoices");
  await screen.findAllByTestId("invoice-row");
  expect(shown.sent.map((one) => one.name).sort()).toEqual(["invoices.list", "invoices.list_red_letters"]);
  shown.unmount();
  const [first] = recorded("invoices.list_invoiceable");
  show("/invoices?view=due");
  await screen.findAllByTestId("invoice-due-row");
  fireEvent.keyDown(window, { key: "j" });
  fireEvent.keyDown(window, { key: "Enter" });
  expect(await screen.findByTestId("invoice-meter")).toBeTruthy();
  expect(window.location.hash).toContain(`/invoices/new?customer=${first!.customer_id}&name=`);
});

test("a_second_print_needs_its_reason_and_is_written_down_first", async () => {
  const shown = show(`/invoices/${paper("STM-2026-0003").id}`);
  fireEvent.click(await screen.findByTestId("invoice-print"));
  fireEvent.click(await screen.findByTestId("print-submit"));
  await waitFor(() => expect(shown.hosted.some((one) => one.command === "print_paper")).toBe(true));
  const order = shown.hosted.filter((one) => one.command === "print_paper" || one.body.name === "invoices.log_print").map((one) => one.command);
  expect(order).toEqual(["call", "print_paper"]);
  shown.unmount();
  show(`/invoices/${paper("STM-2026-0001").id}`);
  fireEvent.click(await screen.findByTestId("invoice-print"));
  expect((await screen.findByTestId("print-submit")).getAttribute("aria-disabled")).toBe("true");
});

test("rates_months_and_old_codes_are_text", () => {
  expect(["0.06", "0.060000", "0", "0.0625"].map(rateText)).toEqual(["6 %", "6 %", "0 %", "6.25 %"]);
  expect(monthsBefore(new Date("2026-02-28T20:00:00Z"), 3)).toEqual(["2026-03", "2026-02", "2026-01"]);
  expect(["310115123456789", "９１３１", "91310115MA1K4BCD3X"].map(isOldCode)).toEqual([true, false, false]);
});
