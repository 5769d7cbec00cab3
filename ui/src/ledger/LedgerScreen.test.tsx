import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import BooksScreen from "../books/BooksScreen";
import LedgerScreen from "./LedgerScreen";
import { filterOf, timeOf } from "./query";

beforeEach(() => localStorage.clear());

const show = (address: string, changed: Changed = {}) => showScreen(LedgerScreen, address, { login: "auditor", changed });
const press = (key: string, more: object = {}) => act(() => void fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more }));
const journals = recorded("ledger.list");
const ready = () => waitFor(() => expect(screen.getAllByTestId("ledger-row").length).toBeGreaterThan(0), { timeout: 8000 });

test("the_address_is_the_filter", () => {
  const given = new URLSearchParams("customer=7&kind=usage&from=2026-01-01&until=2026-01-31&least=10.00&memo=call");
  expect(filterOf(given)).toEqual({ customer_id: "7", kind: "usage", recorded_from: "2026-01-01T00:00:00+08:00", recorded_until: "2026-02-01T00:00:00+08:00", amount_from: "10.00", memo: "call" });
  given.set("basis", "effective");
  given.set("asof", "2026-01-15");
  // The earlier of the two ends holds.
  expect(filterOf(given)).toMatchObject({ effective_from: "2026-01-01T00:00:00+08:00", effective_until: "2026-01-16T00:00:00+08:00" });
  expect(filterOf(given).recorded_from).toBeUndefined();
});

test("as_of_a_minute_ends_before_it_and_a_day_takes_all_of_itself", () => {
  expect(filterOf(new URLSearchParams("asof=2026-02-10"))).toEqual({ recorded_until: "2026-02-11T00:00:00+08:00" });
  expect(filterOf(new URLSearchParams("asof=2026-02-10 10:42"))).toEqual({ recorded_until: "2026-02-10T10:42:00+08:00" });
  expect(filterOf(new URLSearchParams("until=2026-02-10&asof=2026-02-10 10:42&basis=effective"))).toEqual({ effective_until: "2026-02-10T10:42:00+08:00" });
  expect(["9:05", "23:59", " 10：42 ", "24:00", "10:60", "1042"].map(timeOf)).toEqual(["09:05", "23:59", "10:42", null, null, null]);
});

test("all_filters_are_cleared_at_once_by_button_and_by_key", async () => {
  show("/ledger?account=wallet&kind=usage&memo=zebra&asof=2026-02-10&basis=effective");
  await screen.findByTestId("filters-clear");
  fireEvent.click(screen.getByTestId("filters-clear"));
  await waitFor(() => expect(window.location.hash).toBe("#/ledger?basis=effective"));
  act(() => void (window.location.hash = "#/ledger?account=wallet&kind=usage"));
  await screen.findByTestId("filters-clear");
  press("X", { shiftKey: true });
  await waitFor(() => expect(window.location.hash).toBe("#/ledger"));
});

test("a_day_picked_in_the_calendar_of_a_filter_is_kept_until_it_is_applied", async () => {
  show("/ledger", { "ledger.list": () => journals });
  await ready();
  fireEvent.click(screen.getByTestId("filter-days"));
  const from = await screen.findByLabelText(/^From/, {}, { timeout: 4000 });
  fireEvent.focus(from);
  fireEvent.click(from);
  // The calendar opens at the books' month, not at this computer's.
  const tenth = await screen.findByLabelText("10 February 2026", {}, { timeout: 4000 });
  fireEvent.mouseDown(tenth);
  fireEvent.click(tenth);
  fireEvent.click(screen.getByText("Apply"));
  await waitFor(() => expect(window.location.hash).toContain("from=2026-02-10"));
});

test("a_journal_is_reached_by_its_number", async () => {
  const { calls } = show("/ledger?kind=usage", { "ledger.list": () => journals });
  await ready();
  fireEvent.click(screen.getByTestId("ledger-jump"));
  const number = await screen.findByTestId("jump-number", {}, { timeout: 4000 });
  fireEvent.change(number, { target: { value: "J-abc" } });
  expect(screen.getByText(/is digits/)).toBeTruthy();
  fireEvent.change(number, { target: { value: "J-41" } });
  fireEvent.submit(number.closest("form")!);
  await waitFor(() => expect(calls("ledger.list").some((one) => one.arguments.before === "42")).toBe(true));
  expect(window.location.hash).toContain("journal=41");
});

test("every_filter_is_sent_to_the_list_and_to_its_total", async () => {
  const { calls } = show("/ledger?account=wallet&commodity=CNY&person=agent", { "ledger.list": () => journals, "ledger.total": () => recorded("ledger.total") });
  await ready();
  const filter = { account: "wallet", commodity: "CNY", person: "agent" };
  expect(calls("ledger.list")[0]!.arguments).toMatchObject({ filter });
  await waitFor(() => expect(calls("ledger.total")[0]!.arguments).toEqual({ filter }));
  expect(screen.getByTestId("filter-account").textContent).toContain("Wallet");
});

