import { useState } from "react";
import { asKontorError, cancelExport, savePapers, type KontorError } from "../call";
import { Button } from "../parts/Button";
import { Warning } from "../parts/Form";
import { notify } from "../parts/Notice";
import { Refusal } from "../parts/Refusal";
import { useSpeech } from "../words";
import type { InvoiceRow } from "./papers";
import { useReadsPapers } from "./PaperPanel";
import { QueueDialog } from "./QueueDialog";
import classes from "./invoices.module.css";

/** What can be done with the selected papers together: print them, or save them as one file or as an archive. */
export function PickedPapers({ papers }: { papers: InvoiceRow[] }) {
  const { words, formats } = useSpeech();
  const text = words.printRoom.runs;
  const may = useReadsPapers();
  const [printing, setPrinting] = useState(false);
  const [saving, setSaving] = useState<number | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const ids = papers.map((paper) => paper.id);
  const needs = !may && words.parts.refusal.notAllowed.what;
  const save = async (shape: "merged" | "zip") => {
    setRefusal(null);
    setSaving(0);
    try {
      const done = await savePapers({ invoice_ids: ids }, shape, `${papers[0]?.number ?? ""}-${papers.length}.${shape === "zip" ? "zip" : "pdf"}`, setSaving);
      if (done) notify(text.saved(formats.count(done.papers), done.path));
    } catch (thrown) {
      const error = asKontorError(thrown);
      setRefusal(error.rule === "export_cancelled" ? null : error);
    }
    setSaving(null);
  };
  return (
    <>
      <div className={classes.picked} data-testid="picked-papers">
        <span>{words.parts.selectedOnly(formats.count(papers.length))}</span>
        {saving === null ? (
          <>
            <Button small keys="p" blocked={needs} onClick={() => setPrinting(true)} data-testid="picked-print">{words.invoices.page.print}</Button>
            <Button small keys="m" blocked={needs} onClick={() => void save("merged")} data-testid="picked-merged">{text.saveMerged}</Button>
            <Button small keys="z" blocked={needs} onClick={() => void save("zip")} data-testid="picked-zip">{text.saveZip}</Button>
          </>
        ) : (
          <Button small kind="danger" onClick={() => void cancelExport()} data-testid="picked-stop">{text.stop}</Button>
        )}
      </div>
      {saving !== null && <Warning>{text.saving(formats.count(saving))}</Warning>}
      <Refusal error={refusal} />
      {printing && <QueueDialog of={{ invoice_ids: ids }} papers={papers.length} onClose={() => setPrinting(false)} />}
    </>
  );
}
