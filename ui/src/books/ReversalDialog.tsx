import { useState } from "react";
import { TextField } from "../parts/Fields";
import { Dialog, Form, Warning } from "../parts/Form";
import { Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { CorrectionPreview } from "./CorrectionSheet";

/** Taking a journal back: first what it would do, then the reason, then a second person. */
export function ReversalDialog({ journalId, onClose }: { journalId: string; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.books.corrections;
  const sheet = useRead("reversals.preview", { journal_id: journalId }, { keep: false });
  const propose = useAction("reversals.propose");
  const form = useCommandId();
  const [reason, setReason] = useState("");
  const may = useDuty("accountant");
  const refused = (sheet.data?.refusals.length ?? 0) > 0;
  const number = words.ledger.number(journalId);
  const send = async () => {
    if (!(await propose.send({ command_id: form.id, journal_id: journalId, reason: reason.trim() }))) return;
    notify(text.reverseProposed(number));
    onClose();
  };
  const blocked = !may ? words.parts.refusal.needs(words.shell.duties.accountant) : refused ? text.reverseBlocked : !reason.trim() ? text.noteFirst : null;
  return (
    <Dialog open onClose={onClose} title={text.reverseTitle(number)} size={680} data-testid="reversal-dialog">
      <Form onSubmit={() => void send()} submit={text.propose} busy={propose.busy} refusal={propose.refusal} blocked={blocked} onCancel={onClose} submitTestId="reversal-submit">
        <Warning>{refused ? text.reverseBlocked : text.reverseMeans}</Warning>
        <Read of={sheet} rows={3}>
          {(found) => <CorrectionPreview sheet={found} />}
        </Read>
        {!refused && <TextField label={text.reason} value={reason} onChange={setReason} lines={2} data-testid="reversal-reason" />}
      </Form>
    </Dialog>
  );
}
