import { useState } from "react";
import { isZero, plainMoney } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { AmountField, TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Lines } from "../parts/Lines";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Facts, Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { proposalAddress } from "../proposals/deciding";
import { statusTone } from "../proposals/subject";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import type { RefundCase } from "./cases";
import classes from "./refunds.module.css";

type Quote = NonNullable<Result<"refunds.quote_reinstatement">>;

/** After a rejection or withdrawal the gift stays void (A3): what goodwill gave back, and the way to propose more. */
export function Goodwill({ refund }: { refund: RefundCase }) {
  const closed = refund.status === "rejected" || refund.status === "withdrawn";
  const shown = closed && !isZero(refund.amount_gift_voided);
  const quote = useRead("refunds.quote_reinstatement", { refund_id: refund.id }, { enabled: shown });
  return shown && quote.data ? <GoodwillPanel quote={quote.data} number={refund.number} /> : null;
}

function GoodwillPanel({ quote, number }: { quote: Quote; number: string }) {
  const { words } = useSpeech();
  const text = words.refunds.goodwill;
  const [asking, setAsking] = useState(false);
  const may = useDuty("accountant");
  const blocked = !may ? words.parts.refusal.needs(words.shell.duties.accountant) : isZero(quote.most) ? text.nothingLeft : null;
  return (
    <Panel title={text.title} data-testid="refund-goodwill">
      <div className={classes.goodwill}>
        <p className="muted">{text.hint}</p>
        <Facts
          rows={[
            [text.voided, <Money key="v" amount={quote.voided} sign="¥ " />],
            !isZero(quote.given_back) && [text.givenBack, <Money key="g" amount={quote.given_back} sign="¥ " />],
            !isZero(quote.waiting) && [text.waiting, <Money key="w" amount={quote.waiting} sign="¥ " />],
          ]}
        />
        {quote.proposals.map((one) => (
          <p key={one.id} className={classes.goodwillLine} data-testid="goodwill-proposal" data-status={one.status}>
            <Chip tone={statusTone[one.status]}>{words.proposals.statuses[one.status]}</Chip>{" "}
            <a href={`#${proposalAddress("gift_reinstatement", one.id)}`}>{plainMoney(one.amount, "¥ ")}</a> {one.proposed_by} · <Instant at={one.proposed_at} />
            <span className={`soft ${classes.goodwillWhy}`}>{one.reason}</span>
            {one.declined_why && <span className={`muted ${classes.goodwillWhy}`}>{one.declined_why}</span>}
          </p>
        ))}
        <div>
          <Button keys="g" blocked={blocked} onClick={() => setAsking(true)} data-testid="goodwill-propose">
            {text.propose}
          </Button>
        </div>
      </div>
      {asking && <GoodwillDialog quote={quote} number={number} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function GoodwillDialog({ quote, number, onClose }: { quote: Quote; number: string; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.refunds.goodwill;
  const [amount, setAmount] = useState<string | null>(quote.most);
  const [reason, setReason] = useState("");
  // The preview is the database's own answer to this amount.
  const preview = useRead("refunds.quote_reinstatement", { refund_id: quote.refund_id, amount: amount ?? "0" }, { enabled: amount !== null });
  const propose = useAction("refunds.propose_reinstatement");
  const form = useCommandId();
  const send = async () => {
    const row = await propose.send({ command_id: form.id, refund_id: quote.refund_id, amount: amount ?? "", reason: reason.trim() });
    if (!row) return;
    notify(text.proposed(number));
    onClose();
  };
  const blocked = amount === null ? words.parts.amounts.empty : !reason.trim() ? String(words.rules.reinstatement_without_reason.what) : null;
  return (
    <Dialog open onClose={onClose} title={text.dialog}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="goodwill-submit">
        <p>{text.explain}</p>
        <AmountField label={text.amount} hint={text.most(plainMoney(quote.most))} initial={quote.most} onChange={setAmount} data-testid="goodwill-amount" />
        <TextField label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} lines={2} autoFocus data-testid="goodwill-reason" />
        {preview.data && preview.data.lines.length > 0 && <Lines lines={preview.data.lines} label={words.proposals.posts} />}
      </Form>
    </Dialog>
  );
}
