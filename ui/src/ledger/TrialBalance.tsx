import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { isNegative, isZero, sumOf } from "../amounts";
import { useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { AsOfFields } from "./AsOf";
import { asOfInstant } from "./query";
import classes from "./ledger.module.css";

type Line = Result<"ledger.trial_balance">[number];

/** Every account in each commodity at the end of a day; each figure leads to the postings that make it. */
export function TrialBalance() {
  const { words } = useSpeech();
  const texts = words.ledger.trial;
  const { query } = useRoute();
  const today = dayOf(useNow());
  const day = query.get("asof") ?? today;
  const basis = query.get("basis") === "effective";
  const change = (next: Record<string, string | null>) => amend(to("/books", { ...Object.fromEntries(query), view: "trial", ...next }));
  const asked = { at: asOfInstant(day), by_effective: basis };
  const lines = useRead("ledger.trial_balance", asked);
  return (
    <Panel fill title={texts.title} aside={<ExportButton title={texts.title} of={{ list: "ledger.trial_balance", arguments: asked }} words={{ commodity: words.ledger.commodities }} />} data-testid="trial-balance">
      <div className={classes.bar}>
        <AsOfFields label={texts.at} value={day} onChange={(asof) => change({ asof })} />
        <Button small onClick={() => change({ basis: basis ? null : "effective" })}>
          {basis ? words.ledger.basis.effective : words.ledger.basis.recorded}
        </Button>
      </div>
      <Read of={lines}>{(rows) => (rows.length === 0 ? <Empty title={texts.empty}>{texts.emptyWhy}</Empty> : <Sheet rows={rows} day={day} basis={basis} />)}</Read>
    </Panel>
  );
}

function Sheet({ rows, day, basis }: { rows: Line[]; day: string; basis: boolean }) {
  const { words } = useSpeech();
  const texts = words.ledger.trial;
  const commodities = [...new Set(rows.map((row) => row.commodity))];
  return (
    <table className={classes.report}>
      <thead>
        <tr>
          {[texts.account, texts.postings, texts.debit, texts.credit, texts.debitBalance, texts.creditBalance].map((title) => (
            <th key={title}>{title}</th>
          ))}
        </tr>
      </thead>
      {commodities.map((commodity) => (
        <Commodity key={commodity} commodity={commodity} rows={rows.filter((row) => row.commodity === commodity)} day={day} basis={basis} />
      ))}
    </table>
  );
}

function Commodity({ commodity, rows, day, basis }: { commodity: string; rows: Line[]; day: string; basis: boolean }) {
  const { words, formats, language } = useSpeech();
  const texts = words.ledger.trial;
  const net = sumOf(rows.map((row) => row.balance));
  const positive = rows.filter((row) => !isNegative(row.balance)).map((row) => row.balance);
  const negative = rows.filter((row) => isNegative(row.balance)).map((row) => row.balance.slice(1));
  const door = (account: string) => `#${to("/ledger", { account, commodity, asof: day, basis: basis ? "effective" : null })}`;
  return (
    <tbody>
      <tr className={classes.part}>
        <td colSpan={6}>
          {words.ledger.commodities[commodity] ?? commodity} <Chip tone={isZero(net) ? "green" : "red"}>{isZero(net) ? texts.balanced : texts.broken}</Chip>
        </td>
      </tr>
      {rows.map((row) => (
        <tr key={row.account}>
          <td>
            <a href={`#${to("/books", { view: "statement", account: row.account, commodity, until: day.slice(0, 10), from: `${day.slice(0, 7)}-01`, basis: basis ? "effective" : null })}`}>{language === "en" ? row.title_en : row.title_zh}</a>
          </td>
          <td>
            <a href={door(row.account)}>{formats.count(row.postings)}</a>
          </td>
          <td>
            <a href={door(row.account)}>
              <Money amount={row.debit} places={6} quietZero />
            </a>
          </td>
          <td>
            <a href={door(row.account)}>
              <Money amount={row.credit} places={6} quietZero />
            </a>
          </td>
          <td>
            <a href={door(row.account)}>{!isNegative(row.balance) && <Money amount={row.balance} places={6} quietZero />}</a>
          </td>
          <td>
            <a href={door(row.account)}>{isNegative(row.balance) && <Money amount={row.balance.slice(1)} places={6} />}</a>
          </td>
        </tr>
      ))}
      <tr className={classes.sums}>
        <td>{texts.sum}</td>
        <td />
        <td>
          <Money amount={sumOf(rows.map((row) => row.debit))} places={6} />
        </td>
        <td>
          <Money amount={sumOf(rows.map((row) => row.credit))} places={6} />
        </td>
        <td>
          <Money amount={sumOf(positive)} places={6} />
        </td>
        <td>
          <Money amount={sumOf(negative)} places={6} />
        </td>
      </tr>
    </tbody>
  );
}
