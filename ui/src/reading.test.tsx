import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { replaceHost } from "./call";
import { makeQueries, usePages } from "./reading";

const size = 400;

/** A list of so many rows that only goes forward, and what it was asked. */
function listOf(all: number) {
  const asked: (string | undefined)[] = [];
  const rows = { added: [] as { id: string }[] };
  replaceHost({
    async ask(_command, body) {
      const after = (body as { arguments: { before_id?: string } }).arguments.before_id;
      asked.push(after);
      const list = [...rows.added, ...Array.from({ length: all }, (_, at) => ({ id: String(all - at) }))];
      const from = after === undefined ? 0 : list.findIndex((row) => row.id === after) + 1;
      return list.slice(from, from + size);
    },
  });
  const queries = makeQueries();
  const shown = renderHook(() => usePages("customers.list", {} as never, size, (last) => ({ before_id: last.id })), {
    wrapper: ({ children }: { children: ReactNode }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>,
  });
  const now = () => shown.result.current;
  const settled = () => waitFor(() => expect(now().loading || now().loadingMore || now().table.loadingEarlier).toBe(false));
  const turn = async (way: "more" | "earlier") => {
    const before = now().rows;
    act(() => now().table[way]?.());
    await waitFor(() => expect(now().rows).not.toBe(before));
    await settled();
  };
  return { asked, rows, now, turn, settled };
}

const ids = (rows: readonly { id: string }[]) => rows.map((row) => Number(row.id));
const inOneRun = (rows: readonly { id: string }[]) => ids(rows).every((id, at, all) => at === 0 || id === all[at - 1]! - 1);

test("a_list_keeps_a_stretch_of_its_pages_however_far_somebody_goes", async () => {
  const list = listOf(8000);
  await list.settled();
  for (let page = 0; page < 12; page += 1) await list.turn("more");
  expect(list.now().rows).toHaveLength(2000);
  expect(list.now().seen).toBe(13 * size);
  expect(ids(list.now().rows).at(-1)).toBe(8000 - 13 * size + 1);
  expect(inOneRun(list.now().rows)).toBe(true);
});

test("dropped_pages_come_back_one_by_one_although_the_database_only_goes_forward", async () => {
  const list = listOf(8000);
  await list.settled();
  for (let page = 0; page < 8; page += 1) await list.turn("more");
  for (let page = 0; page < 4; page += 1) {
    await list.turn("earlier");
    expect(list.now().rows).toHaveLength(2000);
    expect(inOneRun(list.now().rows)).toBe(true);
  }
  expect(ids(list.now().rows)[0]).toBe(8000);
  expect(list.now().table.earlier).toBeNull();
  // And down again, from where the stretch ends.
  await list.turn("more");
  expect(inOneRun(list.now().rows)).toBe(true);
});

test("a_page_that_changed_while_it_was_dropped_leaves_no_row_out", async () => {
  const list = listOf(8000);
  await list.settled();
  for (let page = 0; page < 5; page += 1) await list.turn("more");
  list.rows.added = [{ id: "8002" }, { id: "8001" }];
  await list.turn("earlier");
  await waitFor(() => expect(inOneRun(list.now().rows)).toBe(true));
  expect(ids(list.now().rows)[0]).toBe(8002);
});

test("nothing_is_dropped_while_rows_are_selected", async () => {
  const list = listOf(8000);
  await list.settled();
  act(() => list.now().table.onHold(true));
  for (let page = 0; page < 7; page += 1) await list.turn("more");
  expect(list.now().rows).toHaveLength(8 * size);
  act(() => list.now().table.onHold(false));
  await list.turn("more");
  expect(list.now().rows).toHaveLength(2000);
});
