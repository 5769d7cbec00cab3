import type { KontorError } from "../call";
import { say } from "../locales/sentence";
import { rules, type Rule } from "../rules";
import { useWords } from "../words";
import type { Words } from "../words";
import { Button } from "./Button";
import classes from "./refusal.module.css";

export interface RefusalText {
  what: string;
  why: string;
  next: string;
  clause: string | null;
}

/** The sentences of a refusal, from the catalogue or from the kinds that are not rules. */
export function refusalText(words: Words, error: KontorError): RefusalText {
  const clause = typeof error.detail.clause === "string" ? error.detail.clause : null;
  const fixed = words.parts.refusal;
  switch (error.kind) {
    case "rule": {
      const known = rules.includes(error.rule as Rule) ? words.rules[error.rule as Rule] : undefined;
      if (!known) return { ...fixed.unknownRule(error.rule ?? "?"), clause };
      return {
        what: say(known.what, error.detail),
        why: say(known.why, error.detail),
        next: say(known.next, error.detail),
        clause: clause ?? known.clause ?? null,
      };
    }
    case "not_allowed": {
      const duties = Array.isArray(error.detail.duties) ? (error.detail.duties as string[]) : [];
      const named = duties.map((duty) => (words.shell.duties as Record<string, string>)[duty] ?? duty).join(", ");
      return { ...fixed.notAllowed, why: named ? `${fixed.notAllowed.why} ${fixed.needs(named)}` : fixed.notAllowed.why, clause };
    }
    case "busy":
      return typeof error.detail.holder === "string" ? { ...fixed.busy, what: fixed.busyWith(error.detail.holder), clause } : { ...fixed.busy, clause };
    case "offline":
      return { ...fixed.offline, clause };
    case "outdated":
      return { ...fixed.outdated, clause };
    case "bug":
      return { ...fixed.bug, clause };
  }
}

/** What was refused, why, and what to do next; placed where the person is looking. */
export function Refusal({ error, onRetry, offline }: { error: KontorError | null | undefined; onRetry?: () => void; offline?: Omit<RefusalText, "clause"> }) {
  const words = useWords();
  if (!error) return null;
  const text = error.kind === "offline" && offline ? { ...offline, clause: null } : refusalText(words, error);
  const wrong = error.kind === "bug" || error.kind === "offline" || error.kind === "outdated";
  return (
    <div className={classes.refusal} role="alert" data-testid="refusal" data-rule={error.rule ?? error.kind} data-wrong={wrong || undefined}>
      <p className={classes.what}>{text.what}</p>
      <p>
        {text.why}
        {text.clause && <span className={classes.clause}> {words.parts.refusal.clause(text.clause)}</span>}
      </p>
      <p className={classes.next}>{text.next}</p>
      {error.reference && <p className={classes.clause}>{words.parts.refusal.reference(error.reference)}</p>}
      {onRetry && (
        <Button small onClick={onRetry}>
          {words.parts.retry}
        </Button>
      )}
    </div>
  );
}
