// The keyboard: screens say which keys do what, and the ? page lists exactly those.
import { createContext, useContext, useEffect, useId, useRef, useSyncExternalStore, type ReactNode } from "react";

export interface Shortcut {
  /** "j", "Enter", "Mod+k", "Shift+ArrowDown", or a sequence: "g t". */
  keys: string;
  /** What it does, for the ? page; without a label it is not listed. */
  label?: string;
  group?: "everywhere" | "lists" | "thisScreen";
  /** Also while typing in a field. */
  whileTyping?: boolean;
  run(event: KeyboardEvent): void;
}

interface Registration {
  id: string;
  layer: number;
  shortcuts: () => Shortcut[];
}

let registrations: Registration[] = [];
let sequence: { first: string; at: number } | null = null;
const openLayers = new Map<string, number>();
const watchers = new Set<() => void>();
let version = 0;
const changed = () => {
  version += 1;
  watchers.forEach((tell) => tell());
};

const LayerContext = createContext(0);

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type));

/** While an input method composes, Enter and Esc belong to it. */
export const isComposing = (event: { isComposing?: boolean; keyCode?: number; nativeEvent?: { isComposing?: boolean } }): boolean =>
  Boolean(event.isComposing || event.nativeEvent?.isComposing || event.keyCode === 229);

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const plain = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
  const parts = [
    event.ctrlKey || event.metaKey ? "Mod" : "",
    event.altKey ? "Alt" : "",
    // The shift of a printed sign is part of the sign; of a letter or a named key it counts.
    event.shiftKey && (!plain || /[a-z]/.test(key)) ? "Shift" : "",
    key === " " ? "Space" : key,
  ];
  return parts.filter(Boolean).join("+");
}

/** Enter and Space belong to the button, link or box that has the focus. */
const pressesItself = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest("button, a[href], input, summary, [role=option], [role=menuitem], [role=tab]") !== null;

function listen(event: KeyboardEvent): void {
  if (event.defaultPrevented || isComposing(event)) return;
  const name = nameOf(event);
  if ((name === "Enter" || name === "Space") && pressesItself(event.target)) return;
  const typing = isField(event.target);
  const top = Math.max(0, ...openLayers.values());
  const now = performance.now();
  const pair = sequence && now - sequence.at < 1500 ? `${sequence.first} ${name}` : null;
  sequence = null;
  const active = registrations.filter((entry) => entry.layer === top).reverse();
  const reachable = active.flatMap((entry) => entry.shortcuts()).filter((shortcut) => !typing || shortcut.whileTyping);
  // A sequence that was begun is finished before its second letter means something by itself.
  const found = (pair && reachable.find((shortcut) => shortcut.keys === pair)) || reachable.find((shortcut) => shortcut.keys === name);
  if (found) {
    event.preventDefault();
    found.run(event);
    return;
  }
  const begins = reachable.some((shortcut) => shortcut.keys.startsWith(`${name} `));
  if (begins && !typing) sequence = { first: name, at: now };
}

if (typeof window !== "undefined") window.addEventListener("keydown", listen);

export function useShortcuts(shortcuts: Shortcut[]): void {
  const id = useId();
  const layer = useContext(LayerContext);
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  const shape = shortcuts.map((shortcut) => shortcut.keys + (shortcut.label ?? "")).join("\n");
  useEffect(() => {
    registrations = [...registrations, { id, layer, shortcuts: () => latest.current }];
    changed();
    return () => {
      registrations = registrations.filter((entry) => entry.id !== id);
      changed();
    };
  }, [id, layer, shape]);
}

/** A dialog lies over the screen: the keys of what is below sleep while it is open. */
export function KeyLayer({ open, children }: { open: boolean; children: ReactNode }) {
  const id = useId();
  const below = useContext(LayerContext);
  useEffect(() => {
    if (!open) return;
    openLayers.set(id, below + 1);
    return () => void openLayers.delete(id);
  }, [id, below, open]);
  return <LayerContext value={below + 1}>{children}</LayerContext>;
}

/** Everything that has a key right now below the dialogs, for the ? page. */
export function useAllShortcuts(): Shortcut[] {
  useSyncExternalStore(
    (tell) => {
      watchers.add(tell);
      return () => watchers.delete(tell);
    },
    () => version,
  );
  return registrations.filter((entry) => entry.layer === 0).flatMap((entry) => entry.shortcuts());
}
