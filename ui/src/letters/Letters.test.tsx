import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import DisputesScreen from "../disputes/DisputesScreen";
import { recorded, recordingsOf } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import PolicyScreen from "../policy/PolicyScreen";

const lantern = recorded("disputes.list", { wanted: "open" }).find((row) => row.ticket_no === "T-77144")!;
const desk = recorded("letters.open", { subject_kind: "dispute", subject_id: lantern.id });
const request = desk.letters.find((one) => one.kind === "evidence_request")!;
const show = (login = "handler", changed: Changed = {}) => showScreen(DisputesScreen, `/disputes/${lantern.id}`, { login, changed });

test("what_is_due_can_be_written_and_what_would_not_be_true_says_why", async () => {
  show();
  const kinds = await screen.findAllByTestId("letter-kind");
  expect(kinds.map((one) => one.dataset.kind)).toEqual(desk.kinds.filter((one) => one.allowed).sort((a, b) => Number(b.due) - Number(a.due)).map((one) => one.kind));
  expect(kinds[0]!.dataset).toMatchObject({ kind: "reminder", due: "true" });
  expect(screen.getByText(/would not be true now/)).toBeTruthy();
});

test("a_draft_is_issued_with_the_digest_that_was_read_in_the_language_that_was_chosen", async () => {
  const { calls } = show("handler", { "letters.issue": () => request });
  fireEvent.click(await screen.findByTestId("letter-write-reminder"));
  await screen.findByTestId("letter-draft");
  fireEvent.keyDown(document.body, { key: "2" });
  await waitFor(() => expect(calls("letters.preview").at(-1)!.arguments).toMatchObject({ kind: "reminder", language: "en" }));
  const draft = recorded("letters.preview", { kind: "reminder", language: "en", subject_id: lantern.id });
  await waitFor(() => expect(screen.getByTestId("letter-issue").getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(screen.getByTestId("letter-issue"));
  await waitFor(() => expect(calls("letters.issue")).toHaveLength(1));
  expect(calls("letters.issue")[0]!.arguments).toMatchObject({ kind: "reminder", language: "en", subject_id: lantern.id, digest: draft.digest });
  expect(await screen.findByTestId("letter-page")).toBeTruthy();
});

test("a_letter_shows_how_it_left_and_what_proves_that_it_arrived", async () => {
  show();
  const rows = await screen.findAllByTestId("letter");
  fireEvent.click(rows.find((row) => row.dataset.no === request.number)!);
  const ways = await screen.findAllByTestId("letter-way");
  expect(ways.map((way) => way.dataset.how)).toEqual(["failed", "served"]);
  expect(ways[0]!.textContent).toContain("unknown subscriber");
  expect(ways[1]!.textContent).toContain("250 2.0.0 OK 8f2c");
});

test("sending_goes_through_the_platform_by_the_best_address_unless_it_left_by_hand", async () => {
  const { calls } = show("handler", { "letters.send": () => request });
  fireEvent.click((await screen.findAllByTestId("letter")).find((row) => row.dataset.no === request.number)!);
  fireEvent.click(await screen.findByTestId("letter-send"));
  fireEvent.click(await screen.findByTestId("letter-send-submit"));
  await waitFor(() => expect(calls("letters.send")).toHaveLength(1));
  expect(calls("letters.send")[0]!.arguments).toMatchObject({ letter_id: request.id, way: "email", by_platform: true });
});

test("who_may_not_write_reads_why_on_the_button", async () => {
  const { calls } = show("auditor");
  const button = await screen.findByTestId("letter-write-reminder");
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(button);
  expect(screen.queryByTestId("letter-draft")).toBeNull();
  expect(calls("letters.preview")).toHaveLength(0);
});

test("reminders_are_looked_at_and_go_out_at_once", async () => {
  const due = recorded("letters.due_reminders", {});
  const { calls } = showScreen(DisputesScreen, "/disputes", {
    login: "handler",
    changed: { "letters.send_reminders": () => due.map((one, at) => ({ dispute_id: one.dispute_id, number: one.number, letter_id: null, letter_number: null, done: at > 0, rule: at > 0 ? null : "letter_reminded_today" })) },
  });
  fireEvent.click(await screen.findByTestId("reminders"));
  expect(await screen.findAllByTestId("reminder")).toHaveLength(due.length);
  fireEvent.click(screen.getByTestId("reminders-send"));
  await waitFor(() => expect(calls("letters.send_reminders")).toHaveLength(1));
  expect(calls("letters.send_reminders")[0]!.arguments).toMatchObject({ dispute_ids: due.map((one) => one.dispute_id), language: "zh" });
  expect((await screen.findByTestId("reminder-skipped")).textContent).toContain("was reminded today");
});

test("papers_of_a_moment_open_from_the_lanes", async () => {
  show();
  const papers = await screen.findAllByTestId("lane-paper");
  const named = recorded("disputes.open", { dispute_id: lantern.id }, "handler").timeline.flatMap((moment) => moment.papers);
  expect(papers.map((paper) => paper.textContent).sort()).toEqual(named.map((paper) => paper.file_name).sort());
});

test("a_call_goes_onto_the_line_with_the_instant_at_which_it_happened", async () => {
  const { calls } = show("handler", { "customers.add_note": () => ({}) });
  fireEvent.click(await screen.findByTestId("lane-note"));
  fireEvent.change(await screen.findByTestId("lane-note-at"), { target: { value: "2026-02-13 09:30" } });
  fireEvent.change(screen.getByTestId("lane-note-body"), { target: { value: "Will file a chat" } });
  fireEvent.click(screen.getByTestId("lane-note-submit"));
  await waitFor(() => expect(calls("customers.add_note")).toHaveLength(1));
  expect(calls("customers.add_note")[0]!.arguments).toMatchObject({ kind: "call", happened_at: "2026-02-13T01:30:00.000Z", subject_kind: "dispute", subject_id: lantern.id, body: "Will file a chat" });
});

test("a_text_is_proposed_only_when_it_changed_and_has_a_reason", async () => {
  const proposal = recordingsOf("letters.propose_text")[0]!.answer as { id: string };
  const { calls } = showScreen(PolicyScreen, `/policy?view=letters&text=${proposal.id}`, { login: "legal", changed: { "letters.propose_text": () => proposal } });
  const body = await screen.findByTestId("letter-text-body");
  expect(screen.getByTestId("letter-text-submit").getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(body, { target: { value: "Dear {customer},\n\n{deadline}" } });
  fireEvent.change(screen.getByTestId("letter-text-reason"), { target: { value: "shorter" } });
  await waitFor(() => expect(screen.getByTestId("letter-text-submit").getAttribute("aria-disabled")).toBeNull());
  fireEvent.click(screen.getByTestId("letter-text-submit"));
  await waitFor(() => expect(calls("letters.propose_text")).toHaveLength(1));
  expect(calls("letters.propose_text")[0]!.arguments).toMatchObject({ kind: "reminder", language: "en", body: "Dear {customer},\n\n{deadline}", reason: "shorter" });
});
