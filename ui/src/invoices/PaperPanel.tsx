import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asKontorError, paperPdf, paperTwins, saveFile, type KontorError } from "../call";
import { Button } from "../parts/Button";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { PdfPreview } from "../parts/PdfPreview";
import { Refusal } from "../parts/Refusal";
import { useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { fileName, type Paper } from "./papers";
import classes from "./invoices.module.css";

/** The stored bytes: rendered once, so they never need to be read twice in one session. */
export function usePdf(id: string, wanted: boolean) {
  return useQuery<Uint8Array, KontorError>({
    queryKey: ["invoice_pdf", id],
    queryFn: () => paperPdf({ kind: "invoice", id }).catch((thrown: unknown) => Promise.reject(asKontorError(thrown))),
    enabled: wanted,
    staleTime: Infinity,
    retry: false,
    // Every read is on record, so nothing asks again by itself.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    // An action elsewhere changes no byte of a paper.
    meta: { still: true },
  });
}

/** Whose papers show a person in full: those are opened by a hand, because opening is on record. */
export function useShowsAtOnce(paper: Paper): boolean {
  const { query } = useRoute();
  return paper.content.buyer.kind !== "personal" || query.get("new") !== null;
}

export const useReadsPapers = (): boolean => useDuty("agent", "tax_clerk", "accountant", "approver", "treasurer", "supervisor", "legal", "auditor");

/** The very pages that are saved and printed. */
export function PaperPanel({ paper }: { paper: Paper }) {
  const { words } = useSpeech();
  const text = words.invoices.page;
  const atOnce = useShowsAtOnce(paper);
  const may = useReadsPapers();
  const [asked, setAsked] = useState(false);
  const shown = may && (atOnce || asked);
  const pdf = usePdf(paper.id, shown);
  return (
    <Panel title={text.pdf} hint={text.pdfHint} className={classes.paper}>
      {shown ? (
        <Read of={pdf} rows={12}>
          {(bytes) => <PdfPreview bytes={bytes} data-testid="invoice-pdf" />}
        </Read>
      ) : (
        <div className={classes.hidden}>
          <p className="muted">{may ? text.pdfHidden : words.parts.refusal.notAllowed.what}</p>
          {may && (
            <Button keys="v" onClick={() => setAsked(true)} data-testid="invoice-show">
              {text.pdfShow}
            </Button>
          )}
        </div>
      )}
    </Panel>
  );
}

/** Saves the same bytes under the paper's number. */
export function SaveButton({ paper }: { paper: Paper }) {
  const { words } = useSpeech();
  const text = words.invoices.page;
  const may = useReadsPapers();
  const pdf = usePdf(paper.id, false);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const save = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      const bytes = pdf.data ?? (await pdf.refetch({ throwOnError: true })).data;
      const path = bytes && (await saveFile(fileName(paper.number), bytes));
      if (path) notify(text.saved(path));
      // Beside it the same facts for programs, where the paper carries them.
      if (path && paper.currency !== "CNY") for (const twin of await paperTwins(paper.id)) await saveFile(twin.name, twin.bytes);
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button keys="s" busy={busy} blocked={!may && words.parts.refusal.notAllowed.what} onClick={() => void save()} data-testid="invoice-save">
        {text.save}
      </Button>
      {refusal && (
        <div className={classes.floating}>
          <Refusal error={refusal} />
        </div>
      )}
    </>
  );
}
