import { useState } from "react";
import { plainMoney, rateText } from "../amounts";
import { Button } from "../parts/Button";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { go } from "../routes";
import { useDuty, useSession } from "../session";
import { useSpeech } from "../words";
import { Confirmation } from "./Confirmation";
import { type Paper, type RedLetter } from "./papers";
import classes from "./invoices.module.css";

/** A red letter that waits for its approver, with the decision beside it. */
export function RedLetterOpen({ id, paper }: { id: string; paper: Paper }) {
  const waiting = useRead("invoices.list_red_letters", { status: "proposed", most: 500 });
  const found = waiting.data?.find((one) => one.id === id);
  // The oldest of the others comes next, because the list is newest first.
  const next = waiting.data?.filter((one) => one.id !== id).at(-1) ?? null;
  return found ? <Decision red={found} paper={paper} next={next} /> : null;
}

function Decision({ red, paper, next }: { red: RedLetter; paper: Paper; next: RedLetter | null }) {
  const { words, language } = useSpeech();
  const text = words.invoices;
  const { login } = useSession();
  const approves = useDuty("approver");
  const declines = useDuty("approver", "tax_clerk");
  const [declining, setDeclining] = useState(false);
  const confirm = useAction("invoices.confirm_red_letter");
  const form = useCommandId();
  const needs = (duty: "approver" | "tax_clerk") => words.parts.refusal.needs(words.shell.duties[duty]);
  const unconfirmed = red.official_number !== null && red.confirmation !== "01" && red.confirmation !== "04";
  const blocked = !approves ? needs("approver") : red.proposed_by === login ? String(words.rules.red_letter_confirmed_by_proposer.what) : unconfirmed ? String(words.rules.red_letter_not_confirmed_by_platform.what) : null;
  const title = (product: string) => {
    const line = paper.lines.find((one) => one.product === product);
    return line ? (language === "en" ? line.title_en : line.title_zh) : product;
  };
  const send = async () => {
    const row = await confirm.send({ command_id: form.id, red_letter_id: red.id });
    if (!row) return;
    notify(text.redOpen.confirmed(row.number));
    go(`/invoices/${next?.invoice_id ?? row.id}`);
  };
  return (
    <Panel
      title={text.redOpen.title}
      className={classes.redOpen}
      hint={text.reasons[red.reason_code] ?? red.reason_code}
      aside={
        <>
          <Button onClick={() => setDeclining(true)} blocked={!declines && needs("approver")} data-testid="red-letter-decline">
            {text.redOpen.decline}
          </Button>
          <Button kind={approves ? "primary" : "plain"} keys="a" busy={confirm.busy} blocked={blocked} onClick={() => void send()} data-testid="red-letter-confirm">
            {text.redOpen.confirm}
          </Button>
        </>
      }
      padded
      data-testid="red-letter-open"
    >
      <div className={classes.redFacts}>
        <Facts
          rows={[
            ...red.lines.map((line): [string, React.ReactNode] => [line.rate ? `${title(line.product)} · ${rateText(line.rate)}` : title(line.product), plainMoney(line.amount, "¥ ")]),
            [text.red.amount, <Money key="t" amount={red.total_incl} strong />],
            [text.redOpen.asked, <span key="a"><Instant at={red.proposed_at} /> · {red.proposed_by}</span>],
            red.note ? [text.redForm.note, red.note] : null,
          ]}
        />
      </div>
      {red.official_number && <Confirmation red={red} />}
      <Refusal error={confirm.refusal} />
      {declining && <DeclineDialog red={red} onClose={() => setDeclining(false)} onDone={() => next && approves && go(`/invoices/${next.invoice_id}`)} />}
    </Panel>
  );
}

function DeclineDialog({ red, onClose, onDone }: { red: RedLetter; onClose(): void; onDone(): void }) {
  const { words } = useSpeech();
  const text = words.invoices.redOpen;
  const [reason, setReason] = useState("");
  const decline = useAction("invoices.decline_red_letter");
  const form = useCommandId();
  const send = async () => {
    const row = await decline.send({ command_id: form.id, red_letter_id: red.id, reason: reason.trim() });
    if (!row) return;
    notify(text.declined);
    onClose();
    onDone();
  };
  return (
    <Dialog open onClose={onClose} title={text.declineTitle}>
      <Form onSubmit={() => void send()} submit={text.declineSubmit} danger blocked={!reason.trim() && String(words.rules.decision_without_reason.what)} busy={decline.busy} refusal={decline.refusal} onCancel={onClose} submitTestId="red-letter-decline-submit">
        <p>{text.declineText}</p>
        <TextField label={text.declineReason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="red-letter-decline-reason" />
      </Form>
    </Dialog>
  );
}
