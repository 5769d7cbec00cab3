import { useState, type ReactNode } from "react";
import { ReversalDialog } from "../books/ReversalDialog";
import { Button } from "../parts/Button";
import type { Result } from "../call";
import { Chip, journalTone } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { to } from "../routes";
import { sumOf } from "../amounts";
import { useSpeech } from "../words";
import { documentAddress } from "./doors";
import classes from "./ledger.module.css";

type Journal = NonNullable<Result<"ledger.journal">>;

/** One journal: when, who, on which document, its lines per commodity, and what lies behind it. */
export function JournalPanel({ id }: { id: string | null }) {
  const { words } = useSpeech();
  // Who goes through the list passes thousands of them.
  const journal = useRead("ledger.journal", { journal_id: id ?? "0" }, { enabled: id !== null, forget_ms: 10_000 });
  if (id === null)
    return (
      <Panel fill className={classes.side}>
        <Empty title={words.ledger.journal.none}>{words.ledger.journal.noneHint}</Empty>
      </Panel>
    );
  const kind = journal.data?.kind;
  return (
    <Panel
      fill
      className={classes.side}
      title={words.ledger.number(id)}
      hint={kind && <Chip tone={journalTone[kind]}>{words.parts.journalKinds[kind] ?? kind}</Chip>}
      data-testid="journal"
    >
      <Read of={journal}>{(found) => found && <JournalSheet journal={found} />}</Read>
    </Panel>
  );
}

/** A journal that was wrong is taken back by a new one; what stands against it is said in the dialog. */
function Reverse({ journal }: { journal: Journal }) {
  const { words } = useSpeech();
  const [asking, setAsking] = useState(false);
  if (journal.kind === "reversal") return null;
  return (
    <div className={classes.facts}>
      <Button small keys="r" onClick={() => setAsking(true)} data-testid="journal-reverse">
        {words.books.corrections.reverse}
      </Button>
      {asking && <ReversalDialog journalId={journal.id} onClose={() => setAsking(false)} />}
    </div>
  );
}

const placesOf = (rows: { amount: string }[]) => (rows.some((row) => /\.\d\d\d*[1-9]/.test(row.amount)) ? 6 : 2);

function JournalSheet({ journal }: { journal: Journal }) {
  const { words, language } = useSpeech();
  const names = words.ledger.journal;
  const commodities = [...new Set(journal.lines.map((line) => line.commodity))];
  // Room for millionths only in the columns that have any.
  const places = (commodity: string) => placesOf(journal.lines.filter((line) => line.commodity === commodity));
  const address = documentAddress(journal.document_kind, journal.document_id, journal.customer_id);
  const document = `${words.ledger.documents[journal.document_kind] ?? journal.document_kind} ${journal.document_number ?? ""}`;
  const facts: ([ReactNode, ReactNode] | null)[] = [
    [names.recorded, <Instant key="r" at={journal.recorded_at} exact />],
    journal.effective_at !== journal.recorded_at ? [names.effective, <Instant key="e" at={journal.effective_at} exact />] : null,
    [names.by, journal.recorded_by],
    [names.document, address ? <a href={`#${address}`}>{document}</a> : document],
    journal.customer_id ? [names.customer, <a key="c" href={`#/customers/${journal.customer_id}`}>{journal.customer_name}</a>] : null,
    journal.clause ? [names.clause, journal.clause] : null,
    journal.reverses ? [names.reverses, <a key="v" href={`#${to("/ledger", { journal: journal.reverses })}`}>{words.ledger.number(journal.reverses)}</a>] : null,
    journal.memo ? [names.memo, journal.memo] : null,
  ];
  return (
    <>
      <div className={classes.facts}>
        <Facts rows={facts} />
      </div>
      <Reverse journal={journal} />
      <table className={classes.lines}>
        <thead>
          <tr>
            <th>{names.account}</th>
            {commodities.map((commodity) => (
              <th key={commodity}>{words.ledger.commodities[commodity] ?? commodity}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {journal.lines.map((line) => (
            <tr key={line.line}>
              <td>{language === "en" ? line.title_en : line.title_zh}</td>
              {commodities.map((commodity) => (
                <td key={commodity}>{line.commodity === commodity && <Money amount={line.amount} places={places(commodity)} />}</td>
              ))}
            </tr>
          ))}
          <tr className={classes.sum}>
            <td>{names.sum}</td>
            {commodities.map((commodity) => (
              <td key={commodity}>
                <Money amount={sumOf(journal.lines.filter((line) => line.commodity === commodity).map((line) => line.amount))} places={places(commodity)} strong />
              </td>
            ))}
          </tr>
        </tbody>
      </table>
      {journal.recharges.length > 0 && (
        <>
          <h2 className={classes.subhead}>{names.lots}</h2>
          <table className={classes.lines}>
            <tbody>
              {journal.recharges.map((lot) => (
                <tr key={lot.order_no}>
                  <td>
                    {journal.customer_id ? <a href={`#${to(`/customers/${journal.customer_id}`, { order: lot.order_no })}`}>{lot.order_no}</a> : lot.order_no}{" "}
                    <span className="muted">{words.parts.channels[lot.channel] ?? lot.channel}</span>
                  </td>
                  <td>
                    <Money amount={lot.amount} places={placesOf(journal.recharges)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {journal.usage.length > 0 && (
        <>
          <h2 className={classes.subhead}>{names.usage}</h2>
          <table className={classes.lines}>
            <tbody>
              {journal.usage.map((usage) => (
                <tr key={usage.usage_key}>
                  <td>
                    {usage.product} <span className="muted"><Instant at={usage.used_from} /></span>
                  </td>
                  <td>
                    <Money amount={usage.amount} places={6} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
    </>
  );
}
