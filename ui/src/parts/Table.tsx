// The list of the whole application: virtual rows, the keyboard, a selection that counts and adds,
// copying for a spreadsheet. Sorting, filtering and paging are the database's.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode, type RefObject } from "react";
import { plainMoney, sumOf } from "../amounts";
import type { KontorError } from "../call";
import { useShortcuts } from "../keys";
import { keepQueue } from "../routes";
import { useFormats, useWords } from "../words";
import { cx } from "./cx";
import { Button } from "./Button";
import { Skeleton } from "./Loading";
import { Refusal } from "./Refusal";
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

export interface TableProps<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey(row: Row): string;
  /** Enter, double click, and, unless `onPeek` is given, a click. */
  onOpen?(row: Row): void;
  /** The row under the cursor moved: for a side panel. A click then peeks and does not open. */
  onPeek?(row: Row | null): void;
  /** The rows that are selected now, for what is done with several at once. */
  onSelect?(rows: Row[]): void;
  /** The address of each row: opening goes there, and the list becomes the queue for "next case". */
  amount?(row: Row): string | null;
  compact?: boolean;
  /** Rows with the same key stay together (lines of one journal): no line between them, lit as one. */
  groupKey?(row: Row): string;
  loading?: boolean;
  error?: KontorError | null;
  onRetry?(): void;
  empty: ReactNode;
  more?: (() => void) | null;
  loadingMore?: boolean;
  /** Rows above the first one: fetched as the cursor comes near; what is shown stays where it is. */
  earlier?: (() => void) | null;
  loadingEarlier?: boolean;
  /** Home and End where the list goes on beyond what is loaded. */
  onHome?: (() => void) | null;
  onEnd?: (() => void) | null;
  /** A line above the rows, as "12 newer". */
  newer?: { count: string; show(): void } | null;
  /** Addresses in the order of the rows, kept when one is opened. */
  queue?(row: Row): string;
  /** As tall as its rows, up to this many; otherwise it fills its place and scrolls. */
  natural?: boolean;
  autoFocus?: boolean;
  /** The row that a link led to: the cursor starts there. */
  startAt?(row: Row): boolean;
  rowTestId?: string;
  rowMark?(row: Row): Record<`data-${string}`, string>;
}

interface Selection {
  anchor: number;
  keys: ReadonlySet<string>;
}

const none: Selection = { anchor: -1, keys: new Set() };

