import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import ProposalsScreen from "../proposals/ProposalsScreen";
import PolicyScreen from "./PolicyScreen";
import { rateState, type Product } from "./values";

const show = (login: string, language?: "en" | "zh-CN") => showScreen(PolicyScreen, "/policy?view=catalogue", { login, language });

test("each_rate_says_from_which_month_and_who_answered_for_it", async () => {
  show("accountant");
  const rows = await screen.findAllByTestId("rate-row");
  const voice = rows.find((row) => row.textContent?.includes("Speech synthesis"))!;
  expect(voice.dataset.state).toBe("inForce");
  for (const said of ["Feb 2026", "9 %", "accountant", "approver", "公告2026年第3号"]) expect(voice.textContent).toContain(said);
  expect(rows.map((row) => row.dataset.state)).toEqual(["declined", "inForce", "proposed", "inForce", "inForce", "over"]);
  const waiting = rows.find((row) => row.dataset.state === "proposed")!;
  expect(waiting.querySelector("a")?.getAttribute("href")).toMatch(/^#\/proposals\?one=vat_rate%3A/);
});

test("what_a_rate_changes_is_shown_before_it_is_proposed", async () => {
  const { calls } = show("accountant");
  await screen.findAllByTestId("rate-row");
  fireEvent.keyDown(window, { key: "t" });
  const submit = await screen.findByTestId("rate-submit");
  fireEvent.click(screen.getByTestId("rate-product"));
  fireEvent.click(await screen.findByText("Speech synthesis · voice"));
  fireEvent.click(screen.getByTestId("rate-month-from"));
  fireEvent.click(await screen.findByText("Feb 2026", { selector: "[role=option] *, [role=option]" }));
  fireEvent.change(screen.getByTestId("rate-percent"), { target: { value: "９" } });
  const effect = await screen.findByTestId("rate-effect");
  expect(screen.getByTestId("rate-month").textContent).toBe("Feb 2026218.00441712.3418.00");
  expect(effect.textContent).toContain("No paper was issued for these months at another rate.");
  expect(submit.getAttribute("aria-disabled")).toBe("true");
  fireEvent.change(screen.getByTestId("rate-reason"), { target: { value: "公告2026年第3号" } });
  fireEvent.click(submit);
  await waitFor(() => expect(calls("vat.propose_rate")[0]?.arguments).toMatchObject({ product: "voice", from_month: "2026-02-01", rate: "0.09", reason: "公告2026年第3号" }));
});

test("whoever_may_not_propose_is_told_why_and_reads_it_in_chinese", async () => {
  show("auditor", "zh-CN");
  expect((await screen.findByTestId("rate-propose")).getAttribute("aria-disabled")).toBe("true");
  expect(screen.getByTestId("vat-rates").textContent).toContain("同一产品同一月份的收入只适用一个税率");
});

test("the_second_person_sees_what_it_changes_and_confirms_by_the_key", async () => {
  const waiting = recorded("catalogue.open").products.flatMap((one) => one.rates).find((one) => one.status === "proposed")!;
  const { calls } = showScreen(ProposalsScreen, `/proposals?one=vat_rate:${waiting.id}&view=open`, { login: "approver" });
  const sheet = await screen.findByTestId("proposal-sheet");
  for (const said of ["Image generation", "6 %", "9 %", "Mar 2026", "公告2026年第5号"]) expect(sheet.textContent).toContain(said);
  expect(screen.getByTestId("rate-effect").textContent).toContain("There is no revenue of these months yet.");
  fireEvent.keyDown(window, { key: "a" });
  await waitFor(() => expect(calls("vat.confirm_rate")[0]?.arguments).toMatchObject({ rate_id: waiting.id }));
});

test("of_two_rates_from_one_month_the_one_confirmed_last_holds", () => {
  const [product] = recorded("catalogue.open").products;
  const rate = (id: string, from_month: string | null, confirmed_at: string) => ({ ...product!.rates[0]!, id, from_month, confirmed_at, status: "confirmed" as const });
  const rates = [rate("d", "2026-05-01", "2026-04-01"), rate("c", "2026-03-01", "2026-02-02"), rate("b", "2026-03-01", "2026-02-09"), rate("a", null, "2020-01-01")];
  const states = (month: string) => rates.map((one) => rateState({ ...product!, rates } as Product, one, month));
  expect(states("2026-02-01")).toEqual(["ahead", "replaced", "ahead", "inForce"]);
  expect(states("2026-04-01")).toEqual(["ahead", "replaced", "inForce", "over"]);
  expect(states("2026-06-01")).toEqual(["inForce", "replaced", "over", "over"]);
});
