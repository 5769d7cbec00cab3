// The month end and the corrections on recorded answers: what a person may do now, and why not.
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { allDecimals } from "../amounts";
import { recorded } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import BooksScreen from "./BooksScreen";
import { addMonths, monthTitle } from "./months";
import { ReversalDialog } from "./ReversalDialog";

const november = "/books?month=2025-11-01";

describe("the month end", () => {
  test("names what stands against closing, and sends nothing", async () => {
    const shown = showScreen(BooksScreen, november, { login: "accountant" });
    const close = await screen.findByTestId("period-close");
    expect(close.getAttribute("aria-disabled")).toBe("true");
    expect(screen.getByTestId("month-steps").textContent).toMatch(/\d required lines of the checklist are open\./);
    fireEvent.click(close);
    expect(shown.calls("periods.close")).toEqual([]);
  });

  test("closes after saying what it means, by its key", async () => {
    const page = { ...recorded("periods.open"), steps: [{ action: "close", duties: ["accountant"], barrier: null }] };
    const shown = showScreen(BooksScreen, november, { login: "accountant", language: "zh-CN", changed: { "periods.open": () => page, "periods.close": () => page.period } });
    await screen.findByTestId("period-close");
    fireEvent.keyDown(document.body, { key: "c" });
    const dialog = await screen.findByTestId("period-dialog");
    expect(dialog.textContent).toContain("须由您以外的主管确认");
    fireEvent.click(screen.getByTestId("period-submit"));
    await waitFor(() => expect(shown.calls("periods.close")).toHaveLength(1));
    expect(shown.calls("periods.close")[0]!.arguments).toMatchObject({ month: page.month });
  });

  test("shows the tax with its rounding, and binds the split to the figures seen", async () => {
    const vat = { ...recorded("vat.open", { month: "2025-11-01" }), barrier: null, digest: "seen" };
    const shown = showScreen(BooksScreen, november, { login: "accountant", changed: { "vat.open": () => vat, "vat.post": () => vat } });
    const lines = await screen.findByTestId("vat-lines");
    expect(lines.textContent).toContain(vat.lines[0]!.tax_exact);
    expect(lines.textContent).toContain(allDecimals(vat.lines[0]!.rounding));
    fireEvent.click(screen.getByTestId("vat-post"));
    await waitFor(() => expect(shown.calls("vat.post")[0]?.arguments).toMatchObject({ digest: "seen" }));
  });
});

describe("a reversal", () => {
  const refused = { lines: [], effects: [], refusals: [{ rule: "journal_has_its_own_way", detail: { kind: "usage", way: "credit_back" } }], effective_at: null, amount: "1.00", confirmer: "approver", up_to: null };

  test("that a rule stands against says which way leads back", async () => {
    const shown = showScreen(() => <ReversalDialog journalId="7" onClose={() => undefined} />, "/ledger", { login: "accountant", changed: { "reversals.preview": () => refused } });
    const preview = await screen.findByTestId("correction-preview");
    expect(preview.textContent).toContain("Give the usage back by a credit-back.");
    fireEvent.click(screen.getByTestId("reversal-submit"));
    expect(shown.calls("reversals.propose")).toEqual([]);
  });

  test("needs a reason, and is sent once it has one", async () => {
    const sheet = { ...refused, refusals: [], effects: [{ what: "payment_to_suspense", ref: "P1", amount: "1.00" }] };
    const shown = showScreen(() => <ReversalDialog journalId="7" onClose={() => undefined} />, "/ledger", { login: "accountant", changed: { "reversals.preview": () => sheet, "reversals.propose": () => recorded("reversals.propose") } });
    await screen.findByText(/waits in suspense/);
    expect(screen.getByTestId("reversal-submit").getAttribute("aria-disabled")).toBe("true");
    fireEvent.change(screen.getByTestId("reversal-reason"), { target: { value: "posted twice" } });
    fireEvent.click(screen.getByTestId("reversal-submit"));
    await waitFor(() => expect(shown.calls("reversals.propose")[0]?.arguments).toMatchObject({ journal_id: "7", reason: "posted twice" }));
  });
});

test("months are counted across the year and named in both languages", () => {
  expect(addMonths("2026-01-15", -2)).toBe("2025-11-01");
  expect(addMonths("2025-11-01", 2)).toBe("2026-01-01");
  expect([monthTitle("en", "2025-11-01"), monthTitle("zh-CN", "2025-11-01")]).toEqual(["Nov 2025", "2025年11月"]);
});
