import { useEffect, useRef, useState } from "react";
import type { LedgerFilter } from "../bindings";
import { call, type Result } from "../call";
import { Button } from "../parts/Button";
import { Money } from "../parts/Money";
import { isZero } from "../amounts";
import { useRead } from "../reading";
import { useSpeech } from "../words";
import { asked } from "./query";
import classes from "./ledger.module.css";

type Total = NonNullable<Result<"ledger.total">>;
export interface Counted {
  totals: Total["commodities"] | null;
  share: string | null;
  counting: boolean;
  start(): void;
  stop(): void;
}

/** Exact totals: from the roll-ups at once, else counted bite by bite behind the list. Never a guess: what is not counted is not shown. */
export function useTotals(filter: LedgerFilter): Counted {
  const known = useRead("ledger.total", asked(filter), { keep: false, fresh_ms: 60_000 });
  const key = JSON.stringify(filter);
  const [counted, setCounted] = useState<{ key: string; total: Total } | null>(null);
  const [wanted, setWanted] = useState<string | null>(null);
  const running = useRef(0);
  const needed = known.data?.ready === false;
  useEffect(() => {
    const run = ++running.current;
    if (!needed || wanted === `stop ${key}`) return;
    const go = async () => {
      let carried: unknown = null;
      do {
        const total: Total | null = await call("ledger.count", { filter, ...(carried ? { carried } : {}) });
        if (running.current !== run || !total) return;
        setCounted({ key, total });
        carried = total.carried;
        if (total.ready) return;
      } while (carried);
    };
    // A filter that is still being set is not worth counting.
    const wait = setTimeout(() => void go().catch(() => setWanted(`stop ${key}`)), 350);
    return () => {
      clearTimeout(wait);
      running.current += 1;
    };
    // The key says all of the filter.
  }, [needed, key, wanted]);
  const mine = counted?.key === key ? counted.total : null;
  const done = needed ? (mine?.ready ? mine : null) : known.data?.ready ? known.data : null;
  return {
    totals: done?.commodities ?? null,
    share: mine && !mine.ready ? `${Math.round(Number(mine.share ?? 0) * 100)}%` : null,
    counting: needed && !done && wanted !== `stop ${key}`,
    start: () => setWanted(null),
    stop: () => setWanted(`stop ${key}`),
  };
}

/** The foot of the list: what this filter adds up to, by commodity. */
export function TotalsLine({ counted }: { counted: Counted }) {
  const { words } = useSpeech();
  const { totals } = counted;
  return (
    <footer className={classes.totals} data-testid="ledger-totals">
      <span className="muted">{words.ledger.thisFilter}</span>
      {(totals ?? []).map((total) => (
        <span key={total.commodity} className={classes.total}>
          <span className="muted">{words.ledger.commodities[total.commodity] ?? total.commodity}</span>
          {words.ledger.debit} <Money amount={total.debit} strong />
          {words.ledger.credit} <Money amount={total.credit} strong />
          {!isZero(total.difference) && (
            <>
              {words.ledger.difference} <Money amount={total.difference} strong />
            </>
          )}
        </span>
      ))}
      {totals && totals.length > 0 && totals.every((total) => isZero(total.difference)) && <span className={classes.agree}>{words.ledger.balanced}</span>}
      {counted.counting && (
        <span className={classes.total}>
          <span className="muted">{words.ledger.counting(counted.share ?? "0%")}</span>
          <Button small kind="quiet" onClick={counted.stop}>
            {words.ledger.stopCounting}
          </Button>
        </span>
      )}
      {!totals && !counted.counting && (
        <Button small kind="quiet" onClick={counted.start}>
          {words.ledger.countNow}
        </Button>
      )}
    </footer>
  );
}
