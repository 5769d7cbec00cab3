import { useRef, useState } from "react";
import { asKontorError, type KontorError } from "../call";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { useNow } from "../session";
import { useSpeech } from "../words";
import classes from "./locks.module.css";

/** Papers of an order: sent once each before the action that names them, also when that action is tried again. */
/** An order's own receipt is its papers' too; a later paper, of a renewal or the end, is asked for its own. */
export function useOrderPapers(order: string, receivedWith?: string) {
  const now = useNow();
  const [own, setOwn] = useState(() => beijing(now));
  const received = receivedWith ?? own;
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
        await sendPaper({ kind: "judicial_order", id: order }, paper, { received_at: instantOf(received) });
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
  return { papers, setPapers, filing, unfiled, file, received, setReceived: receivedWith === undefined ? setOwn : null, undated: !instantOf(received) };
}

export function PapersField({ label, kept, one }: { label: string; kept: ReturnType<typeof useOrderPapers>; one?: boolean }) {
  const { words } = useSpeech();
  return (
    <div className={classes.papersField}>
      <span>{label}</span>
      <AttachmentsBox papers={kept.papers} onTake={(taken) => kept.setPapers(one ? taken.slice(0, 1) : [...kept.papers, ...taken])} onRemove={(id) => kept.setPapers(kept.papers.filter((paper) => paper.id !== id))} data-testid="order-papers-field" />
      {kept.setReceived && <InstantField label={words.parts.attachments.received} value={kept.received} onChange={kept.setReceived} data-testid="order-paper-received" />}
    </div>
  );
}
