import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { asKontorError, type KontorError } from "../call";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { Button } from "../parts/Button";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { PaperDialog } from "../parts/PaperDialog";
import { Refusal } from "../parts/Refusal";
import { useShortcuts } from "../keys";
import { moving, useAction, useCommandId } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { isOpen, type RefundCase } from "./cases";
import classes from "./refunds.module.css";

type Proof = RefundCase["attachments"][number];

/** The papers of the case; which of them this person has opened is on record, and shown. */
export function Proofs({ refund }: { refund: RefundCase }) {
  const { words } = useSpeech();
  const text = words.refunds.proofs;
  const [shown, setShown] = useState<Proof | null>(null);
  const collects = useDuty("agent");
  const opened = refund.attachments.filter((paper) => paper.opened_by_me).length;
  useShortcuts([{ keys: "o", label: text.openNext, group: "thisScreen", run: () => setShown(refund.attachments.find((paper) => !paper.opened_by_me) ?? refund.attachments[0] ?? null) }]);
  return (
    <Panel title={text.title} aside={text.count(refund.attachments.length, opened)} data-testid="refund-proofs">
      {refund.attachments.length === 0 && <Empty title={text.none} />}
      {refund.attachments.length > 0 && (
        <ul className={classes.papers}>
          {refund.attachments.map((paper) => (
            <li key={paper.id}>
              <button type="button" className={classes.paper} onClick={() => setShown(paper)} title={`${paper.file_name} · SHA-256 ${paper.sha256}`} data-testid="refund-paper" data-opened={paper.opened_by_me}>
                <span className={classes.paperKind}>{/\.([a-z0-9]{1,4})$/i.exec(paper.file_name)?.[1]?.toUpperCase() ?? "FILE"}</span>
                <span className="clip">{paper.file_name}</span>
                <small>
                  {paper.opened_by_me ? <span className={classes.opened}>✓ {text.opened}</span> : text.by(paper.recorded_by)}
                </small>
              </button>
            </li>
          ))}
        </ul>
      )}
      {/* A released case may still need the proof of an account, where money leaves by transfer. */}
      {collects && (isOpen(refund.status) || refund.status === "released") && <AddPapers refund={refund} />}
      {shown && <PaperDialog paper={shown} onClose={() => setShown(null)} />}
    </Panel>
  );
}

/** Papers for an open case. They wait for a click, because what is filed stays filed: a stray paste must not. */
function AddPapers({ refund }: { refund: RefundCase }) {
  const { words, formats } = useSpeech();
  const text = words.refunds.proofs;
  const queries = useQueryClient();
  const [papers, setPapers] = useState<Paper[]>([]);
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const answer = useAction("refunds.add_proof");
  const form = useCommandId();
  // Where the reviewer asked for a paper, filing it is the answer.
  const answers = refund.actions.some((one) => one.action === "refunds.add_proof" && one.allowed);
  const file = async () => {
    setBusy(true);
    setRefusal(null);
    try {
      for (const paper of papers) {
        await sendPaper({ kind: "refund", id: refund.id }, paper);
        setPapers((kept) => kept.filter((one) => one.id !== paper.id));
      }
      if (answers && (await answer.send({ command_id: form.id, refund_id: refund.id }))) form.renew();
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    }
    setBusy(false);
    void queries.invalidateQueries(moving);
  };
  return (
    <div className={classes.addPapers}>
      <AttachmentsBox papers={papers} onTake={(taken) => setPapers((kept) => [...kept, ...taken])} onRemove={(id) => setPapers((kept) => kept.filter((one) => one.id !== id))} busy={busy} data-testid="refund-add-papers" />
      {papers.length > 0 && (
        <div>
          <Button kind="primary" busy={busy} onClick={() => void file()} data-testid="refund-file-papers">
            {answers ? text.fileAndAnswer(formats.count(papers.length)) : text.file(formats.count(papers.length))}
          </Button>
        </div>
      )}
      <Refusal error={refusal ?? answer.refusal} />
    </div>
  );
}
