import { act, renderHook, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { amend, go, goBack, useRoute } from "./routes";

const link = (address: string) => {
  const made = document.createElement("a");
  made.href = `#${address}`;
  document.body.append(made);
  return made;
};
const at = (address: string) => waitFor(() => expect(window.location.hash).toBe(`#${address}`));

test("back_leads_from_where_a_link_led_to_the_figure_it_stood_on", async () => {
  window.location.hash = "#/books?view=trial&asof=2026-01-15";
  await at("/books?view=trial&asof=2026-01-15");
  link("/ledger?account=bank").click();
  await at("/ledger?account=bank");
  goBack();
  await at("/books?view=trial&asof=2026-01-15");
  // Nothing is left to go back to: one level up.
  goBack();
  await at("/today");
});

test("a_row_that_goes_where_its_link_leads_is_one_step", async () => {
  window.location.hash = "#/refunds";
  await at("/refunds");
  const both = link("/refunds/7");
  both.addEventListener("click", () => go("/refunds/7"));
  both.click();
  await at("/refunds/7");
  goBack();
  await at("/refunds");
  goBack();
  await at("/today");
});

test("a_cursor_in_haste_writes_the_address_less_often_than_an_engine_refuses", () => {
  window.location.hash = "#/ledger";
  const written = vi.spyOn(history, "replaceState");
  const shown = renderHook(() => useRoute());
  for (let row = 0; row < 300; row += 1) act(() => amend(`/ledger?journal=${row}`));
  expect(written.mock.calls.length).toBeLessThan(100);
  expect(shown.result.current.query.get("journal")).toBe("299");
  // Whoever goes on from there comes back to it.
  act(() => go("/today"));
  expect(written.mock.calls.at(-1)![2]).toBe("#/ledger?journal=299");
  expect(window.location.hash).toBe("#/today");
});
