// Reading and acting. One place for caching, so that an action makes every figure on the screen look again.
import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  keepPreviousData,
  QueryClient,
  type Query,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { asKontorError, call, newId, type Arguments, type CommandName, type KontorError, type Result } from "./call";
import { withStepUp } from "./parts/StepUp";

export function makeQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: true,
        // A refusal stays a refusal; only a line that broke is worth asking again.
        retry: (count, error) => asKontorError(error).kind === "offline" && count < 2,
        retryDelay: 400,
      },
    },
  });
}

/** One read. While the arguments change the old answer stays, so nothing jumps. */
export function useRead<K extends CommandName>(
  name: K,
  args: Arguments<K>,
  options: { enabled?: boolean; every_ms?: number; fresh_ms?: number; forget_ms?: number; keep?: boolean } = {},
): UseQueryResult<Result<K>, KontorError> {
  return useQuery<Result<K>, KontorError>({
    queryKey: [name, args],
    queryFn: () => call(name, args),
    enabled: options.enabled ?? true,
    placeholderData: options.keep === false ? undefined : (keepPreviousData as never),
    refetchInterval: options.every_ms ?? false,
    ...(options.fresh_ms === undefined ? {} : { staleTime: options.fresh_ms }),
    ...(options.forget_ms === undefined ? {} : { gcTime: options.forget_ms }),
  });
}

type RowOf<K extends CommandName> = Result<K> extends (infer Row)[] ? Row : never;

/** Lists that stand still keep what they show when others act; they say "n newer" instead of moving. */
export const moving = { predicate: (query: Query) => query.meta?.still !== true };

/** A list keeps about so many rows: farther pages are dropped, and asked for again where somebody goes back. */
const keptRows = 2000;
export const keptPages = (size: number): number => Math.max(5, Math.ceil(keptRows / size));

/** Where a page begins: the key it is asked with, how many rows lie before it, and the page that led to it. */
interface Place<Turn> {
  turn: Turn;
  before: number;
  behind: Place<Turn> | null;
}

interface Walk<Page, Turn> {
  ask(turn: Turn): Promise<Page>;
  /** The key of the page behind this one; nothing where it is the last. */
  next(page: Page): Turn | undefined;
  rowsIn(page: Page): number;
  first: Turn;
  /** Pages that are kept at once; without it all of them. */
  kept?: number;
  options?: { enabled?: boolean; meta?: Record<string, unknown>; staleTime?: number; refetchOnWindowFocus?: boolean };
}

/**
 * Pages by key, a stretch of them kept. Every page knows where the one before it began, so a dropped one can be
 * asked for again although the database only goes forward.
 */
export function useWalk<Page, Turn>(key: readonly unknown[], walk: Walk<Page, Turn>) {
  const queries = useQueryClient();
  const [held, hold] = useState(false);
  const pages = useInfiniteQuery({
    queryKey: key,
    ...walk.options,
    initialPageParam: { turn: walk.first, before: 0, behind: null } as Place<Turn>,
    queryFn: ({ pageParam }) => walk.ask(pageParam.turn),
    getNextPageParam: (page: Page, _all, here: Place<Turn>): Place<Turn> | undefined => {
      const turn = walk.next(page);
      return turn === undefined ? undefined : { turn, before: here.before + walk.rowsIn(page), behind: here };
    },
    getPreviousPageParam: (_page, _all, here: Place<Turn>) => here.behind ?? undefined,
    ...(walk.kept && !held ? { maxPages: walk.kept } : {}),
    placeholderData: keepPreviousData,
  });
  const { data, refetch, isFetchingPreviousPage, isPlaceholderData } = pages;
  // What was dropped may have changed since: where its end no longer meets the next page, all are read again.
  const [top, second] = (data?.pageParams ?? []) as Place<Turn>[];
  const end = data?.pages[0];
  const meets = !second || end === undefined || JSON.stringify(walk.next(end)) === JSON.stringify(second.turn);
  useEffect(() => {
    if (!meets && !isPlaceholderData) void refetch();
  }, [meets, isPlaceholderData, refetch]);
  return {
    pages: data?.pages,
    /** Rows that lie before the first one that is kept. */
    before: top?.before ?? 0,
    error: pages.error ? asKontorError(pages.error) : null,
    loading: pages.isPending,
    stale: isPlaceholderData,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    loadingMore: pages.isFetchingNextPage,
    earlier: pages.hasPreviousPage && !isPlaceholderData ? () => void pages.fetchPreviousPage() : null,
    loadingEarlier: isFetchingPreviousPage,
    retry: () => void refetch(),
    /** From the top again, with whatever is newer. */
    restart: () => void queries.resetQueries({ queryKey: key }),
    onHold: hold,
  };
}

