import { waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { go, goBack } from "./routes";

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
