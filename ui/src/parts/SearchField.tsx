import { useEffect, useRef, useState } from "react";
import { useShortcuts } from "../keys";
import { useWords } from "../words";
import classes from "./fields.module.css";

interface Props {
  value: string;
  label: string;
  testId: string;
  /** Its key: F, but where filters beside it have that one. */
  keys?: string;
  onChange(value: string): void;
}

/** A list's search: asks once the hand rests, so that an input method's half word asks nothing. */
export function SearchField({ value, label, testId, keys = "f", onChange }: Props) {
  const words = useWords();
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), 200);
    return () => clearTimeout(timer);
  });
  useShortcuts([{ keys, label: words.shell.keys.searchList, group: "thisScreen", run: () => field.current?.focus() }]);
  return <input ref={field} className={classes.search} value={text} onChange={(event) => setText(event.target.value)} placeholder={label} aria-label={label} spellCheck={false} data-testid={testId} />;
}
