import { cx } from "../parts/cx";
import { useDistance, useSession } from "../session";
import { useWords } from "../words";
import classes from "./shell.module.css";

/** Connected to what, how far away, measured on the calls themselves. */
export function Footer({ onKeys }: { onKeys(): void }) {
  const words = useWords();
  const session = useSession();
  const distance = useDistance();
  const local = session.profile.kind === "embedded";
  const parts = distance.connected
    ? [
        words.shell.connected(local ? words.shell.onThisComputer : session.profile.name),
        session.profile.encrypted ? words.shell.tlsVerified : null,
        distance.median_ms === null ? null : words.shell.milliseconds(distance.median_ms),
      ]
    : [words.shell.disconnected];
  return (
    <footer className={classes.footer}>
      <span className={cx(classes.dot, !distance.connected && classes.dotLost)} aria-hidden="true" />
      <span role="status">{parts.filter(Boolean).join(" · ")}</span>
      <button type="button" className={classes.teach} onClick={onKeys}>
        ? {words.shell.shortcuts}
      </button>
    </footer>
  );
}
