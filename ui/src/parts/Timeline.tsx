import type { ReactNode } from "react";
import { cx } from "./cx";
import classes from "./timeline.module.css";

export interface Moment {
  id: string;
  title: ReactNode;
  detail?: ReactNode;
  /** At the right end of the title line. */
  aside?: ReactNode;
  tone?: "brand" | "plain" | "red" | "green" | "amber";
}

/** What happened, in order, one point each. */
export function Timeline({ moments, label }: { moments: Moment[]; label: string }) {
  return (
    <ol className={classes.timeline} aria-label={label}>
      {moments.map((moment) => (
        <li key={moment.id} className={cx(classes.moment, classes[moment.tone ?? "plain"])}>
          <div className={classes.title}>
            <span>{moment.title}</span>
            {moment.aside && <span className={classes.aside}>{moment.aside}</span>}
          </div>
          {moment.detail && <div className={classes.detail}>{moment.detail}</div>}
        </li>
      ))}
    </ol>
  );
}
