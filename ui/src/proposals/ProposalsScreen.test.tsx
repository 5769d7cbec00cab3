import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render, screen, waitFor } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { replaceHost } from "../call";
import { makeQueries } from "../reading";
import { SessionContext, type Session } from "../session";
import { SpeechProvider } from "../words";
import type { Proposal, ProposalPage } from "./deciding";
import ProposalsScreen from "./ProposalsScreen";

interface Sent {
  name: string;
  arguments: Record<string, unknown>;
}
let sent: Sent[] = [];
let open: Proposal[] = [];

const proposal = (more: Partial<Proposal>): Proposal => ({
  kind: "credit_back", id: "0192-a", number: "U-1", customer_id: "7", customer_name: "张*", amount: "12.345678", commodity: "CNY", reason: "The service was down", proposed_by: "accountant", proposed_at: "2026-02-12T02:00:00Z",
  duty: "approver", status: "proposed", decided_by: null, decided_at: null, note: null, case_kind: "customer", case_id: "7", journal_id: null, may_confirm: "yes", may_decline: true, ...more,
});
const pageOf = (one: Proposal): ProposalPage => ({
  proposal: one,
  lines: one.kind === "policy" ? null : [
    { account: "revenue.chat", title_en: "Revenue · Chat", title_zh: "收入 · 对话", customer: false, commodity: "CNY", amount: "12.345678" },
    { account: "wallet", title_en: "Wallet", title_zh: "钱包余额", customer: true, commodity: "CNY", amount: "-12.345678" },
  ],
  detail: one.kind === "policy" ? { name: "evidence_days", channel: null, value: 45, before: 30, valid_from: "2026-03-01T00:00:00Z" } : { product: "chat", used_from: "2026-02-01T00:00:00Z", usage_amount: "20.000000", parts: [{ order_no: "R1", activity: null, held: false, refunded: false, amount: "12.345678" }] },
});

beforeEach(() => {
  sent = [];
  open = [proposal({}), proposal({ id: "5", kind: "policy", number: "evidence_days", customer_id: null, customer_name: null, amount: null, commodity: null, case_kind: "policy", case_id: "5", proposed_by: "administrator", reason: "A longer window" })];
  replaceHost({
    async ask(command, body) {
      if (command !== "call") return null;
      const { name, arguments: args } = body as unknown as Sent;
      sent.push({ name, arguments: args });
      if (name === "proposals.list") return open;
      if (name === "proposals.open") return pageOf(open.find((one) => one.kind === args.kind && one.id === args.id) ?? proposal({}));
      open = open.filter((one) => !Object.values(args).map(String).includes(one.id));
      return {};
    },
  });
});

const session = { login: "approver", duties: ["approver"], people: [], rehearsal: true, database: "k", now_at: "2026-02-13T02:42:00Z", heard_at: Date.now(), last_event: "1" } as unknown as Session;

function show(address = "/proposals?one=credit_back:0192-a&view=waiting", language: "en" | "zh-CN" = "en") {
  window.location.hash = address;
  return render(
    <MantineProvider>
      <QueryClientProvider client={makeQueries()}>
        <SpeechProvider language={language}>
          <SessionContext value={session}>
            <ProposalsScreen />
          </SessionContext>
        </SpeechProvider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const calls = (name: string) => sent.filter((one) => one.name === name);

test("a_proposal_shows_what_it_posts_and_the_key_confirms_it_by_its_own_command", async () => {
  show();
  const sheet = await screen.findByTestId("proposal-sheet");
  expect(sheet.textContent).toContain("The service was down");
  expect(screen.getByTestId("lines").textContent).toContain("12.345678");
  expect(screen.getByTestId("credit-back-parts").textContent).toContain("R1");
  fireEvent.keyDown(window, { key: "a" });
  await waitFor(() => expect(calls("usage.confirm_credit_back")).toHaveLength(1));
  expect(calls("usage.confirm_credit_back")[0]!.arguments).toMatchObject({ credit_back_id: "0192-a" });
});

test("after_a_decision_the_next_proposal_opens", async () => {
  show();
  fireEvent.click(await screen.findByTestId("proposal-confirm"));
  await waitFor(() => expect(window.location.hash).toContain("policy%3A5"));
  const sheet = await screen.findByText("A longer window");
  expect(sheet).toBeTruthy();
  expect(screen.getByTestId("proposal-sheet").textContent).toContain("It moves no money.");
});

test("declining_asks_why_and_sends_a_number_where_the_wire_wants_one", async () => {
  show("/proposals?one=policy:5&view=waiting");
  fireEvent.click(await screen.findByTestId("proposal-decline"));
  const submit = await screen.findByTestId("proposal-decline-submit");
  fireEvent.click(submit);
  expect(calls("policies.decline")).toHaveLength(0);
  fireEvent.change(screen.getByTestId("proposal-decline-reason"), { target: { value: " Not now " } });
  fireEvent.click(submit);
  await waitFor(() => expect(calls("policies.decline")).toHaveLength(1));
  expect(calls("policies.decline")[0]!.arguments).toMatchObject({ policy_id: 5, reason: "Not now" });
});

test("an_own_proposal_says_why_it_waits_and_can_be_taken_back", async () => {
  open = [proposal({ may_confirm: "own", proposed_by: "approver" })];
  show("/proposals?one=credit_back:0192-a&view=mine", "zh-CN");
  const confirm = await screen.findByTestId("proposal-confirm");
  expect(confirm.getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByTestId("proposal-sheet").textContent).toContain("须由他人复核");
  expect(screen.getByTestId("proposal-decline").textContent).toContain("撤回");
});

test("an_empty_list_says_why", async () => {
  open = [];
  show("/proposals");
  expect(await screen.findByText("Nothing waits for your confirmation.")).toBeTruthy();
});
