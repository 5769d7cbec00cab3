import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeAll, expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import CustomersScreen from "./CustomersScreen";

const rows = recorded("usage.list", { customer_id: "1" });
const lots = recorded("customers.open", { customer_id: "1" })!.lots;

beforeAll(() => {
  // The table draws the rows that fit; without a layout none would.
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, value: 600 });
  Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, value: 1200 });
});

test("a_usage_is_given_back_with_its_lots_shown_before", async () => {
  const { calls } = showScreen(CustomersScreen, "/customers/1?view=usage", { login: "accountant" });
  const row = (await screen.findAllByTestId("usage-row")).find((one) => one.dataset.no === rows[0]!.usage_key)!;
  expect(screen.getByTestId("usage-give-back").getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(row);
  await waitFor(() => expect(screen.getByTestId("usage-give-back").getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(screen.getByTestId("usage-give-back"));
  expect((await screen.findByTestId("credit-back-parts")).textContent).toMatch(/R20/);
  fireEvent.change(screen.getByTestId("give-back-reason"), { target: { value: "The service was down" } });
  fireEvent.click(screen.getByTestId("give-back-submit"));
  await waitFor(() => expect(calls("usage.propose_credit_back")).toHaveLength(1));
  expect(calls("usage.propose_credit_back")[0]!.arguments).toMatchObject({ usage_key: rows[0]!.usage_key, amount: rows[0]!.most });
});

test("a_recharge_opens_with_its_payer_agreement_and_gift", async () => {
  const lot = lots.find((one) => one.activity !== null)!;
  const page = recorded("recharges.open", { recharge_id: lot.id })!;
  showScreen(CustomersScreen, "/customers/1", { login: "agent" });
  const row = (await screen.findAllByTestId("lot-row")).find((one) => one.dataset.no === lot.order_no)!;
  fireEvent.click(row);
  const sheet = await screen.findByTestId("recharge-payer");
  expect(sheet.textContent).toContain(page.payer_account);
  expect(screen.getByTestId("recharge-agreement").textContent).toContain(page.agreement.version);
  expect(within(screen.getByTestId("recharge-gift")).getByText(page.gifts[0]!.title)).toBeTruthy();
});
