import { Popover } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { KeyLayer, useShortcuts } from "../keys";
import { useWords } from "../words";
import { Button } from "./Button";
import { cx } from "./cx";
import { InSmallWindow } from "./Fields";
import { KeyHint } from "./KeyHint";
import classes from "./filters.module.css";

export interface Filter {
  id: string;
  label: string;
  /** What it is set to, in words; null where it does not narrow. */
  value: string | null;
  /** The editor, shown in a small window under the filter. */
  editor(close: () => void): ReactNode;
  onClear(): void;
}

/** The filters of a list; F opens the first one that is not set, Shift X clears them where there can be several. */
export function Filters({ filters, onClearAll, children }: { filters: Filter[]; onClearAll?(): void; children?: ReactNode }) {
  const words = useWords();
  const [open, setOpen] = useState<string | null>(null);
  useShortcuts([
    {
      keys: "f",
      label: words.shell.keys.filter,
      group: "thisScreen",
      run: () => setOpen((filters.find((filter) => filter.value === null) ?? filters[0])?.id ?? null),
    },
    ...(onClearAll ? [{ keys: "Shift+x", label: words.parts.clearAll, group: "thisScreen" as const, run: onClearAll }] : []),
  ]);
  const set = filters.filter((filter) => filter.value !== null);
  return (
    <div className={classes.bar}>
      {filters.map((filter) => (
        <KeyLayer key={filter.id} open={open === filter.id}>
          <Popover opened={open === filter.id} onChange={(next) => setOpen(next ? filter.id : null)} position="bottom-start" transitionProps={{ duration: 0 }} trapFocus returnFocus withinPortal shadow="md">
            <Popover.Target>
              <span className={cx(classes.filter, filter.value !== null && classes.set)}>
                <button type="button" className={classes.name} aria-expanded={open === filter.id} onClick={() => setOpen(open === filter.id ? null : filter.id)} data-testid={`filter-${filter.id}`}>
                  {filter.label} <strong>{filter.value ?? words.parts.any}</strong>
                </button>
                {filter.value !== null && (
                  <button type="button" className={classes.clear} onClick={filter.onClear} aria-label={`${words.parts.clear}: ${filter.label}`}>
                    ×
                  </button>
                )}
              </span>
            </Popover.Target>
            <Popover.Dropdown className={classes.editor}>
              {open === filter.id && <CloseOnEscape onClose={() => setOpen(null)} />}
              <InSmallWindow.Provider value>{filter.editor(() => setOpen(null))}</InSmallWindow.Provider>
            </Popover.Dropdown>
          </Popover>
        </KeyLayer>
      ))}
      {onClearAll && set.length > 1 && (
        <Button small kind="quiet" onClick={onClearAll} data-testid="filters-clear">
          {words.parts.clearAll} <KeyHint keys="Shift+x" />
        </Button>
      )}
      <KeyHint keys="f" />
      {children && <span className={classes.end}>{children}</span>}
    </div>
  );
}

function CloseOnEscape({ onClose }: { onClose(): void }) {
  useShortcuts([{ keys: "Escape", whileTyping: true, run: onClose }]);
  return null;
}

/** A short list to pick from, inside a filter. */
export function Pick({ options, chosen, onPick }: { options: { value: string; label: ReactNode }[]; chosen: string | null; onPick(value: string): void }) {
  return (
    <ul className={classes.options} role="listbox">
      {options.map((option, at) => (
        <li key={option.value}>
          <button type="button" role="option" aria-selected={option.value === chosen} autoFocus={option.value === chosen || (chosen === null && at === 0)} onClick={() => onPick(option.value)}>
            {option.label}
          </button>
        </li>
      ))}
    </ul>
  );
}
