import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import ImportsScreen from "./ImportsScreen";

const strays = recorded("exceptions.list");
const payment = strays.find((one) => one.kind === "payment_without_order")!;
const other = recorded("exceptions.candidates", { exception_id: payment.id })[0]!;
/** The same order, had the platform not named another payment for it. */
const best = { ...other, may_match: true, why_not: null };

test("a_payment_in_suspense_names_its_likely_order_and_why", async () => {
  const { calls } = showScreen(ImportsScreen, `/imports/exceptions?id=${payment.id}`, { login: "accountant", changed: { "exceptions.candidates": () => [best] } });
  const candidate = await screen.findByTestId("candidate");
  expect(candidate.dataset.no).toBe(best.order_no);
  expect(candidate.textContent).toContain("same amount");
  expect(candidate.textContent).toContain(`${best.score} %`);
  fireEvent.keyDown(window, { key: "m" });
  const submit = await screen.findByTestId("match-submit");
  fireEvent.click(submit);
  expect(calls("exceptions.propose_match")).toHaveLength(0);
  fireEvent.change(screen.getByTestId("match-reason"), { target: { value: "The payer sent the receipt" } });
  fireEvent.click(submit);
  await waitFor(() => expect(calls("exceptions.propose_match")).toHaveLength(1));
  expect(calls("exceptions.propose_match")[0]!.arguments).toMatchObject({ exception_id: payment.id, order_no: best.order_no, reason: "The payer sent the receipt" });
});

test("an_order_that_cannot_be_its_own_says_why", async () => {
  showScreen(ImportsScreen, `/imports/exceptions?id=${payment.id}`, { login: "accountant" });
  const candidate = await screen.findByTestId("candidate");
  expect(candidate.textContent).toContain("other number at the provider");
  expect(screen.getByTestId("match-propose").getAttribute("aria-disabled")).toBe("true");
});

test("an_approver_may_not_propose_a_match_and_reads_who_may", async () => {
  showScreen(ImportsScreen, `/imports/exceptions?id=${payment.id}`, { login: "approver", language: "zh-CN" });
  const take = await screen.findByTestId("match-propose");
  expect(take.getAttribute("aria-disabled")).toBe("true");
  expect(take.textContent).toContain("提议认领");
});

test("a_band_of_age_narrows_the_list", async () => {
  const { calls } = showScreen(ImportsScreen, "/imports/exceptions", { login: "accountant" });
  const band = await screen.findByTestId("age-31+");
  expect(band.textContent).toContain("over 30 days");
  fireEvent.click(band);
  await waitFor(() => expect(calls("exceptions.list").at(-1)!.arguments).toMatchObject({ wanted_age: "31+" }));
  expect(window.location.hash).toContain("age=31");
});

test("orders_whose_holder_is_verified_now_are_credited_together", async () => {
  const ages = recorded("exceptions.ages").map((band, at) => (at === 0 ? { ...band, ready: "2" } : band));
  const { calls } = showScreen(ImportsScreen, "/imports/exceptions", { login: "accountant", changed: { "exceptions.ages": () => ages, "exceptions.retry_ready": () => ({ posted: 2, repeated: 0, exceptions: 0 }) } });
  expect((await screen.findByTestId("exceptions-ready")).textContent).toContain("2 can be credited now");
  fireEvent.click(screen.getByTestId("exceptions-retry"));
  await waitFor(() => expect(calls("exceptions.retry_ready")).toHaveLength(1));
});
