// Every screen on the recorded answers: drawn in both languages, empty with its reason, refused with what, why and next.
import { screen, waitFor, within } from "@testing-library/react";
import { createElement, Suspense, type ComponentType } from "react";
import { describe, expect, test } from "vitest";
import type { CommandName } from "./bindings";
import { recorded, recordingsOf } from "./gallery/recorded";
import { showScreen, type Changed } from "./gallery/show";
import { screens } from "./screens";

interface Place {
  section: string;
  address: string;
  login: string;
  /** The read that the screen cannot do without, if it has one. */
  read?: CommandName;
  /** A list that can be empty, and what an empty answer is. */
  empty?: unknown;
}

const run = recorded("invoices.list_runs")[0]!;
const queue = recorded("prints.list")[0]!;
const refund = recorded("refunds.list", { wanted: "all" })[0]!;
const dispute = recorded("disputes.list", { wanted: "open" })[0]!;
const order = recorded("judicial_locks.list", { wanted: "in_force" })[0]!;
const invoice = recorded("invoices.list")[0]!;
const inviter = recorded("campaign.inviters")[0]!;
const objection = recorded("campaign.objections", { wanted: "open" })[0]!;
const review = recorded("campaign.reviews", { wanted: "decided" })[0]!;
const violation = recordingsOf("campaign.violation")[0]!.arguments.violation_id as string;

const places: Place[] = [
  { section: "today", address: "/today", login: "handler", read: "today.open" },
  { section: "ledger", address: "/ledger", login: "auditor", read: "ledger.list", empty: [] },
  { section: "books", address: "/books", login: "accountant", read: "periods.open" },
  { section: "books", address: "/books?view=income", login: "accountant", read: "income.list", empty: [] },
  { section: "books", address: "/books?view=corrections", login: "approver", read: "corrections.list", empty: [] },
  { section: "customers", address: "/customers", login: "agent", read: "customers.list", empty: [] },
  { section: "customers", address: "/customers/1", login: "agent", read: "customers.open" },
  { section: "imports", address: "/imports", login: "accountant", read: "imports.list", empty: [] },
  { section: "imports", address: "/imports/exceptions", login: "accountant", read: "exceptions.list", empty: [] },
  { section: "refunds", address: "/refunds", login: "approver", read: "refunds.list", empty: [] },
  { section: "refunds", address: `/refunds/${refund.id}`, login: "approver", read: "refunds.open" },
  { section: "refunds", address: "/refunds/new?customer=3", login: "agent", read: "refunds.quote" },
  { section: "payouts", address: "/payouts", login: "treasurer", read: "payouts.board" },
  { section: "disputes", address: "/disputes", login: "handler", read: "disputes.list", empty: [] },
  { section: "disputes", address: `/disputes/${dispute.id}`, login: "handler", read: "disputes.open" },
  { section: "locks", address: "/locks", login: "legal", read: "judicial_locks.list", empty: [] },
  { section: "locks", address: `/locks/${order.id}`, login: "legal", read: "judicial_locks.open" },
  { section: "deadlines", address: "/deadlines", login: "handler", read: "deadlines.list", empty: [] },
  { section: "deadlines", address: "/deadlines?view=month&month=2026-02", login: "handler", read: "deadlines.month" },
  { section: "invoices", address: "/invoices", login: "taxclerk", read: "invoices.list", empty: [] },
  { section: "invoices", address: "/invoices?view=due", login: "taxclerk", read: "invoices.list_invoiceable", empty: [] },
  { section: "invoices", address: `/invoices/${invoice.id}`, login: "taxclerk", read: "invoices.open" },
  { section: "invoices", address: "/invoices?view=requests", login: "taxclerk", read: "invoices.list_requests", empty: [] },
  { section: "invoices", address: "/invoices?view=runs", login: "taxclerk", read: "invoices.list_runs", empty: [] },
  { section: "invoices", address: "/invoices/runs/new", login: "taxclerk", read: "invoices.preview_run" },
  { section: "invoices", address: `/invoices/runs/${run.id}`, login: "taxclerk", read: "invoices.open_run" },
  { section: "invoices", address: "/invoices?view=prints", login: "taxclerk", read: "prints.list", empty: [] },
  { section: "invoices", address: `/invoices/prints/${queue.id}`, login: "taxclerk", read: "prints.open" },
  { section: "invoices", address: "/invoices?view=tax", login: "taxclerk", read: "tax.open" },
  { section: "campaign", address: "/campaign", login: "growth", read: "campaign.overview" },
  { section: "campaign", address: "/campaign?view=inviters", login: "growth", read: "campaign.inviters", empty: [] },
  { section: "campaign", address: "/campaign?view=objections", login: "agent", read: "campaign.objections", empty: [] },
  { section: "campaign", address: "/campaign?view=reviews", login: "risk", read: "campaign.reviews", empty: [] },
  { section: "campaign", address: "/campaign?view=terms", login: "growth", read: "campaign.terms" },
  { section: "campaign", address: `/campaign/inviters/${inviter.customer_id}`, login: "growth", read: "campaign.inviter" },
  { section: "campaign", address: `/campaign/friends/${objection.friend_id}`, login: "agent", read: "campaign.replay" },
  { section: "campaign", address: `/campaign/objections/${objection.id}`, login: "growth", read: "campaign.objection" },
  { section: "campaign", address: `/campaign/reviews/${review.id}`, login: "risk", read: "campaign.review" },
  { section: "campaign", address: `/campaign/violations/${violation}`, login: "approver", read: "campaign.violation" },
  { section: "proposals", address: "/proposals", login: "approver", read: "proposals.list", empty: [] },
  { section: "proposals", address: "/proposals?view=decided", login: "approver", read: "proposals.list", empty: [] },
  { section: "policy", address: "/policy", login: "approver", read: "policies.list" },
  { section: "policy", address: "/policy?view=people", login: "supervisor", read: "people.list" },
  { section: "policy", address: "/policy?view=calendars", login: "administrator", read: "calendar.list" },
  { section: "policy", address: "/policy?view=catalogue", login: "administrator", read: "catalogue.open" },
  { section: "policy", address: "/policy?view=sellers", login: "administrator", read: "invoices.list_sellers" },
];

