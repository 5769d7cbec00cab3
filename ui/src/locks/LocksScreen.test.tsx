import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import { en } from "../locales/en";
import { formats } from "../times";
import LocksScreen from "./LocksScreen";
import { standing, type LockState } from "./orders";

const show = (address: string, login = "legal", changed: Changed = {}) => showScreen(LocksScreen, address, { login, changed });
const all = recorded("judicial_locks.list", { wanted: "in_force" });
const queued = all.find((one) => one.place === 2)!;
const past = all.find((one) => one.seconds_left?.startsWith("-"))!;
const pdf = new File([new Uint8Array([37, 80, 68, 70])], "order.pdf", { type: "application/pdf" });
pdf.arrayBuffer = async () => new Uint8Array([37, 80, 68, 70]).buffer;

test("an_order_says_what_it_holds_its_place_and_what_the_rules_say_to_the_rest", async () => {
  show(`/locks/${queued.id}`);
  expect((await screen.findByTestId("order-number")).textContent).toBe(queued.number);
  const answers = screen.getAllByTestId("order-conflict").map((one) => one.dataset["answer"]);
  expect(answers).toEqual(expect.arrayContaining(["repayment_above_the_amount", "earlier_order_first"]));
  expect(screen.getByTestId("order-queue").textContent).toContain("holds ¥ 280.00");
  expect(screen.getByTestId("order-term").textContent).toContain("rest days do not move the last day");
});

test("an_order_past_its_last_day_is_in_force_until_it_is_lifted", async () => {
  show(`/locks/${past.id}`);
  expect((await screen.findByTestId("order-state")).textContent).toBe("past its last day, still in force");
  expect(screen.getByTestId("order-term").textContent).toContain("stays in force until legal lifts");
});

test("what_usage_took_of_an_ordered_amount_stands_on_the_orders_page", async () => {
  const police = all.find((one) => one.amount === "600.00")!;
  show(`/locks/${police.id}`, "auditor");
  const reached = await screen.findByTestId("order-reached");
  expect(reached.textContent).toContain("¥ 120.50 of what the order held is gone.");
  expect(reached.textContent).toContain("The platform was told");
  expect(screen.getByTestId("order-balance").textContent).toContain("Free¥ 0.00");
});

test("only_legal_can_lift_and_the_button_says_so", async () => {
  const page = recorded("judicial_locks.open", { order_id: queued.id });
  const { calls } = show(`/locks/${queued.id}`, "handler", { "judicial_locks.open": () => ({ ...page, blocked: "duty_missing" }) });
  const button = await screen.findByTestId("order-lift");
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(button);
  expect(screen.queryByTestId("lift-dialog")).toBeNull();
  expect(calls("judicial_locks.lift")).toHaveLength(0);
});

test("an_order_is_lifted_with_its_paper_and_a_reason", async () => {
  const { calls, hosted } = show(`/locks/${queued.id}`, "legal", { "judicial_locks.lift": () => recorded("judicial_locks.open", { order_id: queued.id }) });
  fireEvent.click(await screen.findByTestId("order-lift"));
  fireEvent.change(await screen.findByTestId("lift-reason"), { target: { value: "Lifted by the court" } });
  expect(screen.getByTestId("lift-submit").getAttribute("aria-disabled")).toBe("true");
  fireEvent.drop(screen.getByTestId("order-papers-field"), { dataTransfer: { files: [pdf] } });
  await waitFor(() => expect(screen.getByTestId("lift-submit").getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(screen.getByTestId("lift-submit"));
  await waitFor(() => expect(calls("judicial_locks.lift")).toHaveLength(1));
  const sent = calls("judicial_locks.lift")[0]!.arguments;
  expect(sent).toMatchObject({ order_id: queued.id, reason: "Lifted by the court" });
  // The paper was filed before, under the id that the action names.
  expect(JSON.stringify(hosted.find((one) => one.command === "attach_bytes")?.body)).toContain(String(sent["attachment_id"]));
});

test("registering_needs_the_paper_and_an_amount_only_where_the_order_names_one", async () => {
  show("/locks/new");
  const submit = await screen.findByTestId("order-submit");
  expect(submit.getAttribute("aria-disabled")).toBe("true");
  expect(screen.queryByTestId("order-amount")).toBeNull();
  fireEvent.click(screen.getByTestId("order-scope"));
  fireEvent.click(await screen.findByText("amount", { selector: "[role=option] *, [role=option]" }));
  expect(await screen.findByTestId("order-amount")).toBeTruthy();
  expect(screen.queryByTestId("order-allows")).toBeNull();
});

test("a_lock_is_asked_confirmed_late_or_kept_for_another", () => {
  const lock: LockState = { id: "1", cause: "dispute", case_id: "1", suspends: true, placed_at: "2026-02-13T01:00:00Z", placed_by: "handler", lifted_at: null, number: "D-1", asked_at: "2026-02-13T01:00:00Z", confirmed_at: null, late: false };
  const said = (facts: Partial<LockState>) => standing({ ...lock, ...facts }, en, formats("en", "2026-02-13"));
  expect(said({})).toEqual({ said: "asked 13 Feb 09:00", tone: "amber" });
  expect(said({ late: true })).toEqual({ said: "asked 13 Feb 09:00, not confirmed in time", tone: "red" });
  expect(said({ confirmed_at: "2026-02-13T01:05:00Z" })).toEqual({ said: "confirmed by the platform 13 Feb 09:05", tone: "ink" });
  const lifted = { lifted_at: "2026-02-13T02:00:00Z" };
  expect(said({ ...lifted, asked_at: null }).said).toBe("lifted; services stay suspended for another lock");
  expect(said({ ...lifted, confirmed_at: "2026-02-13T02:05:00Z" }).tone).toBe("green");
  expect(said({ ...lifted, late: true }).tone).toBe("red");
  const held = { suspends: false };
  expect(said({ ...held, asked_at: null })).toEqual({ said: "services go on", tone: "plain" });
  expect(said(held)).toEqual({ said: "services go on; hold asked 13 Feb 09:00", tone: "amber" });
  expect(said({ ...held, late: true }).tone).toBe("red");
  expect(said({ ...held, confirmed_at: "2026-02-13T01:05:00Z" }).said).toBe("services go on; hold confirmed by the platform 13 Feb 09:05");
});
