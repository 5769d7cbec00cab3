import { Checkbox, Select } from "@mantine/core";
import { DateInput } from "@mantine/dates";
import { createContext, useContext, useId, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from "react";
import { parseAmount, plainMoney } from "../amounts";
import { isComposing } from "../keys";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech, useWords } from "../words";
import { cx } from "./cx";
import classes from "./fields.module.css";
import "dayjs/locale/zh-cn";

interface FieldProps {
  label: ReactNode;
  /** Under the field, in grey. */
  hint?: ReactNode;
  /** What is wrong with it now. */
  problem?: ReactNode;
  optional?: boolean;
  id: string;
  children: ReactNode;
}

export function Field({ label, hint, problem, optional, id, children }: FieldProps) {
  const words = useWords();
  return (
    <div className={classes.field}>
      <label htmlFor={id}>
        {label}
        {optional && <span className={classes.optional}>{words.parts.optional}</span>}
      </label>
      {children}
      {problem ? (
        <p className={classes.problem} id={`${id}-note`}>
          {problem}
        </p>
      ) : hint ? (
        <p className={classes.hint} id={`${id}-note`}>
          {hint}
        </p>
      ) : null}
    </div>
  );
}

export interface TextFieldProps {
  label: ReactNode;
  value: string;
  onChange(value: string): void;
  hint?: ReactNode;
  problem?: ReactNode;
  optional?: boolean;
  /** More than one line. */
  lines?: number;
  secret?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  onPaste?(event: ClipboardEvent): void;
  autoComplete?: string;
  "data-testid"?: string;
}

/** The Enter that ends an input method's word is not the Enter that sends a form. */
export const guardEnter = (event: KeyboardEvent) => {
  if (event.key === "Enter" && isComposing(event)) event.stopPropagation();
};

export function TextField({ label, value, onChange, hint, problem, optional, lines, secret, autoComplete, ...rest }: TextFieldProps) {
  const id = useId();
  const same = {
    id,
    value,
    className: cx(classes.input, Boolean(problem) && classes.wrong),
    "aria-invalid": problem ? true : undefined,
    "aria-describedby": problem || hint ? `${id}-note` : undefined,
    onKeyDown: guardEnter,
    // A dialog would otherwise begin on its closing cross.
    "data-autofocus": rest.autoFocus ? "" : undefined,
    ...rest,
  };
  return (
    <Field label={label} hint={hint} problem={problem} optional={optional} id={id}>
      {lines && lines > 1 ? (
        <textarea rows={lines} {...same} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input type={secret ? "password" : "text"} autoComplete={autoComplete ?? "off"} spellCheck={false} {...same} onChange={(event) => onChange(event.target.value)} />
      )}
    </Field>
  );
}

interface AmountFieldProps extends Omit<TextFieldProps, "value" | "onChange" | "lines" | "secret"> {
  /** Called with the exact amount, or null while the text is not one. */
  onChange(value: string | null): void;
  initial?: string;
  /** Show a problem also where the field is empty: after a try to send. */
  strict?: boolean;
  /** Six for metered amounts. */
  decimals?: 2 | 6;
}

/** An amount as people write it; shows how it was read. */
export function AmountField({ onChange, initial = "", strict, decimals = 2, problem, hint, ...rest }: AmountFieldProps) {
  const words = useWords();
  const [text, setText] = useState(initial);
  const [left, setLeft] = useState(false);
  const parsed = parseAmount(text, decimals);
  const unusual = parsed.value !== null && text.trim() !== plainMoney(parsed.value).replace(/,/g, "");
  const complaint = parsed.problem && (parsed.problem !== "empty" || strict) && (left || strict) ? words.parts.amounts[parsed.problem] : null;
  return (
    <div onBlur={() => setLeft(true)}>
      <TextField
        {...rest}
        value={text}
        onChange={(next) => {
          setText(next);
          onChange(parseAmount(next, decimals).value);
        }}
        problem={problem ?? complaint}
        hint={unusual && parsed.value ? <strong>{words.parts.amounts.readAs(plainMoney(parsed.value, "¥ "))}</strong> : hint}
      />
    </div>
  );
}

interface ChoiceProps {
  label: ReactNode;
  value: string | null;
  onChange(value: string | null): void;
  options: { value: string; label: string }[];
  hint?: ReactNode;
  problem?: ReactNode;
  optional?: boolean;
  searchable?: boolean;
  placeholder?: string;
  "data-testid"?: string;
}

export function Choice({ label, hint, problem, optional, options, onChange, ...rest }: ChoiceProps) {
  const id = useId();
  return (
    <Field label={label} hint={hint} problem={problem} optional={optional} id={id}>
      <Select id={id} data={options} onChange={onChange} clearable={optional} allowDeselect={Boolean(optional)} comboboxProps={{ transitionProps: { duration: 0 } }} classNames={{ input: classes.input }} {...rest} />
    </Field>
  );
}

interface DayFieldProps {
  label: ReactNode;
  /** YYYY-MM-DD */
  value: string | null;
  onChange(value: string | null): void;
  hint?: ReactNode;
  problem?: ReactNode;
  optional?: boolean;
  min?: string;
  max?: string;
  "data-testid"?: string;
}

/** Where a field stands in a small window that closes on a click outside: its calendar must be inside as well. */
export const InSmallWindow = createContext(false);

export function DayField({ label, value, onChange, hint, problem, optional, min, max, ...rest }: DayFieldProps) {
  const id = useId();
  const { language } = useSpeech();
  const inside = useContext(InSmallWindow);
  const today = dayOf(useNow());
  return (
    <Field label={label} hint={hint} problem={problem} optional={optional} id={id}>
      <DateInput
        id={id}
        value={value}
        onChange={(next) => onChange(next ? String(next).slice(0, 10) : null)}
        valueFormat="YYYY-MM-DD"
        locale={language === "en" ? "en" : "zh-cn"}
        firstDayOfWeek={1}
        minDate={min}
        maxDate={max}
        clearable={optional}
        // The books' month, whatever this computer's clock says.
        defaultDate={value ?? (max && max < today ? max : today)}
        popoverProps={{ transitionProps: { duration: 0 }, withinPortal: !inside }}
        classNames={{ input: classes.input, month: classes.calendar, day: classes.day, monthsList: classes.calendar, yearsList: classes.calendar }}
        {...rest}
      />
    </Field>
  );
}

export function Tick({ label, checked, onChange, ...rest }: { label: ReactNode; checked: boolean; onChange(checked: boolean): void; "data-testid"?: string }) {
  return <Checkbox label={label} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} size="xs" classNames={{ label: classes.tick, body: classes.tickBody }} {...rest} />;
}
