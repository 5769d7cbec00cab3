import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { asKontorError, printerChoices, printers, type KontorError, type Printer, type PrinterChoices, type PrintOptions, type Sides } from "../call";
import { useSession } from "../session";
import { useWords } from "../words";
import { Choice, TextField } from "./Fields";
import { Row } from "./Form";

/** The printer that is none: the system's own viewer shows the paper. The host knows it by the same name. */
export const viewer = "viewer";

const asked = { staleTime: 0, retry: false, refetchOnWindowFocus: false, meta: { still: true } };

/** This computer's printers, and the viewer behind them; the viewer alone where nothing here can print. */
export function usePrinters() {
  const text = useWords().parts.printing;
  const inViewer: Printer = { name: viewer, description: text.viewer, is_default: false, accepts_jobs: true, state: "idle" };
  return useQuery<Printer[], KontorError>({
    queryKey: ["printers", text.viewer],
    queryFn: async () => {
      try {
        return [...((await printers()) ?? []), inViewer];
      } catch (thrown) {
        const error = asKontorError(thrown);
        if (error.rule === "printing_unavailable") return [inViewer];
        throw error;
      }
    },
    ...asked,
  });
}

const memory = (login: string) => `kontor.printing.${login}`;

/** What this person chose last on this computer; null where that was never, or cannot be read any more. */
export function rememberedFor(login: string): PrintOptions | null {
  try {
    const kept = JSON.parse(localStorage.getItem(memory(login)) ?? "null") as Partial<PrintOptions> | null;
    if (typeof kept?.printer !== "string" || !Number.isInteger(kept.copies)) return null;
    return { printer: kept.printer, copies: kept.copies!, sides: kept.sides ?? "one", media: kept.media ?? null, tray: kept.tray ?? null };
  } catch {
    return null;
  }
}

interface Asked {
  options: PrintOptions | null;
  /** What is missing or wrong. */
  lacks: string | null;
  fields: ReactNode;
  /** Keeps the choice for the next paper. */
  remember(): void;
}

/** Printer, copies, sides, paper and tray, beginning with what was chosen last. */
export function usePrintOptions(list: Printer[], mostCopies: number, testId: string): Asked {
  const text = useWords().parts.printing;
  const { login } = useSession();
  const [kept] = useState(() => rememberedFor(login));
  const known = kept !== null && list.some((one) => one.name === kept.printer) ? kept : null;
  const [name, setName] = useState<string | null>(known?.printer ?? list[0]?.name ?? null);
  const [copies, setCopies] = useState(String(Math.min(known?.copies ?? 1, mostCopies)));
  const [sides, setSides] = useState<Sides>(known?.sides ?? "one");
  const [media, setMedia] = useState<string | null>(known?.media ?? null);
  const [tray, setTray] = useState<string | null>(known?.tray ?? null);
  const choices = useQuery<PrinterChoices, KontorError>({ queryKey: ["printer_choices", name], queryFn: () => printerChoices(name ?? ""), enabled: name !== null && name !== viewer, ...asked });
  const printer = list.find((one) => one.name === name);
  const count = Number(copies.normalize("NFKC"));
  const countable = Number.isInteger(count) && count >= 1 && count <= mostCopies;
  const lacks = !printer ? text.needs.printer : !printer.accepts_jobs ? text.needs.accepting : !countable ? text.needs.copies : null;
  const can = name === viewer ? undefined : choices.data;
  const options = name === null ? null : { printer: name, copies: count, sides, media, tray };
  const pick = (next: string | null) => {
    setName(next);
    // What one printer can do says nothing about another.
    setSides("one");
    setMedia(null);
    setTray(null);
  };
  const fields = (
    <>
      <Choice
        label={text.printer}
        value={name}
        onChange={pick}
        options={list.map((one) => ({ value: one.name, label: one.name !== viewer && one.description && one.description !== one.name ? `${one.description} (${one.name})` : one.name === viewer ? one.description : one.name }))}
        hint={name === viewer ? text.viewerHint : printer?.state === "stopped" ? text.stopped : undefined}
        data-testid={`${testId}-printer`}
      />
      <Row>
        <TextField label={text.copies} value={copies} onChange={setCopies} problem={countable ? null : text.copiesWrong(String(mostCopies))} data-testid={`${testId}-copies`} />
        {can?.two_sided && (
          <Choice label={text.sides} value={sides} onChange={(next) => setSides((next as Sides | null) ?? "one")} options={(["one", "long_edge", "short_edge"] as const).map((value) => ({ value, label: text.sidesNames[value] }))} data-testid={`${testId}-sides`} />
        )}
      </Row>
      {can && (can.media.length > 1 || can.trays.length > 1) && (
        <Row>
          {can.media.length > 1 && <Choice label={text.media} value={media ?? (can.media.includes("A4") ? "A4" : (can.media[0] ?? null))} onChange={setMedia} options={can.media.map((value) => ({ value, label: value }))} data-testid={`${testId}-media`} />}
          {can.trays.length > 1 && <Choice label={text.tray} optional value={tray} onChange={setTray} options={can.trays.map((value) => ({ value, label: value }))} data-testid={`${testId}-tray`} />}
        </Row>
      )}
    </>
  );
  return { options, lacks, fields, remember: () => localStorage.setItem(memory(login), JSON.stringify(options)) };
}