export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, rowKey, onOpen, onPeek, compact, groupKey, natural } = props;
  const words = useWords();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const [selection, setSelection] = useState<Selection>(none);
  const [copied, setCopied] = useState(false);
  const height = compact ? 28 : 33;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 12,
  });

  // The cursor stays on its row when rows arrive above it or the filter changes.
  const activeKey = useRef<string | null>(null);
  const keyOf = useRef(rowKey);
  keyOf.current = rowKey;
  useEffect(() => {
    if (activeKey.current === null) return;
    const at = rows.findIndex((row) => keyOf.current(row) === activeKey.current);
    setActive(at);
    if (at < 0) activeKey.current = null;
    setSelection((kept) => {
      const alive = new Set(rows.map((row) => keyOf.current(row)));
      const keys = new Set([...kept.keys].filter((key) => alive.has(key)));
      return keys.size === kept.keys.size ? kept : { anchor: at, keys };
    });
  }, [rows]);

  // Rows that arrive above push the view down by as much, so nothing moves under the eye.
  const firstKey = useRef<string | null>(null);
  useLayoutEffect(() => {
    const before = firstKey.current;
    firstKey.current = rows[0] ? keyOf.current(rows[0]) : null;
    if (before === null || before === firstKey.current || !scroller.current) return;
    const added = rows.findIndex((row) => keyOf.current(row) === before);
    if (added > 0) scroller.current.scrollTop += added * height;
  }, [rows, height]);

  const moveTo = useCallback(
    (at: number) => {
      const bounded = Math.max(0, Math.min(rows.length - 1, at));
      const row = rows[bounded];
      if (!row) return;
      activeKey.current = rowKey(row);
      setActive(bounded);
      virtual.scrollToIndex(bounded, { align: "auto" });
      onPeek?.(row);
    },
    [rows, rowKey, virtual, onPeek],
  );

  const started = useRef(false);
  useEffect(() => {
    if (started.current || rows.length === 0) return;
    started.current = true;
    const at = props.startAt ? rows.findIndex(props.startAt) : -1;
    if (at < 0) return;
    activeKey.current = keyOf.current(rows[at]!);
    setActive(at);
    virtual.scrollToIndex(at, { align: "center" });
    // Only for the first rows that arrive.
  }, [rows]);

  const open = (row: Row) => {
    if (!onOpen) return;
    if (props.queue) keepQueue(rows.map(props.queue));
    onOpen(row);
  };

  const extend = (to: number) => {
    const from = selection.anchor >= 0 ? selection.anchor : Math.max(0, active);
    const [low, high] = from < to ? [from, to] : [to, from];
    setSelection({ anchor: from, keys: new Set(rows.slice(low, high + 1).map(rowKey)) });
    moveTo(to);
  };

  const toggle = (at: number) => {
    const row = rows[at];
    if (!row) return;
    const keys = new Set(selection.keys);
    const key = rowKey(row);
    if (!keys.delete(key)) keys.add(key);
    setSelection({ anchor: at, keys });
  };

  const chosen = useMemo(() => rows.filter((row) => selection.keys.has(rowKey(row))), [rows, rowKey, selection]);

  // Told when other rows are selected, not when the caller only draws again: it draws because it was told.
  const tell = useRef(props.onSelect);
  tell.current = props.onSelect;
  const told = useRef<Row[]>([]);
  useEffect(() => {
    const now = rows.filter((row) => selection.keys.has(keyOf.current(row)));
    if (now.length === told.current.length && now.every((row, at) => row === told.current[at])) return;
    told.current = now;
    tell.current?.(now);
  }, [selection, rows]);

  const copy = async () => {
    const current = rows[active];
    const taken = chosen.length > 0 ? chosen : current ? [current] : [];
    if (taken.length === 0 || window.getSelection()?.toString()) return;
    const written = columns.filter((column) => column.copy);
    const lines = taken.map((row) => written.map((column) => column.copy!(row).replace(/[\t\n\r]/g, " ")).join("\t"));
    await navigator.clipboard.writeText(lines.join("\n"));
    setCopied(true);
    setTimeout(() => setCopied(false), 1600);
  };

  const keys = words.shell.keys;
  useShortcuts([
    { keys: "j", label: keys.move, group: "lists", run: () => moveTo(active + 1) },
    { keys: "k", label: keys.move, group: "lists", run: () => moveTo(active < 0 ? 0 : active - 1) },
    { keys: "ArrowDown", run: () => moveTo(active + 1) },
    { keys: "ArrowUp", run: () => moveTo(active < 0 ? 0 : active - 1) },
    { keys: "Shift+ArrowDown", label: keys.selectMore, group: "lists", run: () => extend(Math.min(rows.length - 1, active + 1)) },
    { keys: "Shift+ArrowUp", run: () => extend(Math.max(0, active - 1)) },
    { keys: "PageDown", run: () => moveTo(active + 15) },
    { keys: "PageUp", run: () => moveTo(active - 15) },
    { keys: "Home", label: keys.top, group: "lists", run: () => (props.onHome ? props.onHome() : moveTo(0)) },
    { keys: "End", run: () => (props.onEnd ? props.onEnd() : moveTo(rows.length - 1)) },
    { keys: "Space", label: keys.select, group: "lists", run: () => toggle(active) },
    ...(selection.keys.size > 0 ? [{ keys: "Escape", run: () => setSelection(none) }] : []),
    { keys: "Mod+a", run: () => setSelection({ anchor: 0, keys: new Set(rows.map(rowKey)) }) },
    { keys: "Mod+c", label: keys.copy, group: "lists", run: () => void copy() },
    ...(onOpen ? [{ keys: "Enter", label: keys.open, group: "lists" as const, run: openActive }] : []),
  ]);

  function openActive() {
    const row = rows[active];
    if (row) open(row);
  }

  useEffect(() => {
    if (props.autoFocus) scroller.current?.focus({ preventScroll: true });
  }, [props.autoFocus]);

  const { more, loadingMore } = props;
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (more && !loadingMore && lastShown >= rows.length - 15) more();
  }, [more, loadingMore, lastShown, rows.length]);
  const { earlier, loadingEarlier } = props;
  const firstShown = items[0]?.index ?? -1;
  useEffect(() => {
    if (earlier && !loadingEarlier && firstShown === 0 && rows.length > 0) earlier();
  }, [earlier, loadingEarlier, firstShown, rows]);

  const click = (event: MouseEvent, at: number) => {
    const row = rows[at];
    if (!row || window.getSelection()?.toString()) return;
    if (event.shiftKey) return extend(at);
    if (event.ctrlKey || event.metaKey) {
      toggle(at);
      return moveTo(at);
    }
    if (selection.keys.size > 0) setSelection({ anchor: at, keys: new Set() });
    moveTo(at);
    if (!onPeek && !(event.target as HTMLElement).closest("a, button")) open(row);
  };

  const shown = useFitting(columns, scroller);
  const tracks = shown.map((column) => column.width).join(" ");
  const minWidth = shown.reduce((sum, column) => sum + leastWidth(column), 0);
  const activeRow = rows[active];
  const activeGroup = groupKey && activeRow ? groupKey(activeRow) : null;
  const settled = !props.loading && !props.error && rows.length === 0;
  return (
    <div className={cx(classes.table, natural && classes.natural, compact && classes.compact)}>
      <div
        ref={scroller}
        className={classes.scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.length}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        aria-multiselectable="true"
        tabIndex={0}
      >
        <div className={classes.head} role="row" style={{ gridTemplateColumns: tracks, minWidth }}>
          {shown.map((column) => (
            <span key={column.id} role="columnheader" className={cx(column.align === "end" && classes.end)}>
              {column.title}
            </span>
          ))}
        </div>
        {props.newer && (
          <button type="button" className={classes.newer} onClick={props.newer.show}>
            {words.parts.newer(props.newer.count)}
          </button>
        )}
        {props.error && rows.length === 0 && (
          <div className={classes.refused}>
            <Refusal error={props.error} onRetry={props.onRetry} />
          </div>
        )}
        {props.loading && rows.length === 0 && !props.error && <Skeleton rows={natural ? 3 : 10} />}
        {settled && props.empty}
        <div className={classes.rows} style={{ height: virtual.getTotalSize(), minWidth }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const above = rows[item.index - 1];
            const starts = !groupKey || !above || groupKey(above) !== groupKey(row);
            return (
              <div
                key={item.key}
                id={`${id}-${item.index}`}
                role="row"
                aria-rowindex={item.index + 1}
                aria-selected={selection.keys.has(rowKey(row))}
                data-active={item.index === active || undefined}
                data-starts={starts || undefined}
                data-lit={(activeGroup !== null && groupKey?.(row) === activeGroup) || undefined}
                data-opens={onOpen ? true : undefined}
                data-testid={props.rowTestId}
                className={classes.row}
                style={{ gridTemplateColumns: tracks, height, transform: `translateY(${item.start}px)` }}
                onClick={(event) => click(event, item.index)}
                onDoubleClick={() => onPeek && open(row)}
                {...props.rowMark?.(row)}
              >
                {shown.map((column) => (
                  <span key={column.id} role="gridcell" className={cx(classes.cell, column.align === "end" && classes.end)}>
                    {column.cell(row)}
                  </span>
                ))}
              </div>
            );
          })}
        </div>
        {more && rows.length > 0 && (
          <div className={classes.more}>
            <Button small kind="quiet" onClick={more} busy={loadingMore}>
              {loadingMore ? words.parts.loadingMore : words.parts.more}
            </Button>
          </div>
        )}
      </div>
      {(chosen.length > 0 || copied) && <Chosen rows={chosen} amount={props.amount} copied={copied} onCopy={() => void copy()} />}
    </div>
  );
}

