import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded, recordingsOf } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import CampaignScreen from "./CampaignScreen";

const inviters = recorded("campaign.inviters", { search: "" });
const overspent = inviters.find((one) => one.balance.startsWith("-"))!;
const first = inviters[0]!;
const waived = recorded("campaign.objections", { wanted: "waived" })[0]!;

test("the_overview_shows_what_is_owed_and_what_came_of_friends", async () => {
  showScreen(CampaignScreen, "/campaign", { login: "growth" });
  const cost = await screen.findByTestId("campaign-cost");
  expect(cost.textContent).toContain(recorded("campaign.overview", {})!.liability);
  expect(screen.getByTestId("campaign-funnel").textContent).toContain("paid after the 72 hours");
});

test("a_negative_balance_says_why_no_cash_is_claimed", async () => {
  showScreen(CampaignScreen, `/campaign/inviters/${overspent.customer_id}`, { login: "growth", language: "zh-CN" });
  const figures = await screen.findByTestId("inviter-figures");
  expect(figures.textContent).toContain("余额为负");
});

test("rounds_show_the_sum_before_and_after_rounding", async () => {
  showScreen(CampaignScreen, `/campaign/inviters/${first.customer_id}`, { login: "growth" });
  const whole = recorded("campaign.inviter", { customer_id: first.customer_id })!.rounds.find((round) => round.tier_credit !== null)!;
  const rounds = await screen.findByTestId("inviter-rounds");
  expect(rounds.textContent).toContain(whole.sum_apa);
  expect(rounds.textContent).toContain(whole.tier_credit);
});

test("a_friend_who_paid_too_late_shows_by_how_much_and_what_would_have_changed_it", async () => {
  showScreen(CampaignScreen, `/campaign/friends/${waived.friend_id}`, { login: "agent" });
  const replay = await screen.findByTestId("replay");
  expect(replay.querySelector("[data-verdict=too_late]")).not.toBeNull();
  expect(screen.getByTestId("replay-changes").textContent).toContain("A payment by");
});

test("a_waived_objection_is_reopened_by_a_supervisor_only", async () => {
  showScreen(CampaignScreen, `/campaign/objections/${waived.id}`, { login: "growth" });
  const reopen = await screen.findByTestId("objection-reopen");
  expect(reopen.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByTestId("objection-clock").textContent).toContain("waived");
});

test("an_answer_needs_its_reason", async () => {
  const open = recorded("campaign.objections", { wanted: "open" })[0]!;
  const { calls } = showScreen(CampaignScreen, `/campaign/objections/${open.id}`, { login: "growth", changed: { "campaign.answer_objection": () => open } });
  fireEvent.click(await screen.findByTestId("objection-uphold"));
  const submit = await screen.findByTestId("objection-answer-submit");
  expect(submit.getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(screen.getByTestId("objection-reason"), { target: { value: "The bind was recorded twice." } });
  fireEvent.click(submit);
  await waitFor(() => expect(calls("campaign.answer_objection")).toHaveLength(1));
  expect(calls("campaign.answer_objection")[0]!.arguments).toMatchObject({ upheld: true, reason: "The bind was recorded twice." });
});

test("the_decided_objection_has_its_letter_to_write", async () => {
  const rejected = recorded("campaign.objections", { wanted: "decided" })[0]!;
  showScreen(CampaignScreen, `/campaign/objections/${rejected.id}`, { login: "agent" });
  const kind = await screen.findByTestId("letter-kind");
  expect(kind.dataset).toMatchObject({ kind: "objection_answer", due: "true" });
});

const claimed = recordingsOf("campaign.record_claim_payment")[0]!.arguments as { violation_id: string };

test("a_claim_shows_what_was_paid_and_treasury_records_the_rest", async () => {
  const { calls } = showScreen(CampaignScreen, `/campaign/violations/${claimed.violation_id}`, { login: "treasurer", changed: { "campaign.record_claim_payment": () => claimed.violation_id } });
  const claims = await screen.findByTestId("violation-claims");
  expect(claims.textContent).toContain("2.00");
  expect(screen.getByTestId("claim-payments").textContent).toContain("WIRE-0042");
  fireEvent.click(screen.getByTestId("claim-pay"));
  fireEvent.change(await screen.findByTestId("claim-reference"), { target: { value: "WIRE-0043" } });
  fireEvent.click(screen.getByTestId("claim-submit"));
  await waitFor(() => expect(calls("campaign.record_claim_payment")).toHaveLength(1));
  expect(calls("campaign.record_claim_payment")[0]!.arguments).toMatchObject({ amount: "1.00", reference: "WIRE-0043" });
});