test("what_no_roll_up_knows_is_counted_in_bites_and_shown_only_when_ready", async () => {
  const total = recorded("ledger.total");
  const bites = [
    { ...total, ready: false, share: "0.4", carried: { from: "9" } },
    { ...total, ready: true, share: "1", carried: null },
  ];
  let release: () => void = () => {};
  const second = new Promise<void>((go) => (release = go));
  const { calls } = show("/ledger?memo=zebra", {
    "ledger.list": () => journals,
    "ledger.total": () => ({ ready: false, commodities: null, carried: null, share: null }),
    "ledger.count": (args) => (args.carried ? second.then(() => bites[1]) : bites[0]),
  });
  await ready();
  await waitFor(() => expect(calls("ledger.count")).toHaveLength(2), { timeout: 4000 });
  expect(calls("ledger.count")[1]!.arguments.carried).toEqual({ from: "9" });
  // While it counts, no figure stands there.
  expect(screen.getByTestId("ledger-totals").textContent).toContain("40%");
  expect(screen.getByTestId("ledger-totals").textContent).not.toContain("Debit");
  release();
  await waitFor(() => expect(screen.getByTestId("ledger-totals").textContent).toContain("Debits and credits agree"));
});

test("a_count_can_be_stopped_and_begun_again", async () => {
  const { calls } = show("/ledger?memo=zebra", {
    "ledger.list": () => journals,
    "ledger.total": () => ({ ready: false, commodities: null, carried: null, share: null }),
    "ledger.count": () => new Promise(() => {}),
  });
  await ready();
  await waitFor(() => expect(calls("ledger.count")).toHaveLength(1), { timeout: 4000 });
  fireEvent.click(screen.getByText("Stop"));
  fireEvent.click(await screen.findByText("Count exactly"));
  await waitFor(() => expect(calls("ledger.count")).toHaveLength(2), { timeout: 4000 });
});

test("from_a_day_the_list_goes_on_in_both_directions", async () => {
  const middle = Math.floor(journals.length / 2);
  const { calls } = show("/ledger?at=2026-02-10", {
    "ledger.list": (args) => (args.at ? journals.slice(middle) : args.after ? journals.slice(0, middle) : []),
  });
  await ready();
  expect(calls("ledger.list")[0]!.arguments).toMatchObject({ at: "2026-02-11T00:00:00+08:00" });
  await waitFor(() => expect(calls("ledger.list").some((one) => one.arguments.after === journals[middle]!.id)).toBe(true));
});

test("end_leads_to_the_oldest_and_home_back_to_the_newest", async () => {
  const full = Array.from({ length: 40 }, (_, at) => ({ ...journals[at % journals.length]!, id: String(1000 - at) }));
  const { calls } = show("/ledger", { "ledger.list": (args) => (args.before ? [] : full) });
  await ready();
  press("End");
  await waitFor(() => expect(calls("ledger.list").some((one) => one.arguments.after === "0")).toBe(true));
  await ready();
  const before = calls("ledger.list").length;
  press("Home");
  await waitFor(() => expect(screen.getByTestId("ledger-jump").textContent).toContain("Go to"));
  expect(calls("ledger.list").length).toBeGreaterThanOrEqual(before);
});

test("a_filter_is_kept_under_a_name", async () => {
  const { calls } = show("/ledger?kind=usage", {
    "ledger.list": () => journals,
    "ledger.list_filters": () => [{ id: "0192b1c4-0000-7000-8000-000000000001", name: "Gifts", filter: { commodity: "CNY.GIFT" }, saved_at: "2026-02-01T00:00:00Z", person_id: 1 }],
    "ledger.save_filter": (args) => ({ id: args.command_id, name: args.name, filter: args.filter, saved_at: "2026-02-01T00:00:00Z", person_id: 1 }),
  });
  await ready();
  press("v");
  fireEvent.change(await screen.findByLabelText("Keep this filter as", {}, { timeout: 4000 }), { target: { value: "All usage" } });
  fireEvent.click(screen.getByText("Save"));
  await waitFor(() => expect(calls("ledger.save_filter")[0]!.arguments).toMatchObject({ name: "All usage", filter: { kind: "usage" } }));
  press("v");
  fireEvent.click(await screen.findByText("Gifts", {}, { timeout: 4000 }));
  await waitFor(() => expect(window.location.hash).toContain("commodity=CNY.GIFT"));
});

test("the_trial_balance_nets_to_zero_and_leads_to_its_postings", async () => {
  showScreen(BooksScreen, "/books?view=trial", { login: "auditor" });
  expect((await screen.findAllByText("nets to zero", {}, { timeout: 6000 })).length).toBe(2);
  const doors = [...screen.getByTestId("trial-balance").querySelectorAll("a")].map((link) => link.getAttribute("href"));
  expect(doors.some((door) => door?.includes("/ledger?account=alipay_clearing") && door.includes("asof="))).toBe(true);
});

