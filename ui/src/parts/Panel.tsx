import type { ReactNode } from "react";
import { cx } from "./cx";
import classes from "./panel.module.css";

interface PanelProps {
  title?: ReactNode;
  /** Beside the title, in grey. */
  hint?: ReactNode;
  /** At the right end of the head. */
  aside?: ReactNode;
  children: ReactNode;
  /** Padding around the content; tables want none. */
  padded?: boolean;
  /** Takes the height that is left and scrolls inside. */
  fill?: boolean;
  className?: string;
  "data-testid"?: string;
}

export function Panel({ title, hint, aside, children, padded, fill, className, ...rest }: PanelProps) {
  return (
    <section className={cx(classes.panel, fill && classes.fill, className)} {...rest}>
      {(title || aside) && (
        <header className={classes.head}>
          <h2>{title}</h2>
          {hint && <span className={classes.hint}>{hint}</span>}
          {aside && <span className={classes.aside}>{aside}</span>}
        </header>
      )}
      <div className={cx(classes.body, padded && classes.padded)}>{children}</div>
    </section>
  );
}

/** Label and value, one line each, the value at the right. */
export function Facts({ rows }: { rows: ([label: ReactNode, value: ReactNode] | false | null)[] }) {
  return (
    <dl className={classes.facts}>
      {rows.map((row, at) =>
        row ? (
          <div key={at}>
            <dt>{row[0]}</dt>
            <dd>{row[1]}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** One statement and its verdict at the right: checks, what can be done now. */
export function Line({ children, verdict, muted }: { children: ReactNode; verdict: ReactNode; muted?: boolean }) {
  return (
    <div className={cx(classes.line, muted && classes.mutedLine)}>
      <span className="clip">{children}</span>
      <span>{verdict}</span>
    </div>
  );
}

/** The heading of a screen with its actions. */
export function Heading({ title, children, actions }: { title: ReactNode; children?: ReactNode; actions?: ReactNode }) {
  return (
    <header className={classes.heading}>
      <h1>{title}</h1>
      <div className={classes.headingText}>{children}</div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
