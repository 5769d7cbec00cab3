import { useState } from "react";
import { asKontorError, saveFile, type KontorError } from "../call";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { PdfPreview } from "../parts/PdfPreview";
import { PrintPaper } from "../parts/Printing";
import { Refusal } from "../parts/Refusal";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { usePaper } from "./view";
import classes from "./letters.module.css";

/** The whole case on paper, for the court. */
export function Dossier({ id, number }: { id: string; number: string }) {
  const { words } = useSpeech();
  const reads = useDuty("handler", "reviewer", "approver", "legal", "supervisor", "auditor");
  const [open, setOpen] = useState<"paper" | "print" | null>(null);
  return (
    <>
      <Button keys="Mod+p" blocked={!reads && words.parts.refusal.notAllowed.what} onClick={() => setOpen("paper")} data-testid="dossier">
        {words.letters.dossier.open}
      </Button>
      {open === "paper" && <Shown id={id} number={number} onPrint={() => setOpen("print")} onClose={() => setOpen(null)} />}
      {open === "print" && <PrintPaper paper={{ kind: "dossier", id }} number={number} onClose={() => setOpen(null)} />}
    </>
  );
}

function Shown({ id, number, onPrint, onClose }: { id: string; number: string; onPrint(): void; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.letters.dossier;
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  // Opened again, it is read again: the case may have moved.
  const [fresh] = useState(() => String(Date.now()));
  const pages = usePaper("dossier", id, fresh);
  const save = async (bytes: Uint8Array) => {
    try {
      const path = await saveFile(`${number}.pdf`, bytes);
      if (path) notify(words.invoices.page.saved(path));
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    }
  };
  return (
    <Dialog open onClose={onClose} title={text.title(number)} size={900} data-testid="dossier-shown">
      <p className="muted">{text.hint}</p>
      <Refusal error={refusal} />
      <Read of={pages} rows={12}>
        {(bytes) => (
          <>
            <div className={classes.sheet}>
              <PdfPreview bytes={bytes} data-testid="dossier-pdf" />
            </div>
            <footer className={classes.foot}>
              <Button keys="s" onClick={() => void save(bytes)} data-testid="dossier-save">
                {text.save}
              </Button>
              <Button kind="primary" keys="p" onClick={onPrint} data-testid="dossier-print">
                {text.print}
              </Button>
            </footer>
          </>
        )}
      </Read>
    </Dialog>
  );
}