const leastWidth = (column: { width: string }) => Number(/(\d+)px/.exec(column.width)?.[1] ?? 60);

/** The columns that fit the width, the spare ones left out first. */
function useFitting<Row>(columns: Column<Row>[], place: RefObject<HTMLElement | null>): Column<Row>[] {
  const [width, setWidth] = useState(Infinity);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth || Infinity));
    setWidth(element.clientWidth || Infinity);
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return useMemo(() => {
    const dropped = new Set<string>();
    let needed = columns.reduce((sum, column) => sum + leastWidth(column), 0);
    const spare = columns.filter((column) => column.spare !== undefined).sort((a, b) => a.spare! - b.spare!);
    for (const column of spare) {
      if (needed <= width) break;
      dropped.add(column.id);
      needed -= leastWidth(column);
    }
    return dropped.size === 0 ? columns : columns.filter((column) => !dropped.has(column.id));
  }, [columns, width]);
}

/** How many rows are selected and what they add up to, to the last millionth. */
function Chosen<Row>({ rows, amount, copied, onCopy }: { rows: Row[]; amount?: (row: Row) => string | null; copied: boolean; onCopy(): void }) {
  const words = useWords();
  const formats = useFormats();
  const amounts = amount ? rows.map(amount).filter((value): value is string => value !== null) : [];
  const count = formats.count(rows.length);
  return (
    <div className={classes.chosen} role="status" data-testid="selection">
      <span>{copied ? words.parts.copied : amount ? words.parts.selected(count, plainMoney(sumOf(amounts))) : words.parts.selectedOnly(count)}</span>
      <Button small kind="quiet" onClick={onCopy}>
        {words.parts.copy}
      </Button>
    </div>
  );
}
