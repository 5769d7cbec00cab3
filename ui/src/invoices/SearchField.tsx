import { useEffect, useState } from "react";
import classes from "./invoices.module.css";

/** Waits for the hand to rest before it asks. */
export function SearchField({ value, label, onChange }: { value: string; label: string; onChange(value: string): void }) {
  const [text, setText] = useState(value);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 250);
    return () => clearTimeout(timer);
  });
  return <input className={classes.search} value={text} onChange={(event) => setText(event.target.value)} placeholder={label} aria-label={label} spellCheck={false} data-testid="invoice-search" />;
}
