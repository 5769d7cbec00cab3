import { useState, type ReactNode } from "react";
import type { Result } from "../call";
import { Button, LinkButton } from "../parts/Button";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { PaperDialog, type ShownPaper } from "../parts/PaperDialog";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { Timeline, type Moment } from "../parts/Timeline";
import { usePages } from "../reading";
import { to } from "../routes";
import { useWords, type Words } from "../words";
import type { CustomerPage } from "./customer";

type Entry = Result<"customers.timeline">[number];
const page = 40;

/** Movements, steps of cases, notes, papers and invoices in one line of time, newest first. */
export function CustomerTimeline({ customer }: { customer: CustomerPage }) {
  const words = useWords();
  // The last row's instant asks for the next page; a page may be shorter than asked, so an empty one ends it.
  const pages = usePages("customers.timeline", { customer_id: customer.id, most: page }, 1, (last) => ({ before: last.at }), { whole: true });
  const names = words.customers.timeline;
  const [paper, setPaper] = useState<ShownPaper | null>(null);
  return (
    <Panel title={names.title} fill data-testid="timeline">
      <Refusal error={pages.error} onRetry={pages.retry} />
      {!pages.loading && pages.rows.length === 0 && !pages.error && <Empty title={names.none} />}
      <Timeline label={names.title} moments={pages.rows.map((entry) => momentOf(entry, customer.id, words, setPaper))} />
      {pages.more && pages.rows.length >= page / 2 && (
        <Button small kind="quiet" onClick={pages.more} busy={pages.loadingMore}>
          {names.more}
        </Button>
      )}
      {paper && <PaperDialog paper={paper} onClose={() => setPaper(null)} />}
    </Panel>
  );
}

const tones: Record<Entry["kind"], Moment["tone"]> = { journal: "green", event: "brand", note: "plain", paper: "plain", invoice: "amber" };

function momentOf(entry: Entry, customerId: string, words: Words, open: (paper: ShownPaper) => void): Moment {
  const address = addressOf(entry, customerId);
  const name = nameOf(entry, words);
  const paper = paperOf(entry);
  const number = entry.number && (address ? <a href={`#${address}`}>{entry.number}</a> : entry.number);
  return {
    id: entry.key,
    tone: tones[entry.kind],
    title: (
      <>
        {name} {number}
      </>
    ),
    aside: entry.amount && <Money amount={entry.amount} />,
    detail: (
      <>
        <Instant at={entry.at} />
        {entry.person && ` · ${entry.person}`}
        {entry.body && <Body>{paper ? <LinkButton onClick={() => open(paper)}>{entry.body}</LinkButton> : entry.body}</Body>}
      </>
    ),
  };
}

function paperOf(entry: Entry): ShownPaper | null {
  const id = entry.detail.attachment_id;
  return entry.kind === "paper" && typeof id === "string" ? { id, file_name: entry.body ?? "", media_type: entry.what } : null;
}

const Body = ({ children }: { children: ReactNode }) => <div className="soft">{children}</div>;

function nameOf(entry: Entry, words: Words): string {
  const names = words.customers;
  switch (entry.kind) {
    case "journal":
      return words.parts.journalKinds[entry.what] ?? entry.what;
    case "note":
      return names.note.kinds[entry.what] ?? entry.what;
    case "paper":
      return names.timeline.paper;
    case "invoice":
      return names.invoiceKinds[entry.what] ?? names.caseKinds.invoice ?? entry.what;
    default:
      return names.timeline.events[entry.what] ?? entry.what;
  }
}

function addressOf(entry: Entry, customerId: string): string | null {
  if (entry.subject_kind === "judicial_order") return `/locks/${entry.subject_id}`;
  if (entry.subject_kind === "refund" || entry.subject_kind === "dispute" || entry.subject_kind === "invoice") return `/${entry.subject_kind}s/${entry.subject_id}`;
  if (entry.subject_kind === "objection" || entry.subject_kind === "violation") return `/campaign/${entry.subject_kind}s/${entry.subject_id}`;
  if (entry.kind === "journal" && typeof entry.detail.journal_id === "string") return to("/ledger", { customer: customerId, journal: entry.detail.journal_id });
  return null;
}
