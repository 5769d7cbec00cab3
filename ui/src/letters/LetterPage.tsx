import { useState } from "react";
import { asKontorError, letterMail, saveFile, type KontorError } from "../call";
import { Button, LinkButton } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Dialog } from "../parts/Form";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { PaperDialog, type ShownPaper } from "../parts/PaperDialog";
import { PdfPreview } from "../parts/PdfPreview";
import { PrintPaper } from "../parts/Printing";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { ReceiptDialog, SendDialog } from "./Sending";
import { howSent, howTone, usePaper, type Letter, type LetterDesk, type Sending } from "./view";
import classes from "./letters.module.css";

/** What stands over the letter: sending it, printing it, or saying that it left as a mail or a text. */
type What = "send" | "print" | "email" | "ticket";

/** An issued letter: the very pages that are saved, printed and sent, how it left, and what proves that it arrived. */
export function LetterPage({ letter, desk, onClose }: { letter: Letter; desk: LetterDesk; onClose(): void }) {
  const { words, formats } = useSpeech();
  const text = words.letters;
  const [open, setOpen] = useState<What | null>(null);
  const [receiptOf, setReceiptOf] = useState<Sending | null>(null);
  const [paper, setPaper] = useState<ShownPaper | null>(null);
  const pages = usePaper("letter", letter.id);
  return (
    <Dialog open onClose={onClose} title={text.page.title(letter.number, text.kinds[letter.kind] ?? letter.kind)} size={1080} data-testid="letter-page">
      <div className={classes.page}>
        <div className={classes.sheet}>
          <Read of={pages} rows={12}>
            {(bytes) => <PdfPreview bytes={bytes} data-testid="letter-pdf" />}
          </Read>
        </div>
        <div className={classes.beside}>
          <p className="muted">{text.page.about(formats.instant(letter.issued_at), letter.issued_by, text.languages[letter.language] ?? letter.language)}</p>
          <p className={classes.hash} title={letter.content_sha256}>
            {text.page.hash} {letter.content_sha256}
          </p>
          <h3>{text.page.ways}</h3>
          {letter.sendings.length === 0 && <Empty title={text.page.notSent}>{text.page.notSentWhy}</Empty>}
          {letter.sendings.map((sending) => (
            <Way key={sending.id} sending={sending} letter={letter} onReceipt={() => setReceiptOf(sending)} onPaper={setPaper} />
          ))}
        </div>
      </div>
      <Foot letter={letter} bytes={pages.data ?? null} onOpen={setOpen} />
      {open && open !== "print" && <SendDialog letter={letter} desk={desk} left={open === "send" ? null : open} onClose={() => setOpen(null)} />}
      {open === "print" && <PrintPaper paper={{ kind: "letter", id: letter.id }} number={letter.number} onClose={() => setOpen(null)} />}
      {receiptOf && <ReceiptDialog letter={letter} sending={receiptOf} onClose={() => setReceiptOf(null)} />}
      {paper && <PaperDialog paper={paper} onClose={() => setPaper(null)} />}
    </Dialog>
  );
}

function Way({ sending, letter, onReceipt, onPaper }: { sending: Sending; letter: Letter; onReceipt(): void; onPaper(paper: ShownPaper): void }) {
  const { words, formats } = useSpeech();
  const text = words.letters;
  const records = useDuty("agent", "handler");
  const how = howSent(sending);
  const paper = sending.paper;
  // A demand's receipt that came by itself starts no clock: a handler records it once more.
  const waits = how === "delivered" && letter.kind === "shortfall_demand";
  const lines = [
    `${text.sending.at(formats.instant(sending.sent_at), sending.sent_by)}${sending.taken_at ? ` · ${text.sending.taken(formats.instant(sending.taken_at))}` : ""}`,
    sending.delivered_at && text.sending.arrived(formats.instant(sending.delivered_at), sending.receipt ?? ""),
    sending.receipt_recorded_at && sending.receipt_recorded_at !== sending.delivered_at && text.sending.recorded(formats.instant(sending.receipt_recorded_at)),
    sending.failed_at && text.sending.failedAt(formats.instant(sending.failed_at), sending.failure ?? ""),
    waits && text.sending.waits,
  ];
  return (
    <div className={classes.way} data-testid="letter-way" data-how={how}>
      <div>
        <strong>{text.ways[sending.way] ?? sending.way}</strong> <span className="soft">{[sending.by_platform ? text.sending.byPlatform : text.sending.byHand, sending.address].filter(Boolean).join(" · ")}</span>
        {lines.map((line, at) => line && <p key={at}>{line}</p>)}
        {paper && (
          <LinkButton onClick={() => onPaper(paper)} data-testid="letter-receipt-paper">
            {paper.file_name}
          </LinkButton>
        )}
      </div>
      <div className={classes.state}>
        <Chip tone={howTone[how]}>{text[how]}</Chip>
        {(!sending.delivered_at || waits) && (
          <Button small blocked={!records && words.parts.refusal.needs(words.shell.duties.agent)} onClick={onReceipt} data-testid="letter-receipt">
            {text.receipt.open}
          </Button>
        )}
      </div>
    </div>
  );
}

function Foot({ letter, bytes, onOpen }: { letter: Letter; bytes: Uint8Array | null; onOpen(what: What): void }) {
  const { words } = useSpeech();
  const text = words.letters.page;
  const writes = useDuty("agent", "handler");
  const needs = !writes && words.parts.refusal.needs(words.shell.duties.agent);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const copy = useAction("letters.copy");
  const form = useCommandId();
  const guarded = async (work: () => Promise<unknown>) => {
    setRefusal(null);
    try {
      await work();
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
    }
  };
  const save = async (name: string, file: Uint8Array) => {
    const path = await saveFile(name, file);
    if (path) notify(words.invoices.page.saved(path));
    return Boolean(path);
  };
  // Saved or copied it is on its way out: how it left is asked at once, while the hand is there.
  const saveMail = async () => {
    if (await save(`${letter.number}.eml`, await letterMail(letter.id))) onOpen("email");
  };
  const copyText = async () => {
    const whole = await copy.send({ command_id: form.id, letter_id: letter.id });
    if (whole === null) return;
    form.renew();
    await navigator.clipboard.writeText(whole);
    notify(text.copied);
    onOpen("ticket");
  };
  return (
    <>
      <Refusal error={refusal ?? copy.refusal} />
      <footer className={classes.foot}>
        <Button keys="c" blocked={needs} busy={copy.busy} onClick={() => void guarded(copyText)} data-testid="letter-copy">
          {text.copy}
        </Button>
        <Button keys="e" blocked={needs} onClick={() => void guarded(saveMail)} data-testid="letter-mail">
          {text.mail}
        </Button>
        <Button keys="s" busy={bytes === null} onClick={() => void guarded(async () => void (bytes && (await save(`${letter.number}.pdf`, bytes))))} data-testid="letter-save">
          {text.save}
        </Button>
        <Button keys="p" onClick={() => onOpen("print")} data-testid="letter-print">
          {text.print}
        </Button>
        <Button kind="primary" keys="Enter" blocked={needs} onClick={() => onOpen("send")} data-testid="letter-send">
          {text.send}
        </Button>
      </footer>
    </>
  );
}
