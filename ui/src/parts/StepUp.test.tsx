// The password is asked for once, by whatever action the database refuses for it.
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded, refusal } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import RefundsScreen from "../refunds/RefundsScreen";
import { StepUp } from "./StepUp";

const Desk = () => (
  <>
    <RefundsScreen />
    <StepUp />
  </>
);
const show = (address: string, changed: Changed) => showScreen(Desk, address, { login: "approver", changed });
function press(key: string): void {
  fireEvent.keyDown(document.activeElement ?? document.body, { key });
}

test("a_batch_asks_for_the_password_once_and_sends_the_same_batch_again", async () => {
  const candidates = recorded("refunds.bulk_candidates", {}, "approver");
  const ready = candidates.filter((row) => row.rule === null);
  expect(ready.length).toBeGreaterThan(0);
  let given = false;
  const { calls, hosted } = show("/refunds", {
    "refunds.approve_many": () => {
      if (!given) throw refusal("refunds.approve_many");
      return ready.map((row) => ({ refund_id: row.refund_id, number: row.number, done: true, rule: null }));
    },
  });
  fireEvent.click(await screen.findByTestId("refund-together"));
  fireEvent.click(await screen.findByTestId("refunds-together-submit"));
  fireEvent.change(await screen.findByTestId("step-up-password"), { target: { value: "correct horse" } });
  given = true;
  fireEvent.click(screen.getByTestId("step-up-submit"));
  await waitFor(() => expect(calls("refunds.approve_many")).toHaveLength(2));
  const [first, second] = calls("refunds.approve_many");
  expect(second!.arguments).toEqual(first!.arguments);
  const asked = hosted.filter((one) => one.command === "step_up");
  expect(asked.map((one) => one.body.password)).toEqual(["correct horse"]);
  await waitFor(() => expect(screen.queryByTestId("step-up")).toBeNull());
});

test("who_does_not_give_the_password_changes_nothing_and_reads_why_it_was_asked", async () => {
  const { calls, hosted } = show("/refunds", {
    "refunds.approve_many": () => {
      throw refusal("refunds.approve_many");
    },
  });
  fireEvent.click(await screen.findByTestId("refund-together"));
  fireEvent.click(await screen.findByTestId("refunds-together-submit"));
  await screen.findByTestId("step-up-password");
  press("Escape");
  expect((await screen.findByTestId("refusal")).textContent).toContain("your password once more");
  expect(calls("refunds.approve_many")).toHaveLength(1);
  expect(hosted.some((one) => one.command === "step_up")).toBe(false);
});
