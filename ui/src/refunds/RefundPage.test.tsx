import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { replaceHost } from "../call";
import { answers } from "../gallery/refunds";
import { makeQueries } from "../reading";
import { SessionContext, type Session } from "../session";
import { SpeechProvider } from "../words";
import RefundsScreen from "./RefundsScreen";

interface Sent {
  name: string;
  arguments: Record<string, unknown>;
}
let sent: Sent[] = [];
let changed: Record<string, (args: Record<string, unknown>) => unknown> = {};

const session = { login: "approver", duties: ["approver"], people: [], rehearsal: true, database: "k", now_at: "2026-02-13T02:42:00Z", heard_at: Date.now(), last_event: "1" } as unknown as Session;

beforeEach(() => {
  sent = [];
  changed = {};
  replaceHost({
    async ask(command, body) {
      if (command !== "call") return null;
      const { name, arguments: args } = body as unknown as Sent;
      sent.push({ name, arguments: args });
      return (changed[name] ?? answers[name])?.(args);
    },
  });
});

function show(address: string, duties: string[] = ["approver"]) {
  window.location.hash = address;
  return render(
    <MantineProvider>
      <QueryClientProvider client={makeQueries()}>
        <SpeechProvider language="en">
          <SessionContext value={{ ...session, duties: duties as Session["duties"], login: duties[0]! }}>
            <RefundsScreen />
          </SessionContext>
        </SpeechProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const calls = (name: string) => sent.filter((one) => one.name === name);

test("approving_sends_the_digest_that_was_shown_and_opens_the_next_case", async () => {
  show("/refunds/01-0");
  fireEvent.click(await screen.findByTestId("refund-approve"));
  await waitFor(() => expect(calls("refunds.approve")).toHaveLength(1));
  const page = answers["refunds.open"]!({ refund_id: "01-0" }) as { digest: string };
  expect(calls("refunds.approve")[0]!.arguments).toMatchObject({ refund_id: "01-0", digest: page.digest });
  expect(await screen.findByTestId("refund-decided")).toHaveProperty("dataset.no", "R-2026-0112");
  expect(screen.getByTestId("refund-number").textContent).toBe("R-2026-0111");
});

test("the_last_case_stays_open_after_its_decision", async () => {
  changed["refunds.list"] = () => [];
  show("/refunds/01-0");
  fireEvent.click(await screen.findByTestId("refund-approve"));
  expect((await screen.findByTestId("refund-decided")).textContent).toContain("Nothing else waits for you");
  expect(screen.getByTestId("refund-number").textContent).toBe("R-2026-0112");
});

test("a_refused_approval_says_what_moved_and_reads_the_case_again", async () => {
  show("/refunds/01-1");
  const button = await screen.findByTestId("refund-approve");
  const before = calls("refunds.open").length;
  fireEvent.click(button);
  expect((await screen.findByTestId("refusal")).textContent).toContain("¥ 263.06 was seen, ¥ 261.83 is right now");
  await waitFor(() => expect(calls("refunds.open").length).toBeGreaterThan(before));
});

test("a_step_that_is_not_mine_is_blocked_and_says_why", async () => {
  show("/refunds/01-3", ["treasurer"]);
  const button = await screen.findByTestId("refund-approve-second");
  expect(button.getAttribute("aria-disabled")).toBe("true");
  fireEvent.click(button);
  expect(calls("refunds.approve_second")).toHaveLength(0);
  const line = screen.getAllByTestId("refund-action").find((one) => one.dataset.action === "refunds.release");
  expect(line?.textContent).toContain("The second approval is missing.");
});

test("figures_that_moved_show_the_old_one_struck_through", async () => {
  show("/refunds/01-0");
  const lot = (await screen.findAllByTestId("refund-lot"))[0]!;
  expect(lot.querySelector("del")?.textContent).toBe("2,442.77");
  expect(screen.getByTestId("refund-moved")).toBeTruthy();
});

test("an_application_needs_reason_ticket_proof_and_the_customers_word", async () => {
  show("/refunds/new?customer=1", ["agent"]);
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
  changed["refunds.request"] = () => ({ id: "01-0" });
  fireEvent.click(screen.getByTestId("refund-submit"));
  await waitFor(() => expect(calls("refunds.request")).toHaveLength(1));
  expect(calls("refunds.request")[0]!.arguments).toMatchObject({ customer_id: "1", ticket_no: "W-1", gifts_void_confirmed: true, expected_net: "12480.66" });
});

test("a_locked_account_cannot_apply_and_the_clause_is_named", async () => {
  show("/refunds/new?customer=6", ["agent"]);
  const refused = await screen.findByTestId("refund-refused");
  expect(refused.dataset.rule).toBe("account_locked");
  expect(refused.textContent).toContain("RA 5.2, 5.3");
  expect(screen.getByTestId("refund-submit").getAttribute("aria-disabled")).toBe("true");
});
