import { useState } from "react";
import { isZero } from "../amounts";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Warning } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Day, Instant } from "../parts/Times";
import { useRead } from "../reading";
import { go, to, useRoute } from "../routes";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import { VatTable } from "./DraftPanel";
import { OfficialDialog } from "./OfficialDialog";
import { periodText, statusTone, type Paper } from "./papers";
import { PaperPanel, SaveButton } from "./PaperPanel";
import { PrintDialog } from "./PrintDialog";
import { Prints } from "./Prints";
import { RedLetterDialog } from "./RedLetterDialog";
import { RedLetterOpen } from "./RedLetterOpen";
import classes from "./invoices.module.css";

/** One paper: what it says, what became of it, and the paper itself. */
export function InvoicePage({ id }: { id: string }) {
  const paper = useRead("invoices.open", { invoice_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={paper.data !== undefined}>
      <Read of={paper} rows={8}>
        {(found) => found && <Sheet paper={found} />}
      </Read>
    </div>
  );
}

function Sheet({ paper }: { paper: Paper }) {
  const { words, language } = useSpeech();
  const text = words.invoices;
  const { query } = useRoute();
  const lines = paper.lines.map((line) => ({ ...line, title: language === "en" ? line.title_en : line.title_zh }));
  return (
    <>
      <Heading
        title={
          <>
            <span data-testid="invoice-number" data-no={paper.number}>
              {paper.number}
            </span>{" "}
            ·{" "}
            <a className={classes.plain} href={`#/customers/${paper.customer_id}`}>
              {paper.customer_name}
            </a>
          </>
        }
        actions={<Actions paper={paper} />}
      >
        {paper.kind === "red_letter" && <Chip tone="violet">{text.kinds.red_letter}</Chip>}
        <Chip tone={statusTone[paper.status] ?? "plain"} data-testid="invoice-status" data-status={paper.status}>
          {text.statuses[paper.status] ?? paper.status}
        </Chip>
      </Heading>
      {query.get("new") && (
        <p className={classes.decided} role="status" data-testid="invoice-issued">
          <strong>{text.page.issuedNote(paper.number)}</strong>
          <a href={`#${to("/invoices/new", { customer: paper.customer_id, name: paper.customer_name })}`}>{text.page.another}</a>
          <Button small keys="n" onClick={() => go("/invoices?view=due")} data-testid="invoice-next">
            {text.page.next}
          </Button>
        </p>
      )}
      {paper.red_letter_proposed && <RedLetterOpen id={paper.red_letter_proposed} paper={paper} />}
      <div className={classes.split}>
        <div className={classes.main}>
          <Panel title={text.lines.title} data-testid="invoice-lines">
            <VatTable lines={lines} totals={paper} red={isZero(paper.red_lettered) ? undefined : paper.red_lettered} />
          </Panel>
          <PaperPanel paper={paper} />
        </div>
        <div className={classes.side}>
          <About paper={paper} />
          <Official paper={paper} />
          <RedLetters paper={paper} />
          <Prints paper={paper} />
        </div>
      </div>
    </>
  );
}

type Asking = "official" | "red" | "print" | null;

function Actions({ paper }: { paper: Paper }) {
  const { words } = useSpeech();
  const text = words.invoices.page;
  const [asking, setAsking] = useState<Asking>(null);
  const clerk = useDuty("tax_clerk");
  const prints = useDuty("agent", "tax_clerk", "accountant", "supervisor");
  const needs = (...duties: (keyof typeof words.shell.duties)[]) => words.parts.refusal.needs(duties.map((duty) => words.shell.duties[duty]).join(", "));
  const rule = (name: "invoice_already_red" | "red_letter_already_proposed") => String(words.rules[name].what);
  const notRed = !clerk
    ? needs("tax_clerk")
    : paper.status === "red"
      ? rule("invoice_already_red")
      : paper.red_letter_proposed
        ? rule("red_letter_already_proposed")
        : null;
  const close = () => setAsking(null);
  return (
    <>
      {paper.kind !== "red_letter" && (
        <Button keys="b" onClick={() => setAsking("red")} blocked={notRed} data-testid="invoice-take-back">
          {text.askRed}
        </Button>
      )}
      {!paper.official_number && (
        <Button keys="o" onClick={() => setAsking("official")} blocked={!clerk && needs("tax_clerk")} data-testid="invoice-official">
          {text.record}
        </Button>
      )}
      <SaveButton paper={paper} />
      <Button kind="primary" keys="p" onClick={() => setAsking("print")} blocked={!prints && needs("agent", "tax_clerk", "accountant", "supervisor")} data-testid="invoice-print">
        {text.print}
      </Button>
      {asking === "official" && <OfficialDialog paper={paper} onClose={close} />}
      {asking === "red" && <RedLetterDialog paper={paper} onClose={close} />}
      {asking === "print" && <PrintDialog paper={paper} onClose={close} />}
    </>
  );
}

function About({ paper }: { paper: Paper }) {
  const { words, formats } = useSpeech();
  const text = words.invoices;
  const now = useNow();
  const { buyer, seller, note, agreement_version, gift_used } = paper.content;
  return (
    <Panel title={text.page.facts} padded data-testid="invoice-about">
      <Facts
        rows={[
          [text.columns.kind, text.kinds[paper.kind] ?? paper.kind],
          [text.page.buyer, <strong key="b">{paper.buyer_name}</strong>],
          buyer.credit_code ? [text.page.code, <span key="c" className={classes.code}>{buyer.credit_code}</span>] : null,
          [text.page.period, text.page.until(...periodText(paper.period_from, paper.period_to, formats.day, now))],
          [text.page.incl, <Money key="t" amount={paper.total_incl} sign="¥ " strong />],
          !isZero(gift_used) && [text.page.gift, <Money key="g" amount={gift_used} sign="¥ " tone="muted" />],
          [text.page.issued, <span key="i"><Instant at={paper.issued_at} /> · {paper.issued_by}</span>],
          paper.approved_by ? [text.page.approvedBy, paper.approved_by] : null,
          paper.refers_to ? [text.page.refersTo, <a key="r" href={`#/invoices/${paper.refers_to}`}>{paper.refers_to_number}</a>] : null,
          paper.reason_code ? [text.page.reason, text.reasons[paper.reason_code] ?? paper.reason_code] : null,
          note ? [text.page.note, note] : null,
          [text.page.seller, seller.name],
          agreement_version ? [text.page.agreement, agreement_version] : null,
          [text.page.hash, <span key="h" className={classes.code} title={paper.content_sha256}>{`${paper.content_sha256.slice(0, 6)}…${paper.content_sha256.slice(-6)}`}</span>],
        ]}
      />
      <p className={classes.foot}>{paper.rehearsal ? text.page.rehearsal : text.page.notFapiao}</p>
    </Panel>
  );
}

function Official({ paper }: { paper: Paper }) {
  const text = useSpeech().words.invoices.page;
  return (
    <Panel title={text.official} padded data-testid="invoice-official-panel">
      {paper.official_number ? (
        <Facts
          rows={[
            [text.officialNumber, <span key="n" className={classes.code} data-testid="invoice-official-number">{paper.official_number}</span>],
            [text.officialOn, <Day key="d" on={paper.official_on} />],
          ]}
        />
      ) : (
        <p className="muted">{text.officialNone}</p>
      )}
    </Panel>
  );
}

/** The negative papers that took this one back, and how much it lost. */
function RedLetters({ paper }: { paper: Paper }) {
  const { words } = useSpeech();
  const text = words.invoices;
  if (paper.red_letters.length === 0) return null;
  return (
    <Panel title={text.page.redLetters} aside={<Money amount={paper.red_lettered} sign="¥ " />} data-testid="invoice-red-letters">
      {paper.red_letters.map((one) => (
        <button key={one.id} type="button" className={classes.lineButton} onClick={() => go(`/invoices/${one.id}`)}>
          <span>
            <strong>{one.number}</strong> <span className="soft">{text.reasons[one.reason_code] ?? one.reason_code}</span>
          </span>
          <span>
            <Money amount={one.total_incl} sign="¥ " /> <span className="muted"><Instant at={one.issued_at} /></span>
          </span>
        </button>
      ))}
      {paper.status === "red" && <Warning>{text.statuses.red}</Warning>}
    </Panel>
  );
}
