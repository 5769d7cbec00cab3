import { useState } from "react";
import { plainMoney } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Dialog, Form } from "../parts/Form";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { to } from "../routes";
import { useDuty } from "../session";
import { useSpeech, useWords } from "../words";
import type { Stray } from "./stray";
import classes from "./imports.module.css";

type Candidate = Result<"exceptions.candidates">[number];
export type Reason = Candidate["reasons"][number];

/** What a payment probably belongs to, best first, with everything that speaks for it and against it. */
export function Candidates({ stray }: { stray: Stray }) {
  const text = useWords().exceptions.match;
  const found = useRead("exceptions.candidates", { exception_id: stray.id }, { keep: false });
  const [taking, setTaking] = useState<Candidate | null>(null);
  return (
    <>
      <h3 className={classes.subhead}>{stray.kind === "payment_without_order" ? text.orders : text.payments}</h3>
      <Refusal error={found.error} />
      {found.data?.length === 0 && <p className={`${classes.none} muted`}>{text.none}</p>}
      <ul className={classes.candidates} data-testid="candidates">
        {found.data?.map((one, at) => <OneCandidate key={`${one.exception_id} ${one.order_no}`} one={one} stray={stray} first={at === 0} onTake={() => setTaking(one)} />)}
      </ul>
      {taking && <MatchDialog one={taking} onClose={() => setTaking(null)} />}
    </>
  );
}

function OneCandidate({ one, stray, first, onTake }: { one: Candidate; stray: Stray; first: boolean; onTake(): void }) {
  const { words } = useSpeech();
  const text = words.exceptions.match;
  const may = useDuty("accountant");
  const rule = one.why_not as keyof typeof words.rules | null;
  const blocked = stray.proposed_at ? words.exceptions.blocked.proposed : !may ? words.parts.refusal.needs(words.shell.duties.accountant) : rule ? String(words.rules[rule]?.what ?? rule) : null;
  const payment = stray.kind === "order_without_payment";
  return (
    <li className={classes.candidate} data-testid="candidate" data-no={one.order_no} data-score={one.score}>
      <p className={classes.candidateHead}>
        <Chip tone={one.score >= 80 ? "green" : one.score >= 50 ? "brand" : "plain"} title={text.scoreHint}>
          {text.score(one.score)}
        </Chip>{" "}
        {payment ? (
          <a href={`#${to("/imports/exceptions", { id: one.exception_id })}`}>{one.provider_no}</a>
        ) : one.customer_id && one.recharge_id ? (
          <a href={`#${to(`/customers/${one.customer_id}`, { order: one.order_no })}`}>{one.order_no}</a>
        ) : one.order_exception_id ? (
          <a href={`#${to("/imports/exceptions", { id: one.order_exception_id })}`}>{one.order_no}</a>
        ) : (
          one.order_no
        )}
        <span className={classes.candidateAmount}>
          <Money amount={one.amount} sign="¥" />
        </span>
      </p>
      <p className="soft">
        {[one.customer_name, words.parts.channels[one.channel], one.payer_name && text.payer(one.payer_name, one.payer_account ?? "")].filter(Boolean).join(" · ")} · <Instant at={one.happened_at} />
      </p>
      <p className={classes.reasons}>
        {one.reasons.map((reason) => (
          <Why key={reason.code} reason={reason} />
        ))}
        {one.payer_is_holder === false && <Chip tone="amber">{words.customers.lots.otherPayer}</Chip>}
      </p>
      {one.waits_for && <p className="muted">{text.waits(words.exceptions.kinds[one.waits_for] ?? one.waits_for)}</p>}
      <div>
        <Button small keys={first ? "m" : undefined} blocked={blocked} onClick={onTake} data-testid="match-propose">
          {text.take}
        </Button>
      </div>
    </li>
  );
}

/** One reason as a short sentence; its weight on hovering. */
export function Why({ reason }: { reason: Reason }) {
  const { words, formats } = useSpeech();
  const text = words.exceptions.match.reasons;
  const say = text[reason.code];
  const said = say ? say({ characters: String(reason.characters ?? ""), hours: formats.count(String(reason.hours ?? "")), amount: reason.amount ? plainMoney(reason.amount, "¥ ") : "", channel: words.parts.channels[reason.channel ?? ""] ?? "" }) : (words.exceptions.kinds[reason.code] ?? reason.code);
  return (
    <Chip tone={reason.points < 0 ? "amber" : reason.points >= 20 ? "green" : "plain"} title={words.exceptions.match.points(reason.points)}>
      {said}
    </Chip>
  );
}

function MatchDialog({ one, onClose }: { one: Candidate; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.exceptions.match;
  const [reason, setReason] = useState("");
  const propose = useAction("exceptions.propose_match");
  const form = useCommandId();
  const send = async () => {
    const row = await propose.send({ command_id: form.id, exception_id: one.exception_id, order_no: one.order_no, reason: reason.trim() });
    if (!row) return;
    notify(text.proposed(one.order_no));
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title(one.order_no)}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={!reason.trim() && String(words.rules.match_without_reason.what)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="match-submit">
        <p>{text.explain}</p>
        <TextField label={text.why} hint={text.whyHint} value={reason} onChange={setReason} lines={3} autoFocus data-testid="match-reason" />
      </Form>
    </Dialog>
  );
}
