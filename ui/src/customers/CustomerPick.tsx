import { useEffect, useRef, useState } from "react";
import { isComposing } from "../keys";
import { cx } from "../parts/cx";
import { Chip } from "../parts/Chip";
import { useRead } from "../reading";
import { useWords } from "../words";
import classes from "./customerPick.module.css";

export interface Picked {
  id: string;
  name: string;
  ref: string;
}

/** Finds a customer by the beginning of the name, its pinyin initials, the account number or an exact phone. */
export function CustomerPick({ onPick, autoFocus, ...rest }: { onPick(customer: Picked): void; autoFocus?: boolean; "data-testid"?: string }) {
  const words = useWords().customers.pick;
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 150);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useRead("customers.list", { search: asked, most: 8 }, { enabled: asked.length > 0 });
  const rows = asked ? (found.data ?? []) : [];
  useEffect(() => setAt(0), [asked]);
  const pick = (index: number) => {
    const row = rows[index];
    if (row) onPick({ id: row.id, name: row.name, ref: row.ref });
  };
  return (
    <div className={classes.pick}>
      <input
        className={classes.field}
        value={text}
        placeholder={words.placeholder}
        aria-label={words.placeholder}
        autoFocus={autoFocus}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            setAt((now) => Math.max(0, Math.min(rows.length - 1, now + (event.key === "ArrowDown" ? 1 : -1))));
          }
          if (event.key === "Enter") {
            event.preventDefault();
            pick(at);
          }
        }}
        {...rest}
      />
      {rows.length > 0 && (
        <ul className={classes.list} role="listbox" ref={list}>
          {rows.map((row, index) => (
            <li key={row.id} role="option" aria-selected={index === at} className={cx(classes.row, index === at && classes.at)} onMouseMove={() => setAt(index)} onClick={() => pick(index)} data-testid="customer-option">
              <span className="clip">{row.name}</span>
              <span className="muted">{row.ref}</span>
              {row.locked && <Chip tone="amber">{words.locked}</Chip>}
            </li>
          ))}
        </ul>
      )}
      {asked && found.data && rows.length === 0 && <p className={classes.none}>{words.nobody(asked)}</p>}
    </div>
  );
}
