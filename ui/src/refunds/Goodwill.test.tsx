import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import type { Result } from "../call";
import RefundsScreen from "./RefundsScreen";

type Quote = NonNullable<Result<"refunds.quote_reinstatement">>;
const closed = recorded("refunds.list", { wanted: "all" }).find((one) => one.status === "rejected")!;
const page = recorded("refunds.open", { refund_id: closed.id })!;

/** What the database says of a gift of 12.34 that became void, asked about an amount. */
const quote = (asked: string): Quote => ({
  refund_id: closed.id, closed: true, voided: "12.345600", given_back: "0", waiting: "0", most: "12.34", proposals: [],
  lines: [
    { account: "gift_voided", title_en: "Gifts voided", title_zh: "赠送作废", customer: false, commodity: "CNY.GIFT", amount: `${asked}0000` },
    { account: "wallet", title_en: "Wallet", title_zh: "钱包余额", customer: true, commodity: "CNY.GIFT", amount: `-${asked}0000` },
  ],
});
const changed: Changed = {
  "refunds.open": () => ({ ...page, amount_gift_voided: "12.345600" }),
  "refunds.quote_reinstatement": (args) => quote(String(args.amount ?? "12.34")),
  "refunds.propose_reinstatement": () => ({}),
};

test("a_void_gift_is_reinstated_with_a_reason_and_a_preview_of_this_amount", async () => {
  const { calls } = showScreen(RefundsScreen, `/refunds/${closed.id}`, { login: "accountant", changed });
  fireEvent.click(await screen.findByTestId("goodwill-propose"));
  fireEvent.change(await screen.findByTestId("goodwill-amount"), { target: { value: "¥5.00" } });
  await waitFor(() => expect(screen.getByTestId("lines").textContent).toContain("5.00"));
  expect(screen.getByTestId("lines").textContent).not.toContain("12.34");
  fireEvent.change(screen.getByTestId("goodwill-reason"), { target: { value: "Opened by mistake" } });
  fireEvent.click(screen.getByTestId("goodwill-submit"));
  await waitFor(() => expect(calls("refunds.propose_reinstatement")).toHaveLength(1));
  expect(calls("refunds.propose_reinstatement")[0]!.arguments).toMatchObject({ refund_id: closed.id, amount: "5.00", reason: "Opened by mistake" });
});

test("without_a_void_gift_there_is_nothing_to_reinstate", async () => {
  showScreen(RefundsScreen, `/refunds/${closed.id}`, { login: "accountant", changed: { ...changed, "refunds.open": () => ({ ...page, amount_gift_voided: "0.000000" }) } });
  await screen.findByTestId("refund-about");
  expect(screen.queryByTestId("refund-goodwill")).toBeNull();
});

test("an_agent_sees_what_became_void_and_who_may_propose", async () => {
  showScreen(RefundsScreen, `/refunds/${closed.id}`, { login: "agent", language: "zh-CN", changed });
  const panel = await screen.findByTestId("refund-goodwill");
  expect(panel.textContent).toContain("已作废");
  expect(screen.getByTestId("goodwill-propose").getAttribute("aria-disabled")).toBe("true");
});
