import { Modal } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { isComposing, KeyLayer, useShortcuts } from "../keys";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { go } from "../routes";
import { screens } from "../screens";
import { useWords } from "../words";
import classes from "./search.module.css";
import { useFound, type Find } from "./found";

/** Ctrl K: one field that finds customers (also by pinyin initials), orders, cases, invoices and sections. */
export function Search({ open, onClose }: { open: boolean; onClose(): void }) {
  return (
    <KeyLayer open={open}>
      <Modal lockScroll={false} opened={open} onClose={onClose} withCloseButton={false} closeOnEscape={false} size={620} yOffset="9vh" transitionProps={{ duration: 0 }} classNames={{ body: classes.body, content: classes.content, overlay: classes.veil }}>
        {open && <Palette onClose={onClose} />}
      </Modal>
    </KeyLayer>
  );
}

function Palette({ onClose }: { onClose(): void }) {
  const words = useWords();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120);
    return () => clearTimeout(timer);
  }, [text]);
  const found = useFound(asked);
  const places = useMemo<Find[]>(() => {
    const wanted = text.trim().toLowerCase();
    return screens
      .filter((screen) => screen.View && (wanted === "" || words.shell.sections[screen.section].toLowerCase().includes(wanted)))
      .map((screen) => ({
        key: screen.section,
        kind: words.shell.search.pages,
        tone: "plain",
        title: words.shell.sections[screen.section],
        detail: `g ${screen.letter}`,
        address: `/${screen.section}`,
      }));
  }, [text, words]);
  const all = [...(text.trim() ? found.rows : []), ...places];
  useEffect(() => setAt(0), [asked]);
  const open = (find: Find | undefined) => {
    if (!find) return;
    onClose();
    go(find.address);
  };
  const move = (step: number) => {
    const next = Math.max(0, Math.min(all.length - 1, at + step));
    setAt(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };
  useShortcuts([{ keys: "Escape", whileTyping: true, run: onClose }]);
  return (
    <>
      <input
        className={classes.field}
        autoFocus
        value={text}
        placeholder={words.shell.search.open}
        aria-label={words.shell.search.open}
        aria-activedescendant={all[at] ? `find-${at}` : undefined}
        spellCheck={false}
        data-testid="search-field"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (isComposing(event)) return;
          if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            move(event.key === "ArrowDown" ? 1 : -1);
          }
          if (event.key === "Enter") {
            event.preventDefault();
            open(all[at]);
          }
        }}
      />
      <ul className={classes.list} role="listbox" ref={list}>
        {all.map((find, index) => (
          <li key={`${find.kind} ${find.key}`} id={`find-${index}`} role="option" aria-selected={index === at} className={cx(classes.find, index === at && classes.at)} onMouseMove={() => setAt(index)} onClick={() => open(find)}>
            <Chip tone={find.tone}>{find.kind}</Chip>
            <span className="clip">{find.title}</span>
            <span className={cx(classes.detail, "clip")}>{find.detail}</span>
          </li>
        ))}
      </ul>
      {all.length === 0 && asked && !found.waiting && <p className={classes.note}>{words.shell.search.nothing(asked)}</p>}
      {text.trim() === "" && <p className={classes.note}>{words.shell.search.empty}</p>}
    </>
  );
}