function show(place: Place, language: "en" | "zh-CN", changed: Changed = {}) {
  const found = screens.find((one) => one.section === place.section)!;
  const View = found.View as ComponentType;
  const Whole = () => createElement(Suspense, { fallback: null }, createElement(View));
  return showScreen(Whole, place.address, { login: place.login, language, changed });
}

/** Chinese where Chinese is asked for; the rest of the page is names, numbers and codes. */
const chinese = /[\u4e00-\u9fff]/;
const drawn = () => waitFor(() => expect(document.querySelector('[data-testid^="screen-"]')?.getAttribute("data-ready")).toBe("true"), { timeout: 10_000 });

describe.each(places)("$address", (place) => {
  test.each(["en", "zh-CN"] as const)("is drawn from its recorded answer, %s", async (language) => {
    const { container, sent } = show(place, language);
    await drawn();
    expect(screen.queryAllByTestId("refusal").map((one) => one.textContent)).toEqual([]);
    if (place.read) expect(sent.map((one) => one.name)).toContain(place.read);
    const buttons = [...container.querySelectorAll("button, [role=tab], th, [role=columnheader]")].map((one) => one.textContent).join(" ");
    expect(container.textContent.length).toBeGreaterThan(40);
    if (language === "zh-CN") expect(buttons).toMatch(chinese);
    // A word that is missing shows itself so.
    expect(container.textContent).not.toMatch(/undefined|\[object|NaN/);
  });

  const { read } = place;
  if (read && place.empty !== undefined)
    test.each(["en", "zh-CN"] as const)("says why it is empty, %s", async (language) => {
      show(place, language, { [read]: () => place.empty });
      const empty = await screen.findByTestId("empty", {}, { timeout: 10_000 });
      // A title and a reason, not only "nothing here".
      expect(empty.children.length).toBeGreaterThan(1);
      if (language === "zh-CN") expect(empty.textContent).toMatch(chinese);
      else expect(empty.textContent).not.toMatch(chinese);
    });

  if (!read) return;
  test.each(["en", "zh-CN"] as const)("says what was refused, why, and what to do, %s", async (language) => {
    show(place, language, {
      [read]: () => {
        throw { kind: "not_allowed", detail: { duties: ["auditor"] } };
      },
    });
    const [refused] = await screen.findAllByTestId("refusal", {}, { timeout: 10_000 });
    const said = within(refused!).getAllByText((_, element) => element?.tagName === "P" && element.textContent !== "");
    expect(said.length).toBeGreaterThanOrEqual(3);
    if (language === "zh-CN") expect(refused!.textContent).toMatch(chinese);
    else expect(refused!.textContent).not.toMatch(chinese);
  });
});

test("every_screen_is_looked_at_here", () => {
  const unseen = screens.filter((one) => one.View && !places.some((place) => place.section === one.section)).map((one) => one.section);
  expect(unseen).toEqual([]);
});

test("every_read_of_a_screen_is_recorded", () => {
  const sources = import.meta.glob<string>(["./**/*.ts", "./**/*.tsx", "!./**/*.test.*"], { eager: true, query: "?raw", import: "default" });
  const asked = Object.values(sources).flatMap((text) => [...text.matchAll(/use(?:Read|Pages)\(\s*"([a-z_.]+)"/g)].map((found) => found[1] as CommandName));
  expect([...new Set(asked)].filter((name) => recordingsOf(name).length === 0).sort()).toEqual([]);
});
