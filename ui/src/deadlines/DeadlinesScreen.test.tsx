import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import DeadlinesScreen from "./DeadlinesScreen";
import { monthAfter } from "./Month";

const show = (address: string, login = "handler", changed: Changed = {}) => showScreen(DeadlinesScreen, address, { login, changed });
const desk = recorded("deadlines.desk", {}, "handler");
const row = recorded("deadlines.list", { desk_window: "open" }, "handler")[0]!;

test("two_round_trips_draw_the_desk_and_the_first_case_is_what_ends_first", async () => {
  const { sent } = show("/deadlines");
  const rows = await screen.findAllByTestId("deadline-row");
  expect(rows[0]!.dataset["no"]).toBe(row.number);
  expect(sent.map((one) => one.name).sort()).toEqual(["deadlines.desk", "deadlines.list"]);
  expect(screen.getByTestId("tab-overdue").textContent).toContain(String(desk.counts.overdue));
});

test("a_key_opens_a_window_and_typing_asks_for_what_was_typed", async () => {
  const { calls } = show("/deadlines");
  await screen.findAllByTestId("deadline-row");
  fireEvent.keyDown(document.body, { key: "2" });
  await waitFor(() => expect(calls("deadlines.list").at(-1)?.arguments).toMatchObject({ desk_window: "overdue" }));
  fireEvent.change(screen.getByTestId("deadline-search"), { target: { value: "D-2026" } });
  await waitFor(() => expect(calls("deadlines.list").at(-1)?.arguments).toMatchObject({ desk_window: "overdue", search: "D-2026" }));
});

test("a_persons_name_shows_only_that_table", async () => {
  const { calls } = show("/deadlines");
  await screen.findAllByTestId("deadline-row");
  const legal = screen.getAllByTestId("deadline-person").find((one) => one.dataset["login"] === "legal")!;
  fireEvent.click(within(legal).getByRole("button"));
  const id = desk.people.find((one) => one.login === "legal")!.id;
  await waitFor(() => expect(calls("deadlines.list").at(-1)?.arguments).toMatchObject({ person_id: id }));
});

test("a_case_that_nobody_owns_is_red_and_a_deputys_names_whom_he_stands_for", async () => {
  show("/deadlines", "handler", { "deadlines.list": () => [{ ...row, owner: null }, { ...row, id: "2", number: "D-2", owner: "agent2", handled_by: "handler" }] });
  const rows = await screen.findAllByTestId("deadline-row");
  expect(rows[0]!.textContent).toContain("nobody");
  expect(rows[1]!.textContent).toContain("agent2 (handler)");
});

test("a_supervisor_gives_the_case_under_the_cursor_to_a_handler", async () => {
  const { calls } = show("/deadlines", "supervisor", { "deadlines.assign": () => recorded("disputes.open") });
  const [first] = await screen.findAllByTestId("deadline-row");
  fireEvent.click(first!);
  fireEvent.click(await screen.findByTestId("deadline-assign"));
  fireEvent.click(await screen.findByTestId("assign-person"));
  fireEvent.click(await screen.findByText("agent2", { selector: "[role=option] *, [role=option]" }));
  fireEvent.click(screen.getByTestId("assign-submit"));
  const agent2 = desk.people.find((one) => one.login === "agent2")!.id;
  await waitFor(() => expect(calls("deadlines.assign")[0]?.arguments).toMatchObject({ dispute_id: row.id, person_id: agent2 }));
});

test("the_deputy_who_was_asked_accepts", async () => {
  const asked = { ...desk, absences: [{ ...desk.absences[0]!, mine: false, asks_me: true }] };
  const { calls } = show("/deadlines", "handler", { "deadlines.desk": () => asked, "deadlines.answer_as_deputy": () => ({ ...desk.absences[0], state: "accepted" }) });
  fireEvent.click(await screen.findByTestId("absence-accept"));
  await waitFor(() => expect(calls("deadlines.answer_as_deputy")[0]?.arguments).toMatchObject({ absence_id: desk.absences[0]!.id, accepts: true }));
});

test("the_calendar_file_holds_my_clocks_and_no_name", async () => {
  const { hosted } = show("/deadlines");
  await screen.findAllByTestId("deadline-row");
  fireEvent.click(screen.getByTestId("deadline-feed"));
  await waitFor(() => expect(hosted.some((one) => one.command === "save_file")).toBe(true));
  const file = JSON.stringify(hosted.find((one) => one.command === "save_file"));
  expect(file).toContain("kontor-deadlines.ics");
});

test("the_month_marks_what_ends_and_moves_by_keys", async () => {
  const { calls } = show("/deadlines?view=month&month=2026-02");
  const back = await waitFor(() => {
    const found = document.querySelector<HTMLElement>('[data-on="2026-02-24"]');
    expect(found).not.toBeNull();
    return found!;
  });
  expect(back.dataset["clocks"]).toBe("1");
  fireEvent.keyDown(document.body, { key: "]" });
  await waitFor(() => expect(calls("deadlines.month").at(-1)?.arguments).toEqual({ month: "2026-03-01" }));
  expect([monthAfter("2026-01", -1), monthAfter("2026-12", 1), monthAfter("2026-02", 0)]).toEqual(["2025-12", "2027-01", "2026-02"]);
});
