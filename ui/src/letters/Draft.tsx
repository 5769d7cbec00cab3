import { useState } from "react";
import { Button } from "../parts/Button";
import { Dialog } from "../parts/Form";
import { Read, Skeleton } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { PdfPreview } from "../parts/PdfPreview";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId, useRead } from "../reading";
import { useSpeech } from "../words";
import { LanguageSwitch } from "./LanguageSwitch";
import { useDraft, type CaseOf } from "./view";
import classes from "./letters.module.css";

interface Props {
  of: CaseOf;
  kind: string;
  onIssued(id: string): void;
  onClose(): void;
}

/** A letter as it would be now. What was read is what is issued: the digest goes along. */
export function Draft({ of, kind, onIssued, onClose }: Props) {
  const { words } = useSpeech();
  const text = words.letters;
  const [language, setLanguage] = useState<"zh" | "en">("zh");
  const wanted = { kind, language, subject_id: of.id };
  const draft = useRead("letters.preview", wanted, { keep: false, fresh_ms: 0 });
  const pages = useDraft(wanted);
  const issue = useAction("letters.issue");
  const form = useCommandId();
  const send = async () => {
    const letter = await issue.send({ command_id: form.id, kind, language, subject_id: of.id, digest: draft.data?.digest ?? null });
    if (!letter) {
      form.renew();
      await Promise.all([draft.refetch(), pages.refetch()]);
      return;
    }
    notify(text.draft.issued(letter.number));
    onIssued(letter.id);
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={`${text.draft.title(text.kinds[kind] ?? kind)} · ${of.number}`} size={900} data-testid="letter-draft">
      <div className={classes.bar}>
        <LanguageSwitch language={language} onChange={setLanguage} />
        <span className="muted">{text.draft.hint}</span>
      </div>
      <Refusal error={issue.refusal ?? draft.error} />
      <div className={classes.sheet}>
        {pages.isPending ? <Skeleton rows={10} /> : <Read of={pages} rows={10}>{(bytes) => <PdfPreview bytes={bytes} data-testid="letter-draft-pdf" />}</Read>}
      </div>
      <footer className={classes.foot}>
        <Button onClick={onClose}>{words.parts.cancel}</Button>
        <Button kind="primary" keys="Mod+Enter" busy={issue.busy || draft.isPending} blocked={draft.error && words.parts.refusal.notAllowed.what} onClick={() => void send()} data-testid="letter-issue">
          {text.draft.issue}
        </Button>
      </footer>
    </Dialog>
  );
}
