import { Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useShortcuts } from "../keys";
import { cx } from "./cx";
import { KeyHint } from "./KeyHint";
import classes from "./button.module.css";

export interface ButtonProps {
  children: ReactNode;
  onClick?: () => void;
  kind?: "plain" | "primary" | "danger" | "quiet";
  /** The key that does the same; shown on the button and listed on the ? page. */
  keys?: string;
  /** What the key does, where the button's own text is not text. */
  label?: string;
  /** Why it cannot be pressed now: the button stays readable and says so instead of failing after the click. */
  blocked?: string | null | false;
  busy?: boolean;
  submit?: boolean;
  small?: boolean;
  autoFocus?: boolean;
  "data-testid"?: string;
}

export function Button({ children, onClick, kind = "plain", keys, label, blocked, busy, submit, small, autoFocus, ...rest }: ButtonProps) {
  const off = Boolean(blocked) || busy;
  useShortcuts(
    keys ? [{ keys, label: label ?? (typeof children === "string" ? children : undefined), group: "thisScreen", run: () => !off && onClick?.() }] : [],
  );
  const button = (
    <button
      type={submit ? "submit" : "button"}
      className={cx(classes.button, classes[kind], small && classes.small)}
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      autoFocus={autoFocus}
      onClick={(event) => {
        if (off) event.preventDefault();
        else onClick?.();
      }}
      {...rest}
    >
      {children}
      {keys && <KeyHint keys={keys} onFill={!off && (kind === "primary" || kind === "danger")} />}
    </button>
  );
  // Always inside the tooltip, so that the button keeps its place, and the focus, when it becomes possible.
  return (
    <Tooltip label={blocked || ""} disabled={!blocked} multiline w={280} withArrow openDelay={80} classNames={{ tooltip: classes.tip }}>
      {button}
    </Tooltip>
  );
}

/** An action inside a sentence, looking like a link. */
export function LinkButton({ children, onClick, ...rest }: { children: ReactNode; onClick(): void; "data-testid"?: string }) {
  return (
    <button type="button" className={classes.link} onClick={onClick} {...rest}>
      {children}
    </button>
  );
}
