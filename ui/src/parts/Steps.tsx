import type { ReactNode } from "react";
import { cx } from "./cx";
import classes from "./steps.module.css";

export interface Step {
  id: string;
  title: ReactNode;
  /** Who and when, under the title: the strip becomes two lines tall. */
  detail?: ReactNode;
  state: "done" | "now" | "ahead" | "stopped";
}

/** The way of a case: what is behind it, where it stands, what is ahead. */
export function Steps({ steps, label }: { steps: Step[]; label: string }) {
  const tall = steps.some((step) => step.detail);
  return (
    <ol className={cx(classes.steps, tall && classes.tall)} aria-label={label}>
      {steps.map((step) => (
        <li key={step.id} className={cx(classes.step, classes[step.state])} aria-current={step.state === "now" ? "step" : undefined}>
          <span className={classes.title}>
            {step.state === "done" && <span aria-hidden="true">✓ </span>}
            {step.title}
          </span>
          {step.detail && <span className={classes.detail}>{step.detail}</span>}
        </li>
      ))}
    </ol>
  );
}

export interface Tab {
  id: string;
  title: ReactNode;
  count?: string | null;
  alarm?: boolean;
}

/** Views of one list; the chosen one is in the address. */
export function Tabs({ tabs, chosen, onChoose, label }: { tabs: Tab[]; chosen: string; onChoose(id: string): void; label: string }) {
  return (
    <div className={classes.tabs} role="tablist" aria-label={label}>
      {tabs.map((tab) => (
        <button key={tab.id} type="button" role="tab" aria-selected={tab.id === chosen} className={classes.tab} onClick={() => onChoose(tab.id)} data-testid={`tab-${tab.id}`}>
          {tab.title}
          {tab.count && <span className={cx(classes.tabCount, tab.alarm && classes.alarm)}>{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}
