// The list of the whole application: virtual rows, the keyboard, a selection that counts and adds,
// copying for a spreadsheet. Sorting, filtering and paging are the database's.
import { observeElementOffset, useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type MouseEvent, type ReactNode, type RefObject } from "react";
import { plainMoney, sumOf } from "../amounts";
import type { KontorError } from "../call";
import { useShortcuts } from "../keys";
import { keepQueue } from "../routes";
import { useFormats, useWords } from "../words";
import { cx } from "./cx";
import { Button } from "./Button";
import { Skeleton } from "./Loading";
import { Refusal } from "./Refusal";
import { TableRow, type Column, type RowEvents } from "./TableRow";
import classes from "./table.module.css";

export type { Column };

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
  /** Rows are selected: none that is loaded may be dropped until they are not. */
  onHold?(held: boolean): void;
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
  /** The row that a selection is drawn out from. */
  anchor: string | null;
  keys: ReadonlySet<string>;
}

const none: Selection = { anchor: null, keys: new Set() };
/** Heights in table.module.css: the head, and the line "12 newer". */
const headHeight = 32;
const newerHeight = 28;
/** Once somebody goes through a list, the next page is asked for this many rows before the end: some five presses. */
const ahead = 80;

export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, rowKey, onOpen, onPeek, compact, groupKey, natural } = props;
  const words = useWords();
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(-1);
  const [selection, setSelection] = useState<Selection>(none);
  const [copied, setCopied] = useState(false);
  const height = compact ? 28 : 33;
  const keyOf = useRef(rowKey);
  keyOf.current = rowKey;
  const keyAt = useCallback((at: number) => keyOf.current(rows[at]!), [rows, height]);
  const above = headHeight + (props.newer ? newerHeight : 0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: keyAt,
    overscan: 12,
    scrollMargin: above,
    scrollPaddingStart: headHeight,
    observeElementOffset: observeOffset,
    // What is shown is held by its key while pages come or go above it, so nothing moves under the eye.
    anchorTo: "end",
  });

  // The cursor stays on its row when rows arrive above it or the filter changes; its row may be out of reach for a while.
  const activeKey = useRef<string | null>(null);
  const moved = useRef(false);
  useLayoutEffect(() => {
    if (activeKey.current !== null) {
      const at = rows.findIndex((row) => keyOf.current(row) === activeKey.current);
      setActive(at);
      // The cursor was on its way when the rows changed places: the way leads to the row, not to the place.
      if (moved.current && at >= 0) virtual.scrollToIndex(at, { align: "auto" });
    }
    setSelection((kept) => {
      if (kept.keys.size === 0) return kept;
      const alive = new Set(rows.map((row) => keyOf.current(row)));
      const keys = new Set([...kept.keys].filter((key) => alive.has(key)));
      return keys.size === kept.keys.size ? kept : { ...kept, keys };
    });
  }, [rows]);

  const peek = usePeek(onPeek);
  const moveTo = useCallback(
    (at: number, key?: KeyboardEvent) => {
      const bounded = Math.max(0, Math.min(rows.length - 1, at));
      const row = rows[bounded];
      if (!row) return;
      activeKey.current = keyOf.current(row);
      setActive(bounded);
      moved.current = true;
      requestAnimationFrame(() => (moved.current = false));
      virtual.scrollToIndex(bounded, { align: "auto" });
      peek(row, key?.repeat ?? false);
    },
    [rows, virtual, peek],
  );
  /** So many rows on from the cursor; where it is out of reach, from what is shown. */
  const step = (by: number, key: KeyboardEvent) => {
    const shown = virtual.range?.startIndex ?? 0;
    moveTo(active >= 0 ? active + by : by > 0 ? shown + by - 1 : shown, key);
  };

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

  const extend = (wanted: number) => {
    const to = Math.max(0, Math.min(rows.length - 1, wanted));
    const anchor = selection.anchor === null ? -1 : rows.findIndex((row) => rowKey(row) === selection.anchor);
    const from = anchor >= 0 ? anchor : active >= 0 ? active : to;
    const first = rows[from];
    if (!first) return;
    const [low, high] = from < to ? [from, to] : [to, from];
    setSelection({ anchor: rowKey(first), keys: new Set(rows.slice(low, high + 1).map(rowKey)) });
    moveTo(to);
  };

  const toggle = (at: number) => {
    const row = rows[at];
    if (!row) return;
    const keys = new Set(selection.keys);
    const key = rowKey(row);
    if (!keys.delete(key)) keys.add(key);
    setSelection({ anchor: key, keys });
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
    { keys: "j", label: keys.move, group: "lists", run: (key) => step(1, key) },
    { keys: "k", label: keys.move, group: "lists", run: (key) => step(-1, key) },
    { keys: "ArrowDown", run: (key) => step(1, key) },
    { keys: "ArrowUp", run: (key) => step(-1, key) },
    { keys: "Shift+ArrowDown", label: keys.selectMore, group: "lists", run: () => extend(active + 1) },
    { keys: "Shift+ArrowUp", run: () => extend(active - 1) },
    { keys: "PageDown", run: (key) => step(15, key) },
    { keys: "PageUp", run: (key) => step(-15, key) },
    { keys: "Home", label: keys.top, group: "lists", run: () => (props.onHome ? props.onHome() : moveTo(0)) },
    { keys: "End", run: () => (props.onEnd ? props.onEnd() : moveTo(rows.length - 1)) },
    { keys: "Space", label: keys.select, group: "lists", run: () => toggle(active) },
    ...(selection.keys.size > 0 ? [{ keys: "Escape", run: () => setSelection(none) }] : []),
    { keys: "Mod+a", run: () => setSelection({ anchor: rows[0] ? rowKey(rows[0]) : null, keys: new Set(rows.map(rowKey)) }) },
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

  const { more, loadingMore, earlier, loadingEarlier } = props;
  const items = virtual.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? -1;
  const firstShown = items[0]?.index ?? -1;
  const near = (virtual.scrollOffset ?? 0) > 0 ? ahead : 15;
  useEffect(() => {
    // One way at a time: a second question would take the place of the first.
    if (rows.length === 0 || loadingMore || loadingEarlier) return;
    if (earlier && (firstShown === 0 || firstShown < near - 15)) earlier();
    else if (more && lastShown >= rows.length - near) more();
  }, [more, loadingMore, lastShown, earlier, loadingEarlier, firstShown, rows, near]);

  const { onHold } = props;
  const held = selection.keys.size > 0;
  useEffect(() => onHold?.(held), [onHold, held]);

  const click = (event: MouseEvent, at: number) => {
    const row = rows[at];
    if (!row || window.getSelection()?.toString()) return;
    if (event.shiftKey) return extend(at);
    if (event.ctrlKey || event.metaKey) {
      toggle(at);
      return moveTo(at);
    }
    if (selection.keys.size > 0) setSelection({ anchor: rowKey(row), keys: new Set() });
    moveTo(at);
    if (!onPeek && !(event.target as HTMLElement).closest("a, button")) open(row);
  };

  const doubleClick = (at: number) => {
    const row = rows[at];
    if (row && onPeek) open(row);
  };
  const events = useRef<RowEvents>({ click, doubleClick });
  events.current = { click, doubleClick };

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
        style={{ "--tracks": tracks, "--row-height": `${height}px` } as CSSProperties}
      >
        <div className={classes.head} role="row" style={{ minWidth }}>
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
          <div style={{ transform: `translateY(${(items[0]?.start ?? above) - above}px)` }}>
            {items.map(({ index: at, key }) => {
              const row = rows[at];
              if (!row) return null;
              const before = rows[at - 1];
              return (
                <TableRow
                  key={key}
                  row={row}
                  at={at}
                  list={id}
                  columns={shown}
                  on={events}
                  active={at === active}
                  selected={selection.keys.has(rowKey(row))}
                  lit={activeGroup !== null && groupKey?.(row) === activeGroup}
                  starts={!groupKey || !before || groupKey(before) !== groupKey(row)}
                  opens={onOpen !== undefined}
                  testId={props.rowTestId}
                  mark={props.rowMark}
                />
              );
            })}
          </div>
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

/**
 * The library's own watch over the scroll position, but the notice that scrolling ended may bring no new position: it
 * would be drawn after the frame, and the scroll event that comes in time for it would count as nothing new.
 */
function observeOffset(list: Virtualizer<HTMLDivElement, Element>, tell: (offset: number, scrolling: boolean) => void) {
  let last: number | null = null;
  return observeElementOffset(list, (offset, scrolling) => {
    if (!scrolling && offset !== last) return;
    last = offset;
    tell(offset, scrolling);
  });
}

/**
 * What stands beside the list follows the cursor at once; while a key is held down it waits until the key is let go,
 * and nothing is asked for on the way.
 */
function usePeek<Row>(onPeek?: (row: Row) => void): (row: Row, held: boolean) => void {
  const latest = useRef(onPeek);
  latest.current = onPeek;
  const waiting = useRef<Row | null>(null);
  useEffect(() => {
    const show = () => {
      const row = waiting.current;
      waiting.current = null;
      if (row !== null) latest.current?.(row);
    };
    window.addEventListener("keyup", show);
    window.addEventListener("blur", show);
    return () => {
      window.removeEventListener("keyup", show);
      window.removeEventListener("blur", show);
    };
  }, []);
  return useCallback((row, held) => {
    waiting.current = held ? row : null;
    if (!held) latest.current?.(row);
  }, []);
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
