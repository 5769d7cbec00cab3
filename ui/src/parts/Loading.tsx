import { useEffect, useState, type ReactNode } from "react";
import type { KontorError } from "../call";
import { useWords } from "../words";
import { Refusal } from "./Refusal";
import classes from "./loading.module.css";

/** True only when waiting has lasted long enough to be worth showing. */
export function useLate(waiting: boolean, after_ms = 200): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!waiting) {
      setLate(false);
      return;
    }
    const timer = setTimeout(() => setLate(true), after_ms);
    return () => clearTimeout(timer);
  }, [waiting, after_ms]);
  return late;
}

/** Grey lines in the place of rows; nothing at all in the first fifth of a second. */
export function Skeleton({ rows = 6 }: { rows?: number }) {
  const late = useLate(true);
  const words = useWords();
  return (
    <div className={classes.skeleton} aria-busy="true" aria-label={words.parts.loading}>
      {late && Array.from({ length: rows }, (_, at) => <div key={at} className={classes.bar} style={{ width: `${92 - ((at * 17) % 40)}%` }} />)}
    </div>
  );
}

interface Answer<T> {
  data: T | undefined;
  error: KontorError | null;
  refetch(): unknown;
}

/** A read on the screen: the refusal, the wait, or the thing itself. */
export function Read<T>({ of, rows, children }: { of: Answer<T>; rows?: number; children: (value: T) => ReactNode }) {
  if (of.data !== undefined) return <>{children(of.data)}</>;
  if (of.error)
    return (
      <div className={classes.refused}>
        <Refusal error={of.error} onRetry={() => void of.refetch()} />
      </div>
    );
  return <Skeleton rows={rows} />;
}

/** Why there is nothing here, and what would make something appear. */
export function Empty({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <div className={classes.empty} data-testid="empty">
      <p className={classes.emptyTitle}>{title}</p>
      {children && <p>{children}</p>}
    </div>
  );
}
