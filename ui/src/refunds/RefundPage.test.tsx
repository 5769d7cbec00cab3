import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded, refusal } from "../gallery/recorded";
import { showScreen, type Changed } from "../gallery/show";
import RefundsScreen from "./RefundsScreen";

const show = (address: string, login = "approver", changed: Changed = {}) => showScreen(RefundsScreen, address, { login, changed });

/** An application of the recorded books by its ticket. */
const byTicket = (ticket: string) => recorded("refunds.list", { wanted: "all" }).find((row) => row.ticket_no === ticket)!;
const moved = byTicket("W-88213");
const clean = byTicket("W-88202");
const large = byTicket("W-88206");
const approved = byTicket("W-88209");

test("approving_sends_the_digest_that_was_shown_and_opens_the_next_case", async () => {
  const { calls } = show(`/refunds/${moved.id}`, "approver", { "refunds.approve": () => moved });
  fireEvent.click(await screen.findByTestId("refund-approve"));
  await waitFor(() => expect(calls("refunds.approve")).toHaveLength(1));
  const page = recorded("refunds.open", { refund_id: moved.id }, "approver");
  expect(calls("refunds.approve")[0]!.arguments).toMatchObject({ refund_id: moved.id, digest: page.digest });
  expect(await screen.findByTestId("refund-decided")).toHaveProperty("dataset.no", moved.number);
  expect(screen.getByTestId("refund-number").textContent).toBe(clean.number);
});

test("the_last_case_stays_open_after_its_decision", async () => {
  show(`/refunds/${moved.id}`, "approver", { "refunds.list": () => [], "refunds.approve": () => moved });
  fireEvent.click(await screen.findByTestId("refund-approve"));
  expect((await screen.findByTestId("refund-decided")).textContent).toContain("Nothing else waits for you");
  expect(screen.getByTestId("refund-number").textContent).toBe(moved.number);
});

test("a_refused_approval_says_what_moved_and_reads_the_case_again", async () => {
  const refused = refusal("refunds.approve");
  const detail = refused.detail as { seen: string; now: string };
  const { calls } = show(`/refunds/${moved.id}`, "approver", {
    "refunds.approve": () => {
      throw refused;
    },
  });
  const button = await screen.findByTestId("refund-approve");
  const before = calls("refunds.open").length;
  fireEvent.click(button);
  const plain = (await screen.findByTestId("refusal")).textContent.replaceAll(",", "");
  expect(plain).toContain(`¥ ${detail.seen} was seen ¥ ${detail.now} is right now`);
  await waitFor(() => expect(calls("refunds.open").length).toBeGreaterThan(before));
});

test("a_step_that_is_not_mine_is_blocked_and_says_why", async () => {
  const { calls } = show(`/refunds/${large.id}`, "approver");
  const button = await screen.findByTestId("refund-approve-second");
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(button);
  expect(calls("refunds.approve_second")).toHaveLength(0);
  const line = screen.getAllByTestId("refund-action").find((one) => one.dataset.action === "refunds.release");
  expect(line?.textContent).toContain("The second approval is missing.");
});

test("the_treasurer_releases_what_was_approved", async () => {
  const { calls } = show(`/refunds/${approved.id}`, "treasurer", { "refunds.release": () => approved });
  fireEvent.click(await screen.findByTestId("refund-release"));
  await waitFor(() => expect(calls("refunds.release")[0]?.arguments).toMatchObject({ refund_id: approved.id }));
});

test("figures_that_moved_show_the_old_one_struck_through", async () => {
  const page = recorded("refunds.open", { refund_id: moved.id }, "approver");
  const lot = page.reviewed_worksheet!.lots.find((one) => page.worksheet.lots.find((now) => now.order_no === one.order_no)!.left !== one.left)!;
  show(`/refunds/${moved.id}`);
  const rows = await screen.findAllByTestId("refund-lot");
  const struck = rows.flatMap((row) => [...row.querySelectorAll("del")].map((one) => one.textContent.replaceAll(",", "")));
  expect(struck).toContain(lot.used);
  expect(screen.getByTestId("refund-moved")).toBeTruthy();
});

test("an_application_needs_reason_ticket_proof_and_the_customers_word", async () => {
  const quote = recorded("refunds.quote", { customer_id: "3" });
  const { calls } = show("/refunds/new?customer=3", "agent", { "refunds.request": () => clean });
  await screen.findByTestId("refund-submit");
  const blocked = () => screen.getByTestId("refund-submit").getAttribute("aria-disabled") === "true";
  fireEvent.change(screen.getByTestId("refund-reason"), { target: { value: "Closes the account" } });
  fireEvent.change(screen.getByTestId("refund-ticket"), { target: { value: "W-1" } });
  fireEvent.click(screen.getByTestId("refund-gifts"));
  expect(blocked()).toBe(true);
  const file = new File(["proof"], "letter.txt", { type: "text/plain" });
  file.arrayBuffer = async () => new TextEncoder().encode("proof").buffer as ArrayBuffer;
  fireEvent.drop(screen.getByTestId("refund-proof"), { dataTransfer: { files: [file] } });
  await waitFor(() => expect(blocked()).toBe(false));
  fireEvent.click(screen.getByTestId("refund-submit"));
  await waitFor(() => expect(calls("refunds.request")).toHaveLength(1));
  expect(calls("refunds.request")[0]!.arguments).toMatchObject({ customer_id: "3", ticket_no: "W-1", gifts_void_confirmed: true, expected_net: quote.worksheet.net });
});

