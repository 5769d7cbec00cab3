import { Modal } from "@mantine/core";
import { useEffect, useRef, type ComponentProps, type FormEvent, type KeyboardEvent, type ReactNode } from "react";
import type { KontorError } from "../call";
import { isComposing, KeyLayer, useShortcuts } from "../keys";
import { useWords } from "../words";
import { Button } from "./Button";
import { Refusal } from "./Refusal";
import classes from "./form.module.css";

interface FormProps {
  onSubmit(): void;
  submit: string;
  /** Why it cannot be sent yet; said on the button. */
  blocked?: string | null | false;
  busy?: boolean;
  refusal?: KontorError | null;
  /** What to say where the server cannot be reached, if not the usual. */
  offline?: ComponentProps<typeof Refusal>["offline"];
  onCancel?(): void;
  danger?: boolean;
  children: ReactNode;
  "data-testid"?: string;
  submitTestId?: string;
}

/**
 * A form. Enter sends it from a one-line field, Ctrl Enter from anywhere, never while an input
 * method composes. What the database refuses is shown above the buttons, and the form keeps its entries.
 */
export function Form({ onSubmit, submit, blocked, busy, refusal, offline, onCancel, danger, children, submitTestId, ...rest }: FormProps) {
  const words = useWords();
  const composed = useRef(0);
  const send = () => {
    if (!blocked && !busy) onSubmit();
  };
  const submitted = (event: FormEvent) => {
    event.preventDefault();
    // WebKit reports the Enter that ends a composition just after it has ended.
    if (performance.now() - composed.current < 80) return;
    send();
  };
  const keyed = (event: KeyboardEvent<HTMLFormElement>) => {
    if (event.key !== "Enter") return;
    if (isComposing(event)) event.preventDefault();
    else if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      send();
    }
  };
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // In a dialog the focus goes to the first field, not to the cross that closes it.
    form.current?.querySelector("input:not([type=hidden]), textarea, select")?.setAttribute("data-autofocus", "");
  }, []);
  return (
    <form ref={form} className={classes.form} onSubmit={submitted} onKeyDown={keyed} onCompositionEnd={() => (composed.current = performance.now())} noValidate {...rest}>
      <div className={classes.fields}>{children}</div>
      <Refusal error={refusal} offline={offline} />
      <footer className={classes.foot}>
        {onCancel && <Button onClick={onCancel}>{words.parts.cancel}</Button>}
        <Button submit kind={danger ? "danger" : "primary"} blocked={blocked} busy={busy} data-testid={submitTestId}>
          {submit}
        </Button>
      </footer>
    </form>
  );
}

interface DialogProps {
  open: boolean;
  onClose(): void;
  title: ReactNode;
  children: ReactNode;
  size?: number;
  "data-testid"?: string;
}

/** A window over the screen; Esc closes it and the keys below sleep. */
export function Dialog({ open, onClose, title, children, size = 560, ...rest }: DialogProps) {
  const words = useWords();
  useFocusGivenBack(open);
  return (
    <KeyLayer open={open}>
      <Modal
        lockScroll={false}
        opened={open}
        onClose={onClose}
        title={title}
        size={size}
        centered
        closeOnEscape={false}
        transitionProps={{ duration: 0 }}
        closeButtonProps={{ "aria-label": words.parts.close }}
        classNames={{ title: classes.title, header: classes.header, body: classes.dialog, overlay: classes.veil, content: classes.content }}
        {...rest}
      >
        {open && <CloseOnEscape onClose={onClose} />}
        {children}
      </Modal>
    </KeyLayer>
  );
}

/** What had the focus before has it again, also where the dialog is not closed but gone. */
function useFocusGivenBack(open: boolean) {
  const before = useRef<Element | null>(null);
  const was = useRef(false);
  // Looked at while drawing: a field of the dialog takes the focus as soon as it is there.
  if (open && !was.current) before.current = document.activeElement;
  was.current = open;
  useEffect(() => {
    if (!open) return;
    return () => {
      setTimeout(() => {
        const had = before.current;
        if (document.activeElement === document.body && had instanceof HTMLElement && had.isConnected) had.focus({ preventScroll: true });
      });
    };
  }, [open]);
}

function CloseOnEscape({ onClose }: { onClose(): void }) {
  useShortcuts([{ keys: "Escape", whileTyping: true, run: onClose }]);
  return null;
}

/** Fields side by side. */
export function Row({ children, columns = 2 }: { children: ReactNode; columns?: number }) {
  return (
    <div className={classes.row} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {children}
    </div>
  );
}

/** A sentence the person must have read before sending. */
export function Warning({ children }: { children: ReactNode }) {
  return <p className={classes.warning}>{children}</p>;
}
