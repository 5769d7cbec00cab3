import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asKontorError, paperPdf, saveFile, type KontorError } from "../call";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { PdfPreview } from "../parts/PdfPreview";
import { PrintPaper } from "../parts/Printing";
import { Refusal } from "../parts/Refusal";
import { useSpeech } from "../words";
import type { RefundCase } from "./cases";
import classes from "./refunds.module.css";

/** The worksheet on paper, as it stands now: for the file, and for whoever signs beside a screen. */
export function WorksheetPaper({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.paper;
  const [open, setOpen] = useState<"paper" | "print" | null>(null);
  return (
    <>
      <Button keys="Mod+p" onClick={() => setOpen("paper")} data-testid="refund-sheet">
        {text.open}
      </Button>
      {open === "paper" && <Shown refund={refund} onPrint={() => setOpen("print")} onClose={() => setOpen(null)} />}
      {open === "print" && <PrintPaper paper={{ kind: "refund", id: refund.id }} number={refund.number} onClose={() => setOpen(null)} />}
    </>
  );
}

function Shown({ refund, onPrint, onClose }: { refund: RefundCase; onPrint(): void; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.refunds.paper;
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const pdf = useQuery<Uint8Array, KontorError>({
    // Its figures are those of the digest: another digest is another paper.
    queryKey: ["refund_pdf", refund.id, refund.digest, refund.status],
    queryFn: () => paperPdf({ kind: "refund", id: refund.id }).catch((thrown: unknown) => Promise.reject(asKontorError(thrown))),
    retry: false,
    refetchOnWindowFocus: false,
    meta: { still: true },
  });
  const save = async (bytes: Uint8Array) => {
    try {
      const path = await saveFile(`${refund.number}.pdf`, bytes);
      if (path) notify(words.invoices.page.saved(path));
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    }
  };
  return (
    <Dialog open onClose={onClose} title={text.title(refund.number)} size={880} data-testid="refund-sheet-shown">
      <Refusal error={refusal} />
      <Read of={pdf} rows={12}>
        {(bytes) => (
          <>
            <div className={classes.sheetPaper}>
              <PdfPreview bytes={bytes} data-testid="refund-pdf" />
            </div>
            <footer className={classes.sheetWays}>
              <Button keys="s" onClick={() => void save(bytes)} data-testid="refund-sheet-save">
                {words.invoices.page.save}
              </Button>
              <Button kind="primary" keys="p" onClick={onPrint} data-testid="refund-sheet-print">
                {text.print}
              </Button>
            </footer>
          </>
        )}
      </Read>
    </Dialog>
  );
}
