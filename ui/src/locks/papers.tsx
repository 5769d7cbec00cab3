import { useRef, useState } from "react";
import { asKontorError, type KontorError } from "../call";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import classes from "./locks.module.css";

/** Papers of an order: sent once each before the action that names them, also when that action is tried again. */
export function useOrderPapers(order: string) {
  const [papers, setPapers] = useState<Paper[]>([]);
  const [filing, setFiling] = useState(false);
  const [unfiled, setUnfiled] = useState<KontorError | null>(null);
  const filed = useRef(new Set<string>());
  const file = async (): Promise<boolean> => {
    setUnfiled(null);
    setFiling(true);
    try {
      for (const paper of papers) {
        if (filed.current.has(paper.id)) continue;
        await sendPaper({ kind: "judicial_order", id: order }, paper);
        filed.current.add(paper.id);
      }
      return true;
    } catch (thrown) {
      setUnfiled(asKontorError(thrown));
      return false;
    } finally {
      setFiling(false);
    }
  };
  return { papers, setPapers, filing, unfiled, file };
}

export function PapersField({ label, kept, one }: { label: string; kept: ReturnType<typeof useOrderPapers>; one?: boolean }) {
  return (
    <div className={classes.papersField}>
      <span>{label}</span>
      <AttachmentsBox papers={kept.papers} onTake={(taken) => kept.setPapers(one ? taken.slice(0, 1) : [...kept.papers, ...taken])} onRemove={(id) => kept.setPapers(kept.papers.filter((paper) => paper.id !== id))} data-testid="order-papers-field" />
    </div>
  );
}
