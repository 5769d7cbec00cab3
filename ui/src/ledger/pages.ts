// Pages of the ledger in both directions from any point: the newest, the oldest, a day, or one journal.
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import type { LedgerFilter } from "../bindings";
import { asked } from "./query";
import { asKontorError, call, type Result } from "../call";
import { keptPages } from "../reading";

export type LedgerRow = Result<"ledger.list">[number];
export type Start = { from: "newest"; again?: number } | { from: "oldest" } | { from: "day"; at: string } | { from: "journal"; id: string };
type Turn = { before?: string; after?: string; at?: string };

export const pageSize = 40;
/** Lines of a journal, nearly. */
const linesEach = 3;

const first = (start: Start): Turn => {
  switch (start.from) {
    case "newest":
      return {};
    case "oldest":
      return { after: "0" };
    case "day":
      return { at: start.at };
    case "journal":
      return { before: String(BigInt(start.id) + 1n) };
  }
};

export function useLedgerPages(filter: LedgerFilter, by_effective: boolean, start: Start) {
  const [held, onHold] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: ["ledger.list", "pages", filter, by_effective, start],
    // Only the stretch around what is shown is kept, and of another filter or beginning nothing for long.
    ...(held ? {} : { maxPages: keptPages(pageSize * linesEach) }),
    gcTime: 20_000,
    // The list stands still while others work; it says "n newer" instead of moving.
    meta: { still: true },
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    initialPageParam: first(start),
    queryFn: ({ pageParam }) => call("ledger.list", { ...asked(filter), ...(by_effective ? { by_effective } : {}), ...pageParam, maximum: pageSize }),
    getNextPageParam: (page: LedgerRow[], _all, turn: Turn): Turn | undefined => {
      const last = page.at(-1);
      // A page that was turned upward is full or not for the other end.
      return !last || turn.after === "0" || (page.length < pageSize && turn.after === undefined) ? undefined : { before: last.id };
    },
    getPreviousPageParam: (page: LedgerRow[], _all, turn: Turn): Turn | undefined => {
      const top = page[0];
      if (!top || (turn.after !== undefined && page.length < pageSize)) return undefined;
      return turn.after === undefined && turn.before === undefined && turn.at === undefined ? undefined : { after: top.id };
    },
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => pages.data?.pages.flat() ?? [], [pages.data]);
  const key = JSON.stringify([filter, by_effective, start]);
  const shown = useRef({ start, key });
  if (!pages.isPlaceholderData) shown.current = { start, key };
  return {
    rows,
    /** Where the rows that are shown begin: for a moment that is still where the last list began. */
    start: shown.current.start,
    shownKey: shown.current.key,
    error: pages.error ? asKontorError(pages.error) : null,
    loading: pages.isPending,
    stale: pages.isPlaceholderData,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    loadingMore: pages.isFetchingNextPage,
    earlier: pages.hasPreviousPage && !pages.isPlaceholderData ? () => void pages.fetchPreviousPage() : null,
    loadingEarlier: pages.isFetchingPreviousPage,
    onHold,
    retry: () => void pages.refetch(),
  };
}
