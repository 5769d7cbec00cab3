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
import { useCallback, useRef, useState } from "react";
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
  options: { enabled?: boolean; every_ms?: number; fresh_ms?: number; keep?: boolean } = {},
): UseQueryResult<Result<K>, KontorError> {
  return useQuery<Result<K>, KontorError>({
    queryKey: [name, args],
    queryFn: () => call(name, args),
    enabled: options.enabled ?? true,
    placeholderData: options.keep === false ? undefined : (keepPreviousData as never),
    refetchInterval: options.every_ms ?? false,
    ...(options.fresh_ms === undefined ? {} : { staleTime: options.fresh_ms }),
  });
}

type RowOf<K extends CommandName> = Result<K> extends (infer Row)[] ? Row : never;

/** Lists that stand still keep what they show when others act; they say "n newer" instead of moving. */
export const moving = { predicate: (query: Query) => query.meta?.still !== true };

/** Pages by key: `next` makes the arguments of the page behind the last row. */
export function usePages<K extends CommandName>(
  name: K,
  args: Arguments<K>,
  size: number,
  next: (last: RowOf<K>) => Partial<Arguments<K>>,
  options: { enabled?: boolean; still?: boolean } = {},
) {
  const queries = useQueryClient();
  const key = [name, "pages", args];
  const pages = useInfiniteQuery({
    queryKey: key,
    enabled: options.enabled ?? true,
    meta: { still: options.still ?? false },
    // A list that stands still is read again only when asked to.
    ...(options.still ? { staleTime: Infinity, refetchOnWindowFocus: false } : {}),
    initialPageParam: {} as Partial<Arguments<K>>,
    queryFn: ({ pageParam }) => call(name, { ...(args as object), ...(pageParam as object) } as Arguments<K>) as Promise<unknown> as Promise<RowOf<K>[]>,
    getNextPageParam: (page: RowOf<K>[]) => {
      const last = page.at(-1);
      return page.length < size || last === undefined ? undefined : next(last);
    },
    placeholderData: keepPreviousData,
  });
  const retry = () => void pages.refetch();
  const list = {
    rows: pages.data?.pages.flat() ?? ([] as RowOf<K>[]),
    error: pages.error ? asKontorError(pages.error) : null,
    loading: pages.isPending,
    more: pages.hasNextPage ? () => void pages.fetchNextPage() : null,
    loadingMore: pages.isFetchingNextPage,
  };
  return {
    /** What an export of this list asks for. */
    source: { list: name as CommandName, arguments: args as Record<string, unknown> },
    /** What a table of this list is given. */
    table: { ...list, onRetry: retry },
    ...list,
    retry,
    stale: pages.isPlaceholderData,
    /** From the top again, with whatever is newer. */
    restart: () => void queries.resetQueries({ queryKey: key }),
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