/** Pages by key: `next` makes the arguments of the page behind the last row. */
export function usePages<K extends CommandName>(
  name: K,
  args: Arguments<K>,
  size: number,
  next: (last: RowOf<K>) => Partial<Arguments<K>>,
  options: { enabled?: boolean; still?: boolean; whole?: boolean } = {},
) {
  const key = [name, "pages", args];
  const walk = useWalk<RowOf<K>[], Partial<Arguments<K>>>(key, {
    ask: (turn) => call(name, { ...(args as object), ...(turn as object) } as Arguments<K>) as Promise<unknown> as Promise<RowOf<K>[]>,
    next: (page) => {
      const last = page.at(-1);
      return page.length < size || last === undefined ? undefined : next(last);
    },
    rowsIn: (page) => page.length,
    first: {},
    kept: options.whole ? undefined : keptPages(size),
    options: {
      enabled: options.enabled ?? true,
      meta: { still: options.still ?? false },
      // A list that stands still is read again only when asked to.
      ...(options.still ? { staleTime: Infinity, refetchOnWindowFocus: false } : {}),
    },
  });
  const rows = useMemo(() => walk.pages?.flat() ?? ([] as RowOf<K>[]), [walk.pages]);
  const { retry, stale, restart } = walk;
  const list = { rows, error: walk.error, loading: walk.loading, more: walk.more, loadingMore: walk.loadingMore };
  return {
    /** What an export of this list asks for. */
    source: { list: name as CommandName, arguments: args as Record<string, unknown> },
    /** What a table of this list is given. */
    table: {
      ...list,
      earlier: walk.earlier,
      loadingEarlier: walk.loadingEarlier,
      onHold: walk.onHold,
      onHome: walk.before > 0 ? restart : null,
      onRetry: retry,
    },
    ...list,
    /** How many rows were shown so far, the dropped ones too. */
    seen: walk.before + rows.length,
    retry,
    stale,
    restart,
  };
}

export interface Action<K extends CommandName> {
  send(args: Arguments<K>): Promise<Result<K> | null>;
  busy: boolean;
  refusal: KontorError | null;
  forget(): void;
}

/** One action. The answer is null where it was refused; the refusal stays until the next try. */
export function useAction<K extends CommandName>(name: K): Action<K> {
  const queries = useQueryClient();
  const mutation = useMutation<Result<K>, KontorError, Arguments<K>>({
    mutationFn: (args) => withStepUp(() => call(name, args)),
    onSuccess: () => void queries.invalidateQueries(moving),
  });
  const { mutateAsync, reset } = mutation;
  const send = useCallback(
    (args: Arguments<K>) => mutateAsync(args).catch(() => null as Result<K> | null),
    [mutateAsync],
  );
  return { send, busy: mutation.isPending, refusal: mutation.error, forget: reset };
}

/** The id of one form: made when it opens, kept across retries, new only after it went through. */
export function useCommandId(): { id: string; renew(): void } {
  const first = useRef<string>(null);
  first.current ??= newId();
  const [id, setId] = useState(first.current);
  return { id, renew: useCallback(() => setId(newId()), []) };
}
