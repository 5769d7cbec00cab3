import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { replaceHost } from "../call";
import { answers } from "../gallery/invoices";
import { makeQueries } from "../reading";
import { SessionContext, type Session } from "../session";
import { SpeechProvider } from "../words";
import InvoicesScreen from "./InvoicesScreen";
import { isOldCode, monthsBefore, rateText } from "./papers";

interface Sent {
  name: string;
  arguments: Record<string, unknown>;
}
let sent: Sent[] = [];
let hosted: { command: string; body: Record<string, unknown> }[] = [];
let changed: Record<string, (args: Record<string, unknown>) => unknown> = {};
const session = { login: "taxclerk", duties: [], people: [], rehearsal: true, database: "k", now_at: "2026-02-13T02:42:00Z", heard_at: Date.now(), last_event: "1" } as unknown as Session;

beforeEach(() => {
  [sent, hosted, changed] = [[], [], {}];
  replaceHost({
    async ask(command, body) {
      hosted.push({ command, body });
      if (command === "printers") return ["office"];
      if (command === "invoice_pdf") return [37, 80, 68, 70];
      if (command !== "call") return null;
      const { name, arguments: args } = body as unknown as Sent;
      sent.push({ name, arguments: args });
      return (changed[name] ?? answers[name])?.(args);
    },
  });
});

