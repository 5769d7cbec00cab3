// One row of a list. It is drawn again only when something of its own changed: a press of a key moves the cursor
// from one row to another, and the other fifty stay as they are.
import { memo, type MouseEvent, type ReactNode, type RefObject } from "react";
import { cx } from "./cx";
import classes from "./table.module.css";

export interface Column<Row> {
  id: string;
  title: ReactNode;
  /** A grid track: "120px", "minmax(140px, 1fr)". */
  width: string;
  align?: "start" | "end";
  /** May be left out where the window is too narrow; the lowest goes first. Copying still takes it. */
  spare?: number;
  cell(row: Row): ReactNode;
  /** What a spreadsheet gets; numbers plain. Without it the column is not copied. */
  copy?(row: Row): string;
}

/** What a row tells its list; read when it happens, so that a row need not be drawn again for a new closure. */
export interface RowEvents {
  click(event: MouseEvent, at: number): void;
  doubleClick(at: number): void;
}

interface RowProps<Row> {
  row: Row;
  at: number;
  list: string;
  columns: Column<Row>[];
  on: RefObject<RowEvents>;
  active: boolean;
  selected: boolean;
  lit: boolean;
  starts: boolean;
  opens: boolean;
  testId?: string;
  mark?(row: Row): Record<`data-${string}`, string>;
}

function PlainRow<Row>({ row, at, list, columns, on, active, selected, lit, starts, opens, testId, mark }: RowProps<Row>) {
  return (
    <div
      id={`${list}-${at}`}
      role="row"
      aria-rowindex={at + 1}
      aria-selected={selected}
      data-active={active || undefined}
      data-starts={starts || undefined}
      data-lit={lit || undefined}
      data-opens={opens || undefined}
      data-testid={testId}
      className={classes.row}
      onClick={(event) => on.current.click(event, at)}
      onDoubleClick={() => on.current.doubleClick(at)}
      {...mark?.(row)}
    >
      {columns.map((column) => (
        <span key={column.id} role="gridcell" className={cx(classes.cell, column.align === "end" && classes.end)}>
          {column.cell(row)}
        </span>
      ))}
    </div>
  );
}

export const TableRow = memo(PlainRow) as <Row>(props: RowProps<Row> & { key?: string | number | bigint }) => ReactNode;
