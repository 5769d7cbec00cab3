import { useCallback, useEffect, useRef, useState } from "react";
import { isZero, plainMoney } from "../amounts";
import { asKontorError, type KontorError } from "../call";
import { useDraft } from "../drafts";
import { CustomerPick } from "../customers/CustomerPick";
import { RefundStops } from "../locks/AccountLocks";
import { AttachmentsBox, sendPaper, type Paper } from "../parts/Attachments";
import { Button, LinkButton } from "../parts/Button";
import { Choice, TextField, Tick } from "../parts/Fields";
import { Form, Row, Warning } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Heading, Panel } from "../parts/Panel";
import { useAction, useCommandId, useRead } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech, type Words } from "../words";
import type { Quote } from "./cases";
import { whyNot } from "./why";
import { Worksheet } from "./Worksheet";
import classes from "./refunds.module.css";

/** "/refunds/new": first whose money, then what the database would give, then the application itself. */
export function NewRefund() {
  const { words } = useSpeech();
  const text = words.refunds.form;
  const { query } = useRoute();
  const customer = query.get("customer");
  const quote = useRead("refunds.quote", { customer_id: customer ?? "0" }, { enabled: customer !== null, keep: false });
  const found = quote.data ?? null;
  return (
    <div className="screen" data-testid="screen-refunds" data-ready={customer === null || quote.data !== undefined}>
      <Heading
        title={text.title}
        actions={
          customer !== null && (
            <Button onClick={() => amend("/refunds/new")} data-testid="refund-other-customer">
              {text.change}
            </Button>
          )
        }
      >
        {found && <a href={`#/customers/${found.customer_id}`}>{found.customer_name}</a>}
      </Heading>
      {customer === null ? (
        <Panel className={classes.pick} padded>
          <div className={classes.pickField}>
            <label>{text.customer}</label>
            <CustomerPick autoFocus onPick={(picked) => amend(to("/refunds/new", { customer: picked.id }))} data-testid="refund-customer" />
          </div>
          <p className="muted">{text.pickHint}</p>
        </Panel>
      ) : (
        <Read of={quote} rows={8}>
          {(given) => given && <Application key={given.customer_id} quote={given} onStale={() => void quote.refetch()} />}
        </Read>
      )}
    </div>
  );
}

function Application({ quote: ordinary, onStale: refetch }: { quote: Quote; onStale(): void }) {
  const { words } = useSpeech();
  const text = words.refunds.form;
  const [occasion, setOccasion] = useState<string | null>("no_longer_needed");
  // An override has another worksheet: no fee, and the gift waits instead of becoming void.
  const override = useRead("refunds.quote", { customer_id: ordinary.customer_id, legal_override: true }, { enabled: occasion === "legal_override", keep: false });
  const quote = (occasion === "legal_override" && override.data) || ordinary;
  const onStale = () => (occasion === "legal_override" ? void override.refetch() : refetch());
  const { worksheet } = quote;
  const refused = worksheet.reason ? whyNot(words, worksheet.reason) : null;
  return (
    <div className={classes.splitForm}>
      <div className={classes.main}>
        {refused && (
          <Warning>
            <span data-testid="refund-refused" data-rule={worksheet.reason}>
              <strong>{text.refused}: {refused.what}</strong> {refused.why}
              {refused.clause && <span className="muted"> {words.parts.refusal.clause(refused.clause)}.</span>} {refused.next}
            </span>
          </Warning>
        )}
        <RefundStops stops={quote.stops} />
        <Worksheet customer={quote.customer_id} shown={{ sheet: worksheet, before: null, of: "now" }} giftIsVoid={false} />
        {quote.same_cases.length > 0 && (
          <Panel title={text.other}>
            {quote.same_cases.map((one) => (
              <div key={one.id} className={classes.action}>
                <a href={`#/refunds/${one.id}`}>{one.number}</a>
                <span className="soft">{words.refunds.statuses[one.status] ?? one.status}</span>
              </div>
            ))}
          </Panel>
        )}
      </div>
      <Panel className={classes.formPanel} padded>
        <ApplicationForm quote={quote} occasion={occasion} onOccasion={setOccasion} onStale={onStale} />
        <Staffing quote={quote} text={text} />
      </Panel>
    </div>
  );
}

/** Says before the start which step nobody present could finish. */
function Staffing({ quote, text }: { quote: Quote; text: Words["refunds"]["form"] }) {
  const people = (step: string) => quote.steps.find((one) => one.step === step)?.people.length ?? 0;
  const { words } = useSpeech();
  const lonely = quote.steps.filter((one) => one.people.length === 0);
  return (
    <div className={classes.staffing} data-testid="refund-staffing" data-lonely={lonely.map((one) => one.step).join(" ")}>
      {lonely.length === 0
        ? <p className="muted">{text.staffed(text.people(people("review")), text.people(people("approve")), text.people(people("release")))}</p>
        : lonely.map((one) => <Warning key={one.step}>{text.staffing(text.stepNames[one.step] ?? one.step)}</Warning>)}
      {lonely.length === 0 && !quote.staffed && <Warning>{words.casework.staffing}</Warning>}
    </div>
  );
}

/** A second case on the same ticket is pointed out before it is opened. */
function SameTicket({ ticket }: { ticket: string }) {
  const { words } = useSpeech();
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(ticket), 300);
    return () => clearTimeout(timer);
  }, [ticket]);
  const same = useRead("search.same_ticket", { ticket_no: asked }, { enabled: asked.length > 2, keep: false });
  const found = asked.length > 2 ? (same.data ?? []) : [];
  if (found.length === 0) return null;
  return (
    <Warning>
      <span data-testid="refund-same-ticket">
        {words.refunds.form.sameTicket}{" "}
        {found.map((one) => (
          <a key={one.id} className={classes.case} href={`#/${one.kind}s/${one.id}`}>
            {one.number}
          </a>
        ))}
      </span>
    </Warning>
  );
}