test("a_locked_account_cannot_apply_and_the_clause_is_named", async () => {
  expect(recorded("refunds.quote", { customer_id: "5" }).worksheet.reason).toBe("account_locked");
  show("/refunds/new?customer=5", "agent");
  const refused = await screen.findByTestId("refund-refused");
  expect(refused.dataset.rule).toBe("account_locked");
  expect(refused.textContent).toContain("RA 5.2, 5.3");
  expect(screen.getByTestId("refund-submit").getAttribute("aria-disabled")).toBe("true");
});

test("every_figure_of_the_worksheet_opens_its_postings", async () => {
  show(`/refunds/${moved.id}`);
  const page = recorded("refunds.open", { refund_id: moved.id }, "approver");
  const rows = await screen.findAllByTestId("refund-lot");
  const first = page.worksheet.lots[0]!;
  const doors = [...rows[0]!.querySelectorAll("a")].map((one) => decodeURIComponent(one.getAttribute("href")!));
  expect(doors).toEqual([
    `#/customers/${page.customer_id}?order=${first.order_no}`,
    `#/ledger?customer=${page.customer_id}&journal=${first.journal_id}`,
    `#/ledger?customer=${page.customer_id}&commodity=CNY.GIFT`,
    `#/ledger?document=${first.order_no}&kind=usage`,
    `#/ledger?document=${first.order_no}&kind=usage`,
    `#/ledger?document=${first.order_no}`,
    `#/ledger?document=${page.number}`,
    `#/ledger?document=${page.number}`,
  ]);
  expect(screen.getByTestId("refund-net").querySelector("a")!.getAttribute("href")).toBe(`#/ledger?document=${page.number}`);
});

test("a_case_is_handed_over_by_name_and_reason", async () => {
  const held = byTicket("W-88195");
  const { calls } = show(`/refunds/${held.id}`, "agent", { "refunds.hand_over": () => held });
  expect((await screen.findByTestId("refund-holder")).dataset.holder).toBe("agent2");
  fireEvent.keyDown(document.body, { key: "h" });
  fireEvent.click(await screen.findByTestId("refund-hand-over-submit"));
  await waitFor(() => expect(calls("refunds.hand_over")).toHaveLength(1));
  // Nobody else could take it, so it is taken upon oneself, which needs no reason.
  expect(calls("refunds.hand_over")[0]!.arguments).toMatchObject({ refund_id: held.id, reason: null });
});

test("a_planned_transfer_waits_for_its_approver_and_is_planned_with_the_payee", async () => {
  const failed = byTicket("W-88122");
  const first = show(`/refunds/${failed.id}`, "treasurer");
  const yes = await screen.findByTestId("transfer-approve");
  expect(screen.getByTestId("transfer").dataset.status).toBe("waits_for_approver");
  expect(yes.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(yes);
  expect(first.calls("transfers.approve")).toHaveLength(0);
});

test("the_wait_before_a_release_is_seen_running_down", async () => {
  const page = recorded("refunds.open", { refund_id: approved.id }, "treasurer");
  show(`/refunds/${approved.id}`, "treasurer", { "refunds.open": () => ({ ...page, release_opens_at: "2099-01-01T00:00:00Z" }) });
  expect((await screen.findByText(/opens .*2099|opens 1 Jan/)).textContent).toContain(", in ");
});

test("from_the_list_an_approver_decides_a_clean_case_with_three_keys_and_one_call", async () => {
  const { calls } = show("/refunds?view=mine", "approver", { "refunds.list": () => [clean], "refunds.approve": () => clean });
  await screen.findByTestId("refund-row");
  // J takes the first row, Enter opens it with its figures, A approves exactly these.
  for (const key of ["j", "Enter"]) fireEvent.keyDown(document.activeElement ?? document.body, { key });
  await screen.findByTestId("refund-approve");
  fireEvent.keyDown(document.body, { key: "a" });
  await waitFor(() => expect(calls("refunds.approve")).toHaveLength(1));
  expect(calls("refunds.approve")[0]!.arguments).toMatchObject({ refund_id: clean.id });
});

test("an_application_names_the_order_and_the_dispute_that_keep_it_waiting", async () => {
  // The story's court writes about cedar's account after everything else; an auditor looks then.
  const open = recorded("refunds.list", { wanted: "open" });
  const cedar = open.find((one) => one.ticket_no === "W-88213")!;
  show(`/refunds/${cedar.id}`, "auditor");
  const stops = await screen.findByTestId("refund-stops");
  expect(stops.textContent).toContain("云梦市演示区人民法院");
  expect(stops.textContent).toContain("(2026)演0001执保78号");
  expect(stops.querySelector("a")?.getAttribute("href")).toMatch(/^#\/locks\//);
});

test("who_has_gone_elsewhere_meanwhile_is_not_fetched_back_by_a_decision", async () => {
  let answer = (_: unknown[]) => {};
  const { calls } = show(`/refunds/${moved.id}`, "approver", {
    "refunds.approve": () => moved,
    "refunds.list": () => new Promise<unknown[]>((resolve) => (answer = resolve)),
  });
  fireEvent.click(await screen.findByTestId("refund-approve"));
  await waitFor(() => expect(calls("refunds.list")).toHaveLength(1));
  window.location.hash = "/payouts";
  answer([clean]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(window.location.hash).toBe("#/payouts");
});
