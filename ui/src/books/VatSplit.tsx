import { allDecimals, isZero } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Instant } from "../parts/Times";
import { say } from "../locales/sentence";
import { rateText } from "../amounts";
import { useAction, useCommandId, useRead } from "../reading";
import { to } from "../routes";
import type { Rule } from "../rules";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { monthTitle } from "./months";
import classes from "./books.module.css";

type Vat = NonNullable<Result<"vat.open">>;

/** A month's output VAT before it is posted: by product and rate, exact and in fen, with the rounding between them. */
export function VatSplit({ month }: { month: string }) {
  const { words } = useSpeech();
  const vat = useRead("vat.open", { month });
  return (
    <Panel title={words.books.vat.title} hint={words.books.vat.hint} aside={vat.data && <Post vat={vat.data} />} data-testid="vat">
      <Read of={vat} rows={3}>
        {(found) => (found.lines.length === 0 ? <Empty title={words.books.vat.none}>{words.books.vat.noneWhy}</Empty> : <Lines vat={found} />)}
      </Read>
    </Panel>
  );
}

function Post({ vat }: { vat: Vat }) {
  const { words, language } = useSpeech();
  const text = words.books.vat;
  const post = useAction("vat.post");
  const form = useCommandId();
  const may = useDuty("accountant");
  const blocked = !may ? words.parts.refusal.needs(words.shell.duties.accountant) : vat.barrier && say(words.rules[vat.barrier as Rule].what, { month: vat.month.slice(0, 7) });
  const send = async () => {
    if (!(await post.send({ command_id: form.id, month: vat.month, digest: vat.digest }))) return;
    form.renew();
    notify(text.posted(monthTitle(language, vat.month)));
  };
  return (
    <>
      <Refusal error={post.refusal} />
      <Button small keys="v" kind={may && !vat.barrier ? "primary" : "plain"} blocked={blocked} busy={post.busy} onClick={() => void send()} data-testid="vat-post">
        {text.post}
      </Button>
    </>
  );
}

function Lines({ vat }: { vat: Vat }) {
  const { words, language } = useSpeech();
  const text = words.books.vat;
  return (
    <>
      <table className={classes.figures} data-testid="vat-lines">
        <thead>
          <tr>
            <th>{text.product}</th>
            <th>{text.rate}</th>
            <th>{text.gross}</th>
            <th>{text.excl}</th>
            <th>{text.exact}</th>
            <th>{text.rounding}</th>
            <th>{text.tax}</th>
            <th>{text.before}</th>
            <th>{text.due}</th>
          </tr>
        </thead>
        <tbody>
          {vat.lines.map((line) => (
            <tr key={line.product}>
              <td>
                <a href={`#${to("/ledger", { account: `revenue.${line.product}` })}`}>{language === "en" ? line.title_en : line.title_zh}</a>
              </td>
              <td>
                <a href={`#${to("/policy", { view: "catalogue" })}`}>{rateText(line.rate)}</a>
              </td>
              <td><Money amount={line.gross} places={6} /></td>
              <td><Money amount={line.excl} places={6} /></td>
              <td className={classes.exact}>{allDecimals(line.tax_exact)}</td>
              <td className={classes.exact}>{allDecimals(line.rounding)}</td>
              <td><Money amount={line.tax} strong /></td>
              <td><Money amount={line.posted} quietZero /></td>
              <td><Money amount={line.due} strong quietZero /></td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={2}>{text.sum}</td>
            <td><Money amount={vat.gross} places={6} /></td>
            <td><Money amount={vat.excl} places={6} /></td>
            <td />
            <td className={classes.exact}>{allDecimals(vat.rounding)}</td>
            <td><Money amount={vat.tax} strong /></td>
            <td><Money amount={vat.posted} quietZero /></td>
            <td><Money amount={vat.due} strong quietZero /></td>
          </tr>
        </tfoot>
      </table>
      <p className={classes.remark}>
        {text.invoiced} <Money amount={vat.invoiced_tax} /> · {text.invoicedWhy}
      </p>
      {vat.journals.map((journal) => (
        <p key={journal.journal_id} className={classes.remark}>
          <a href={`#${to("/ledger", { journal: journal.journal_id })}`}>{words.ledger.number(journal.journal_id)}</a> {words.parts.journalKinds[journal.kind] ?? journal.kind} <Money amount={journal.tax} /> · {journal.by} ·{" "}
          <Instant at={journal.recorded_at} /> {journal.reversed_by && <Chip>{text.reversed}</Chip>}
        </p>
      ))}
      {isZero(vat.due) && !isZero(vat.tax) && <p className={classes.remark}><Chip tone="green">{text.allPosted}</Chip></p>}
    </>
  );
}
