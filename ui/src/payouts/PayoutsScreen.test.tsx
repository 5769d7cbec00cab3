import { fireEvent, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { recorded } from "../gallery/recorded";
import { showScreen } from "../gallery/show";
import PayoutsScreen from "./PayoutsScreen";

const board = recorded("payouts.board", {}, "treasurer");
const batch = board.batches[0]!;

test("a_batch_is_saved_as_the_providers_file_and_as_csv_under_the_names_it_was_kept_with", async () => {
  const { hosted } = showScreen(PayoutsScreen, `/payouts/files/${batch.id}`, { login: "treasurer" });
  fireEvent.click(await screen.findByTestId("payout-save"));
  await waitFor(() => expect(hosted.filter((one) => one.command === "save_file")).toHaveLength(1));
  fireEvent.click(screen.getByTestId("payout-save-csv"));
  await waitFor(() => expect(hosted.filter((one) => one.command === "save_file")).toHaveLength(2));
  expect(hosted.filter((one) => one.command === "payout_file").map((one) => [one.body.batchId, one.body.kind])).toEqual([
    [batch.id, "provider"],
    [batch.id, "csv"],
  ]);
  expect(hosted.filter((one) => one.command === "save_file").map((one) => one.body.name)).toEqual(batch.files.map((file) => file.file_name));
});

test("transfers_stand_on_the_board_against_the_bank_account", async () => {
  const bank = board.channels.find((channel) => channel.channel === "bank")!;
  const leg = board.legs.find((one) => one.channel === "bank")!;
  showScreen(PayoutsScreen, "/payouts", { login: "treasurer" });
  const panel = await screen.findByTestId("payout-channel-bank");
  expect(panel.textContent).toContain(bank.under_way);
  expect(panel.textContent).toContain("Bank account");
  expect(screen.queryByTestId("payout-export-bank")).toBeNull();
  const rows = await screen.findAllByTestId("payout-leg");
  expect(rows.find((row) => row.dataset.no === leg.refund_no)?.dataset.state).toBe("transfer_in_approval");
});
