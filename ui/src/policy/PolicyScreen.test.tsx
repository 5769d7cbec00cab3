import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import PolicyScreen from "./PolicyScreen";

const show = (address: string, login: string, duties?: string[]) => showScreen(PolicyScreen, address, { login, duties });

const pick = async (id: string, label: string) => {
  fireEvent.click(await screen.findByTestId(id));
  fireEvent.click(await screen.findByText(label));
};

test("a_proposal_shows_what_it_changes_and_another_person_confirms_it", async () => {
  const waiting = recorded("policies.list").find((row) => row.confirmed_by === null && row.proposed_by === "administrator")!;
  const shown = show("/policy", "approver");
  expect((await screen.findByTestId("policy-proposal")).textContent).toContain("¥ 50,000.00 → ¥ 20,000.00");
  fireEvent.click(screen.getByTestId("policy-confirm"));
  await waitFor(() => expect(shown.calls("policies.confirm")[0]?.arguments).toMatchObject({ policy_id: waiting.id }));
  shown.unmount();
  show("/policy", "administrator", ["approver", "administrator"]);
  expect((await screen.findByTestId("policy-confirm")).getAttribute("aria-disabled")).toBe("true");
});

test("a_rate_is_typed_in_percent_and_sent_exactly", async () => {
  const { calls } = show("/policy", "administrator");
  fireEvent.click(await screen.findByTestId("policy-propose"));
  await pick("policy-name", "Refund fee");
  fireEvent.change(await screen.findByTestId("policy-value"), { target: { value: "０.55" } });
  fireEvent.change(screen.getByTestId("policy-reason"), { target: { value: "New contract" } });
  fireEvent.click(screen.getByTestId("policy-submit"));
  await waitFor(() => expect(calls("policies.propose")[0]?.arguments).toMatchObject({ name: "refund_fee", channel: "alipay", value: { rate: "0.0055", minimum: "0.00" }, valid_from: expect.stringMatching(/T00:00:00\+08:00$/), reason: "New contract" }));
});

test("the_sender_of_letters_is_an_address_and_nothing_else_is_sent", async () => {
  const { calls } = show("/policy", "administrator");
  fireEvent.click(await screen.findByTestId("policy-propose"));
  fireEvent.click(await screen.findByTestId("policy-name"));
  fireEvent.click(await screen.findByText("Sender of letters by e-mail", { selector: "[role=option] *, [role=option]" }));
  fireEvent.change(screen.getByTestId("policy-reason"), { target: { value: "New mailbox" } });
  fireEvent.change(await screen.findByTestId("policy-value"), { target: { value: "desk at example.com" } });
  expect(screen.getByTestId("policy-submit").getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(screen.getByTestId("policy-value"), { target: { value: "letters＠example.com" } });
  fireEvent.click(screen.getByTestId("policy-submit"));
  await waitFor(() => expect(calls("policies.propose")[0]?.arguments).toMatchObject({ name: "letters_from", value: "letters@example.com", channel: null }));
});

test("a_duty_waits_for_a_supervisor_who_is_not_its_holder", async () => {
  const duty = recorded("people.list").flatMap((one) => one.duties).find((one) => !one.confirmed)!;
  const shown = show("/policy?view=people", "supervisor");
  fireEvent.click(await screen.findByTestId("duty-confirm"));
  await waitFor(() => expect(shown.calls("people.confirm_duty")[0]?.arguments).toMatchObject({ duty_id: duty.id }));
  shown.unmount();
  show("/policy?view=people", "reviewer", ["supervisor"]);
  expect((await screen.findByTestId("duty-confirm")).getAttribute("aria-disabled")).toBe("true");
});

test("a_year_is_pasted_counted_and_sent", async () => {
  const { calls } = show("/policy?view=calendars", "administrator");
  fireEvent.click(await screen.findByTestId("calendar-add"));
  fireEvent.change(await screen.findByTestId("calendar-notice"), { target: { value: "Notice" } });
  fireEvent.change(screen.getByTestId("calendar-pasted"), { target: { value: "2027-01-01 休 元旦\n2027-02-13 what" } });
  expect(screen.getByText(/Line 2 cannot be read/)).toBeTruthy();
  fireEvent.change(screen.getByTestId("calendar-pasted"), { target: { value: "2027-01-01 休 元旦\n2027-02-13 班 春节" } });
  expect(screen.getByText("Read: 1 days off, 1 make-up working days.")).toBeTruthy();
  fireEvent.click(screen.getByTestId("calendar-submit"));
  await waitFor(() => expect(calls("calendar.import")[0]?.arguments).toMatchObject({ year: 2027, notice_title: "Notice", days: [{ date: "2027-01-01", off: true, name: "元旦" }, { date: "2027-02-13", off: false, name: "春节" }] }));
});

test("each_tab_is_one_read_and_has_its_number", async () => {
  const { sent } = show("/policy", "approver");
  await screen.findAllByTestId("policy-row");
  for (const [key, id] of [["3", "calendar-days"], ["4", "products"], ["5", "seller"]] as const) {
    fireEvent.keyDown(window, { key });
    await screen.findAllByTestId(id);
  }
  expect(sent.map((one) => one.name)).toEqual(["policies.list", "calendar.list", "catalogue.open", "invoices.list_sellers"]);
});
