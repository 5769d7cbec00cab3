import { MantineProvider } from "@mantine/core";
import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { spreadsheetNumber } from "../amounts";
import { SpeechProvider } from "../words";
import { Empty } from "./Loading";
import { Table, type Column, type TableProps } from "./Table";

interface Row {
  id: string;
  name: string;
  amount: string;
}

const rows: Row[] = [
  { id: "1", name: "Cedar Logic", amount: "12556.000000" },
  { id: "2", name: "云杉数据", amount: "-118.204417" },
  { id: "3", name: "Fernway", amount: "0.310000" },
];
const columns: Column<Row>[] = [
  { id: "name", title: "Name", width: "1fr", cell: (row) => row.name, copy: (row) => row.name },
  { id: "amount", title: "Amount", width: "120px", align: "end", cell: (row) => row.amount, copy: (row) => spreadsheetNumber(row.amount) },
];

function show(more: Partial<TableProps<Row>> = {}) {
  return render(
    <MantineProvider>
      <SpeechProvider language="en">
        <Table label="Rows" columns={columns} rows={rows} rowKey={(row) => row.id} amount={(row) => row.amount} empty={<Empty title="Nothing">Because the filter is narrow.</Empty>} {...more} />
      </SpeechProvider>
    </MantineProvider>,
  );
}

const press = (key: string, more: object = {}) => fireEvent.keyDown(document.body, { key, ...more });

test("j_k_and_enter_move_and_open", () => {
  const opened = vi.fn();
  show({ onOpen: opened });
  press("j");
  press("j");
  press("k");
  press("Enter");
  expect(opened).toHaveBeenCalledExactlyOnceWith(rows[0]);
});

test("a_selection_counts_and_adds_exactly", () => {
  show();
  press("j");
  press("ArrowDown", { shiftKey: true });
  expect(screen.getByTestId("selection").textContent).toContain("2 rows selected · sum 12,437.795583");
});

test("copied_rows_are_plain_numbers_for_a_spreadsheet", async () => {
  const written = vi.fn().mockResolvedValue(undefined);
  Object.assign(navigator, { clipboard: { writeText: written } });
  show();
  press("a", { ctrlKey: true });
  press("c", { ctrlKey: true });
  expect(written).toHaveBeenCalledWith("Cedar Logic\t12556.00\n云杉数据\t-118.204417\nFernway\t0.31");
});

test("an_empty_list_says_why", () => {
  show({ rows: [] });
  expect(screen.getByText("Because the filter is narrow.")).toBeTruthy();
});

test("keys_sleep_while_someone_types", () => {
  const opened = vi.fn();
  show({ onOpen: opened });
  const field = document.body.appendChild(document.createElement("input"));
  fireEvent.keyDown(field, { key: "j" });
  fireEvent.keyDown(field, { key: "Enter" });
  expect(opened).not.toHaveBeenCalled();
  field.remove();
});

test("space_on_a_tick_box_does_not_select_the_row", () => {
  show();
  press("j");
  const box = document.body.appendChild(document.createElement("input"));
  box.type = "checkbox";
  fireEvent.keyDown(box, { key: " " });
  expect(screen.queryByTestId("selection")).toBeNull();
  press(" ");
  expect(screen.getByTestId("selection").textContent).toContain("1 row selected");
  box.remove();
});

const many: Row[] = Array.from({ length: 300 }, (_, at) => ({ id: `r${at}`, name: `Name ${at}`, amount: "1.00" }));
const tableOf = (more: Partial<TableProps<Row>>) => (
  <MantineProvider>
    <SpeechProvider language="en">
      <Table label="Rows" columns={columns} rows={many} rowKey={(row) => row.id} amount={(row) => row.amount} empty={null} {...more} />
    </SpeechProvider>
  </MantineProvider>
);

test("the_cursor_stays_on_its_row_when_rows_above_it_are_dropped_and_come_back", () => {
  const opened = vi.fn();
  const shown = render(tableOf({ onOpen: opened }));
  for (let times = 0; times < 4; times += 1) press("PageDown");
  shown.rerender(tableOf({ onOpen: opened, rows: many.slice(40) }));
  press("Enter");
  press("j");
  press("Enter");
  // Out of reach for a while, then here again.
  shown.rerender(tableOf({ onOpen: opened, rows: many.slice(200) }));
  press("Enter");
  shown.rerender(tableOf({ onOpen: opened, rows: many }));
  press("Enter");
  expect(opened.mock.calls.map(([row]) => (row as Row).id)).toEqual(["r59", "r60", "r60"]);
});

test("a_selection_holds_its_rows_and_is_drawn_out_from_its_own_row", () => {
  const hold = vi.fn();
  const shown = render(tableOf({ onHold: hold }));
  expect(hold).toHaveBeenLastCalledWith(false);
  press("PageDown");
  press("ArrowDown", { shiftKey: true });
  expect(hold).toHaveBeenLastCalledWith(true);
  // Rows that arrive above move no end of it.
  shown.rerender(tableOf({ onHold: hold, rows: [{ id: "new", name: "New", amount: "1.00" }, ...many] }));
  press("ArrowDown", { shiftKey: true });
  expect(screen.getByTestId("selection").textContent).toContain("3 rows selected");
  press("Escape");
  expect(hold).toHaveBeenLastCalledWith(false);
});

test("a_key_that_is_held_down_shows_only_the_row_it_was_let_go_on", () => {
  const peeked = vi.fn();
  show({ onPeek: peeked });
  press("j");
  press("j", { repeat: true });
  press("j", { repeat: true });
  expect(peeked).toHaveBeenCalledExactlyOnceWith(rows[0]);
  fireEvent.keyUp(document.body, { key: "j" });
  expect(peeked).toHaveBeenLastCalledWith(rows[2]);
});
