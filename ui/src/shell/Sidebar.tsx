import { Fragment } from "react";
import { cx } from "../parts/cx";
import type { Screen, Section } from "../screens";
import { useFormats, useWords } from "../words";
import { useCounts } from "./counts";
import classes from "./shell.module.css";

/** The sections and how much waits in each; red only where something is late. */
export function Sidebar({ screens, here }: { screens: Screen[]; here: Section | undefined }) {
  const words = useWords();
  const formats = useFormats();
  const counts = useCounts();
  return (
    <nav className={classes.sidebar} aria-label={words.shell.app}>
      {screens.map((screen, at) => {
        const opens = screen.group !== null && screens[at - 1]?.group !== screen.group;
        const count = counts[screen.section];
        return (
          <Fragment key={screen.section}>
            {opens && screen.group && <h3 className={classes.group}>{words.shell.sections[screen.group]}</h3>}
            <a
              href={`#/${screen.section}`}
              className={cx(classes.place, here === screen.section && classes.here)}
              aria-current={here === screen.section ? "page" : undefined}
              data-testid={`nav-${screen.section}`}
            >
              {words.shell.sections[screen.section]}
              {count && count.waiting > 0 && (
                <span className={cx(classes.count, count.late && classes.late)}>{formats.count(count.waiting)}</span>
              )}
            </a>
          </Fragment>
        );
      })}
    </nav>
  );
}