function show(address: string, duties: string[] = ["tax_clerk"], login = "taxclerk") {
  window.location.hash = address;
  return render(
    <MantineProvider>
      <QueryClientProvider client={makeQueries()}>
        <SpeechProvider language="en">
          <SessionContext value={{ ...session, duties: duties as Session["duties"], login }}>
            <InvoicesScreen />
          </SessionContext>
        </SpeechProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const calls = (name: string) => sent.filter((one) => one.name === name);
const pressable = (id: string) => waitFor(() => expect(screen.getByTestId(id).getAttribute("aria-disabled")).toBeNull());

test("all_that_may_be_invoiced_is_asked_for_and_issued", async () => {
  show("/invoices/new?customer=1&name=Cedar");
  await screen.findByTestId("invoice-issue");
  await pressable("invoice-issue");
  // Meter and titles open the screen; the split answers what was chosen.
  expect(sent.map((one) => one.name).sort()).toEqual(["buyers.list", "invoices.meter", "invoices.preview"]);
  // From an amount, which stands outside of the form.
  fireEvent.keyDown(screen.getByTestId("invoice-amount-chat"), { key: "Enter", ctrlKey: true });
  await waitFor(() => expect(calls("invoices.issue")).toHaveLength(1));
  expect(calls("invoices.issue")[0]!.arguments).toMatchObject({ customer_id: "1", buyer_id: "b1", kind: "statement", lines: [{ product: "chat", amount: "9480.66" }, { product: "image", amount: "3000.00" }] });
  expect(await screen.findByTestId("invoice-number")).toHaveProperty("dataset.no", "STM-2026-000190");
});

test("more_than_was_consumed_is_refused_before_the_click", async () => {
  show("/invoices/new?customer=1&name=Cedar");
  const field = await screen.findByTestId("invoice-amount-chat");
  fireEvent.change(field, { target: { value: "￥９９９９.00" } });
  expect((await screen.findByTestId("refusal")).textContent).toContain("¥ 9999.00 of ¥ 9480.66");
  expect(screen.getByTestId("invoice-issue").getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(field, { target: { value: "12.345" } });
  await waitFor(() => expect(screen.getByTestId("invoice-meter").textContent).toContain("at most two decimals"));
  expect(screen.getByTestId("invoice-issue").getAttribute("aria-disabled")).toBe("true");
});

test("only_a_tax_clerk_issues_and_nothing_is_said_when_nothing_was_consumed", async () => {
  const shown = show("/invoices/new?customer=1&name=Cedar", ["agent"], "agent");
  await screen.findByTestId("invoice-issue");
  expect(screen.getByTestId("invoice-issue").getAttribute("aria-disabled")).toBe("true");
  shown.unmount();
  show("/invoices/new?customer=4&name=Linden");
  expect((await screen.findByTestId("empty")).textContent).toContain("Nothing to invoice");
});

test("a_credit_code_is_checked_while_it_is_typed", async () => {
  show("/invoices/new?customer=3&name=Z");
  fireEvent.click(await screen.findByTestId("invoice-buyer-new"));
  fireEvent.change(await screen.findByTestId("invoice-title"), { target: { value: "雪松" } });
  const code = screen.getByTestId("invoice-code");
  fireEvent.change(code, { target: { value: "9131" } });
  expect(screen.getByText("4 of 18 characters.")).toBeTruthy();
  fireEvent.change(code, { target: { value: "91310115MA1K4BCD3Y" } });
  expect(await screen.findByText(/the last character must be X/)).toBeTruthy();
  expect(screen.getByTestId("invoice-buyer-save").getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(code, { target: { value: "310115123456789" } });
  expect(await screen.findByTestId("invoice-code-reason")).toBeTruthy();
  fireEvent.change(code, { target: { value: "91310115MA1K4BCD3X" } });
  expect(await screen.findByText(/The check character fits/)).toBeTruthy();
  changed["buyers.save"] = () => ({ id: "b9", name: "雪松" });
  fireEvent.click(screen.getByTestId("invoice-buyer-save"));
  await waitFor(() => expect(calls("buyers.save")[0]?.arguments).toMatchObject({ customer_id: "3", kind: "enterprise", credit_code: "91310115MA1K4BCD3X", code_reason: null }));
});

test("who_asked_for_a_red_letter_does_not_confirm_it", async () => {
  const shown = show("/invoices/01-7", ["approver", "tax_clerk"], "taxclerk");
  expect((await screen.findByTestId("red-letter-confirm")).getAttribute("aria-disabled")).toBe("true");
  shown.unmount();
  show("/invoices/01-7", ["approver"], "approver");
  changed["invoices.confirm_red_letter"] = () => ({ id: "01-5", number: "RED-2026-000185" });
  fireEvent.click(await screen.findByTestId("red-letter-confirm"));
  await waitFor(() => expect(calls("invoices.confirm_red_letter")[0]?.arguments).toMatchObject({ red_letter_id: "r-1" }));
});

test("a_part_is_taken_back_line_by_line", async () => {
  show("/invoices/01-0");
  fireEvent.click(await screen.findByTestId("invoice-take-back"));
  expect((await screen.findByTestId("red-letter-submit")).getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(screen.getByTestId("red-letter-reason"));
  fireEvent.click(await screen.findByText("04 · allowance"));
  fireEvent.click(screen.getByTestId("red-letter-extent"));
  fireEvent.click(await screen.findByText("Only a part"));
  fireEvent.change(await screen.findByTestId("red-letter-amount-chat"), { target: { value: "¥1,000元" } });
  changed["invoices.propose_red_letter"] = () => ({ id: "r-9" });
  await pressable("red-letter-submit");
  fireEvent.click(screen.getByTestId("red-letter-submit"));
  await waitFor(() => expect(calls("invoices.propose_red_letter")[0]?.arguments).toMatchObject({ invoice_id: "01-0", reason_code: "04", lines: [{ product: "chat", amount: "1000.00" }] }));
});

test("the_lists_are_two_reads_each_and_open_by_the_keyboard", async () => {
  const shown = show("/invoices");
  await screen.findAllByTestId("invoice-row");
  expect(sent.map((one) => one.name).sort()).toEqual(["invoices.list", "invoices.list_red_letters"]);
  shown.unmount();
  show("/invoices?view=due");
  await screen.findAllByTestId("invoice-due-row");
  fireEvent.keyDown(window, { key: "j" });
  fireEvent.keyDown(window, { key: "Enter" });
  expect(await screen.findByTestId("invoice-meter")).toBeTruthy();
  expect(window.location.hash).toContain("/invoices/new?customer=1&name=Cedar");
});

test("a_second_print_needs_its_reason_and_is_written_down_first", async () => {
  changed["invoices.log_print"] = () => ({ id: "01-0", number: "STM-2026-000190" });
  const shown = show("/invoices/01-0");
  fireEvent.click(await screen.findByTestId("invoice-print"));
  fireEvent.click(await screen.findByTestId("print-submit"));
  await waitFor(() => expect(hosted.some((one) => one.command === "print_invoice")).toBe(true));
  const order = hosted.filter((one) => one.command === "print_invoice" || (one.body as unknown as Sent).name === "invoices.log_print").map((one) => one.command);
  expect(order).toEqual(["call", "print_invoice"]);
  shown.unmount();
  show("/invoices/01-1");
  fireEvent.click(await screen.findByTestId("invoice-print"));
  expect((await screen.findByTestId("print-submit")).getAttribute("aria-disabled")).toBe("true");
});

test("a_persons_paper_is_opened_by_hand_because_that_is_on_record", async () => {
  show("/invoices/01-2");
  fireEvent.click(await screen.findByTestId("invoice-show"));
  await waitFor(() => expect(hosted.filter((one) => one.command === "invoice_pdf")).toHaveLength(1));
});

test("rates_months_and_old_codes_are_text", () => {
  expect(["0.06", "0.060000", "0", "0.0625"].map(rateText)).toEqual(["6 %", "6 %", "0 %", "6.25 %"]);
  expect(monthsBefore(new Date("2026-02-28T20:00:00Z"), 3)).toEqual(["2026-03", "2026-02", "2026-01"]);
  expect(["310115123456789", "９１３１", "91310115MA1K4BCD3X"].map(isOldCode)).toEqual([true, false, false]);
});