/** Files the papers under the coming application, one after the other; what is filed is not sent again. */
function useFiling() {
  const text = useSpeech().words.refunds.form;
  const [now, setNow] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<KontorError | null>(null);
  const filed = useRef(new Set<string>());
  const file = async (id: string, papers: Paper[]): Promise<boolean> => {
    setRefusal(null);
    try {
      for (const [at, paper] of papers.entries()) {
        if (filed.current.has(paper.id)) continue;
        setNow(text.filing(at + 1, papers.length));
        await sendPaper({ kind: "refund", id }, paper);
        filed.current.add(paper.id);
      }
      return true;
    } catch (thrown) {
      setRefusal(asKontorError(thrown));
      return false;
    } finally {
      setNow(null);
    }
  };
  return { now, refusal, file };
}

interface ApplicationProps {
  quote: Quote;
  occasion: string | null;
  onOccasion(occasion: string | null): void;
  onStale(): void;
}

function ApplicationForm({ quote, occasion, onOccasion: setOccasion, onStale }: ApplicationProps) {
  const { words, formats } = useSpeech();
  const text = words.refunds.form;
  const { worksheet } = quote;
  const [reason, setReason] = useState("");
  const [reference, setReference] = useState("");
  const overrides = occasion === "legal_override";
  const [ticket, setTicket] = useState("");
  const [papers, setPapers] = useState<Paper[]>([]);
  const [confirmed, setConfirmed] = useState(false);
  const filing = useFiling();
  // The application's id is made here, when the form opens: its papers are filed under it before it exists.
  const [id, setId] = useState(useCommandId().id);
  const request = useAction("refunds.request");
  const asks = useDuty("agent");

  const draft = useDraft(
    "refund",
    quote.customer_id,
    { id, occasion, reason, reference, ticket, confirmed },
    !reason.trim() && !ticket.trim(),
    useCallback((before) => {
      setId(before.id);
      setOccasion(before.occasion);
      setReason(before.reason);
      setReference(before.reference);
      setTicket(before.ticket);
      setConfirmed(before.confirmed);
    }, [setOccasion]),
  );

  // Figures that moved were shown wrong, so the sheet is read again at once.
  const stale = request.refusal?.rule === "refund_figures_moved";
  useEffect(() => {
    if (stale) onStale();
  }, [stale]);

  const missing = [
    !asks && words.parts.refusal.needs(words.shell.duties.agent),
    !worksheet.eligible && text.needs.refused,
    !reason.trim() && text.needs.reason,
    !ticket.trim() && text.needs.ticket,
    overrides && !reference.trim() && text.needs.reference,
    papers.length === 0 && text.needs.proof,
    !confirmed && text.needs.gifts,
  ].find(Boolean);

  const send = async () => {
    if (!(await filing.file(id, papers))) return;
    const row = await request.send({
      command_id: id,
      customer_id: quote.customer_id,
      reason_kind: occasion ?? "other",
      reason: reason.trim(),
      ticket_no: ticket.trim(),
      gifts_void_confirmed: confirmed,
      expected_net: worksheet.net,
      legal_reference: overrides ? reference.trim() : null,
    });
    if (!row) return;
    draft.drop();
    go(`/refunds/${row.id}`);
  };

  return (
    <Form onSubmit={() => void send()} submit={filing.now ?? (worksheet.eligible ? text.submitAmount(plainMoney(worksheet.net)) : text.submit)} blocked={missing} busy={request.busy || filing.now !== null} refusal={filing.refusal ?? request.refusal} onCancel={() => go("/refunds")} submitTestId="refund-submit" data-testid="refund-form">
      {draft.restoredAt && (
        <p className="muted" data-testid="refund-draft">
          {text.draft(formats.instant(draft.restoredAt))}{" "}
          <LinkButton
            onClick={() => {
              draft.drop();
              setReason("");
              setTicket("");
              setConfirmed(false);
            }}
          >
            {text.startAfresh}
          </LinkButton>
        </p>
      )}
      <Row>
        <Choice label={text.occasion} value={occasion} onChange={setOccasion} options={Object.entries(text.occasions).map(([value, label]) => ({ value, label }))} data-testid="refund-occasion" />
        <TextField label={text.ticket} value={ticket} onChange={setTicket} data-testid="refund-ticket" />
      </Row>
      <SameTicket ticket={ticket.trim()} />
      {overrides && <TextField label={text.reference} hint={text.referenceHint} value={reference} onChange={setReference} data-testid="refund-reference" />}
      <TextField label={text.reason} hint={text.reasonHint} value={reason} onChange={setReason} lines={3} data-testid="refund-reason" />
      <div className={classes.proofField}>
        <label>{text.proof}</label>
        <AttachmentsBox papers={papers} onTake={(taken) => setPapers((kept) => [...kept, ...taken])} onRemove={(id) => setPapers((kept) => kept.filter((paper) => paper.id !== id))} busy={filing.now !== null} data-testid="refund-proof" />
        {papers.length === 0 && <p className={classes.fieldHint}>{text.proofHint}</p>}
      </div>
      <Tick label={!isZero(worksheet.gift_suspended) ? text.giftsWait(plainMoney(worksheet.gift_suspended)) : isZero(worksheet.gift_voided) ? text.giftsNone : text.gifts(plainMoney(worksheet.gift_voided))} checked={confirmed} onChange={setConfirmed} data-testid="refund-gifts" />
      <p className={classes.fieldHint}>{text.holds}</p>
    </Form>
  );
}
