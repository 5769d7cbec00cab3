import classes from "./keyHint.module.css";
import { cx } from "./cx";

const shown: Record<string, string> = { Mod: "Ctrl", ArrowDown: "↓", ArrowUp: "↑", Escape: "Esc", Space: "Space" };
const mac = typeof navigator !== "undefined" && /Mac/.test(navigator.platform);

/** The key of a thing, printed beside it: "Mod+k" → Ctrl K. */
export function KeyHint({ keys, onFill }: { keys: string; onFill?: boolean }) {
  const caps = keys.split(" ").flatMap((step) => step.split("+"));
  return (
    <span className={classes.row} aria-hidden="true">
      {caps.map((cap) => (
        <kbd key={cap} className={cx(classes.key, onFill && classes.onFill)}>
          {cap === "Mod" && mac ? "⌘" : (shown[cap] ?? (cap.length === 1 ? cap.toUpperCase() : cap))}
        </kbd>
      ))}
    </span>
  );
}