test("a_trial_balance_that_does_not_net_to_zero_says_so", async () => {
  const rows = recorded("ledger.trial_balance", { at: "2026-02-14T00:00:00+08:00" });
  showScreen(BooksScreen, "/books?view=trial", { login: "auditor", changed: { "ledger.trial_balance": () => rows.slice(1) } });
  expect(await screen.findByText("does not net to zero", {}, { timeout: 6000 })).toBeTruthy();
});

test("what_is_owed_in_credits_stands_beside_the_prepaid_liability_with_the_same_sum", async () => {
  showScreen(BooksScreen, "/books?view=prepaid&commodity=USD.CREDIT", { login: "auditor" });
  const months = await screen.findAllByTestId("credit-month", {}, { timeout: 6000 });
  expect(months).toHaveLength(12);
  expect(months[0]!.textContent).toContain(recorded("campaign.overview", {})!.liability);
});

test("each_month_of_the_prepaid_liability_begins_where_the_last_one_ended", async () => {
  showScreen(BooksScreen, "/books?view=prepaid", { login: "auditor" });
  const months = await screen.findAllByTestId("prepaid-month", {}, { timeout: 6000 });
  const cells = months.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent));
  expect(cells.length).toBeGreaterThan(2);
  // Newest first: the opening of a row is the closing of the next.
  cells.slice(0, -1).forEach((row, at) => expect(row[1]).toBe(cells[at + 1]![6]));
});

test("a_statement_shows_where_it_began_and_each_balance", async () => {
  const page = recorded("ledger.statement", { account_code: "wallet", customer_id: "1", from_at: "2026-02-01T00:00:00+08:00", until_at: "2026-02-14T00:00:00+08:00", commodity: "CNY" });
  showScreen(BooksScreen, "/books?view=statement", { login: "auditor", changed: { "ledger.statement": () => page } });
  await waitFor(() => expect(screen.getByTestId("statement-figures").textContent).toContain("Opening balance"), { timeout: 6000 });
  expect(page.lines.length).toBeGreaterThan(0);
  expect((await screen.findAllByTestId("statement-row")).length).toBe(page.lines.length);
});

test("a_statement_says_what_came_in_and_went_out_only_when_it_is_counted", async () => {
  const page = { ...recorded("ledger.statement", { account_code: "wallet", customer_id: "1", from_at: "2026-02-01T00:00:00+08:00", until_at: "2026-02-14T00:00:00+08:00", commodity: "CNY" }), opening: "10.00", closing: "7.50" };
  let count: (total: unknown) => void = () => {};
  const { calls } = showScreen(BooksScreen, "/books?view=statement&account=wallet", {
    login: "auditor",
    changed: { "ledger.statement": () => page, "ledger.total": () => ({ ready: false, commodities: null, carried: null, share: null }), "ledger.count": () => new Promise((go) => (count = go)) },
  });
  await waitFor(() => expect(calls("ledger.count")).toHaveLength(1), { timeout: 6000 });
  expect(calls("ledger.count")[0]!.arguments.filter).toMatchObject({ account: "wallet", commodity: "CNY" });
  expect(screen.getByTestId("statement-figures").textContent).toContain("…");
  act(() => count({ ready: true, share: "1", carried: null, commodities: [{ commodity: "CNY", postings: "3", debit: "5.25", credit: "2.75", difference: "2.50" }] }));
  // The wallet is the customer's: a credit came in.
  await waitFor(() => expect(screen.getByTestId("statement-figures").textContent).toMatch(/In\+2\.75.*Out−5\.25.*7\.50.*3 lines/));
});

test("a_figure_of_a_channel_leads_to_the_recharges_behind_it", async () => {
  const row = { month: "2026-02-01", commodity: "CNY", opening: "0.00", recharged: "100.00", used: "-40.00", refunded: "0.00", other: "0.00", closing: "60.00" };
  const move = { journal_id: "77", kind: "usage", at: "2026-02-03T00:00:00Z", customer_id: "1", customer_name: "范**", order_no: "R5", amount: "-40.000000" };
  const { calls } = showScreen(BooksScreen, "/books?view=prepaid&channel=alipay", {
    login: "auditor",
    changed: { "ledger.roll_forward": () => [{ ...row, channel: null }, { ...row, channel: "alipay" }], "ledger.channel_moves": () => [move] },
  });
  const [, , , used] = (await screen.findAllByTestId("prepaid-month", {}, { timeout: 6000 }))[0]!.querySelectorAll("td");
  expect(used!.querySelector("a")!.getAttribute("href")).toBe("#/books?view=prepaid&commodity=CNY&channel=alipay&moves=used&of=2026-02-01");
  act(() => void (window.location.hash = used!.querySelector("a")!.getAttribute("href")!));
  expect((await screen.findByText("R5", {}, { timeout: 4000 })).getAttribute("href")).toBe("#/customers/1?order=R5");
  expect(calls("ledger.channel_moves")[0]!.arguments).toMatchObject({ channel: "alipay", kinds: "usage,credit_back", from_on: "2026-02-01", until_on: "2026-02-28", by_effective: true });
});
