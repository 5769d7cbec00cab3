import { useMemo, useState } from "react";
import { isZero, spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages, useRead } from "../reading";
import { go } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { Standing } from "./Inviters";
import { PenaltyDialog } from "./PenaltyDialog";
import classes from "./campaign.module.css";

type Page = NonNullable<Result<"campaign.inviter">>;
type Friend = Result<"campaign.friends">[number];
const page = 100;

/** One inviter: credits, rounds with their rounding, friends counted or not. */
export function InviterPage({ id }: { id: string }) {
  const read = useRead("campaign.inviter", { customer_id: id }, { keep: false });
  return (
    <div className="screen" data-testid="screen-inviter" data-ready={read.data !== undefined}>
      <Read of={read}>{(shown) => <Inviter page={shown} id={id} />}</Read>
    </div>
  );
}

function Inviter({ page: shown, id }: { page: Page; id: string }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.inviter;
  const one = shown.inviter;
  return (
    <>
      <Heading title={one.name} actions={<InviterActions id={id} />}>
        {one.ref} · {text.friends(formats.count(one.friends))} <Standing standing={one.standing} />
      </Heading>
      <div className={classes.split}>
        <div className={classes.main}>
          <Friends id={id} />
        </div>
        <div className={classes.side}>
          <Panel title={text.figures} padded data-testid="inviter-figures">
            <Facts
              rows={[
                [text.apa, <Money key="a" amount={one.apa} />],
                [text.base, <Money key="b" amount={one.base_total} />],
                [text.tier, <Money key="t" amount={one.tier_total} />],
                [text.used, <Money key="u" amount={one.used} quietZero />],
                [text.lapsed, <Money key="l" amount={one.lapsed} quietZero />],
                [text.deducted, <Money key="d" amount={one.deducted} quietZero />],
                [text.claimed, <Money key="c" amount={one.claimed} quietZero />],
                !isZero(shown.pending) ? [text.pending, <Money key="w" amount={shown.pending} />] : null,
                [<strong key="s">{text.balance}</strong>, <Money key="s" amount={one.balance} strong tone={one.balance.startsWith("-") ? "red" : undefined} />],
                [text.available, <Money key="n" amount={shown.available} quietZero />],
              ]}
            />
            {one.balance.startsWith("-") && <p className="muted">{text.negative}</p>}
          </Panel>
          <Rounds page={shown} />
          <Member page={shown} />
        </div>
      </div>
    </>
  );
}

function InviterActions({ id }: { id: string }) {
  const { words } = useSpeech();
  const [asking, setAsking] = useState(false);
  const proposes = useDuty("growth", "risk");
  return (
    <>
      <a href={`#/customers/${id}`}>{words.campaign.inviter.customer}</a>
      <a href={`#/ledger?customer=${id}`}>{words.campaign.inviter.postings}</a>
      <Button keys="p" onClick={() => setAsking(true)} blocked={!proposes && words.parts.refusal.needs(words.shell.duties.risk)} data-testid="inviter-penalty">{words.campaign.violation.penalise}</Button>
      {asking && <PenaltyDialog customer={id} onClose={() => setAsking(false)} />}
    </>
  );
}

function Rounds({ page: shown }: { page: Page }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.inviter;
  if (shown.rounds.length === 0) return <Panel title={text.rounds} padded><p className="muted">{text.noRounds}</p></Panel>;
  return (
    <Panel title={text.rounds} hint={text.roundsHint} data-testid="inviter-rounds">
      <table className={classes.figures}>
        <thead>
          <tr>
            <th>{text.round}</th>
            <th>{text.sum}</th>
            <th>{text.exact}</th>
            <th>{text.credit}</th>
          </tr>
        </thead>
        <tbody>
          {shown.rounds.map((round) => (
            <tr key={round.round} data-round={round.round}>
              <td>{formats.count(round.round)}</td>
              <td><Money amount={round.sum_apa} /></td>
              <td className="soft">{trimmed(round.exact)}</td>
              <td>{round.tier_credit ? <Money amount={round.tier_credit} strong /> : <span className="muted">{text.openRound(formats.count(shown.inviter.needed_for_next_round))}</span>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** Digits that say nothing are left out, down to the cent. */
export const trimmed = (exact: string) => exact.replace(/(\.\d\d\d*?)0+$/, "$1");

function Member({ page: shown }: { page: Page }) {
  const { words } = useSpeech();
  const text = words.campaign.inviter;
  const { member, violations } = shown;
  return (
    <Panel title={text.member} padded>
      <Facts
        rows={[
          [text.registered, member.registered_at ? <Instant key="r" at={member.registered_at} /> : text.unknown],
          [text.paidBefore, member.paid_before ? text.yes : text.no],
          member.deactivated_at ? [text.deactivated, <Instant key="d" at={member.deactivated_at} />] : null,
          member.barred_at ? [text.barred, <Instant key="b" at={member.barred_at} />] : null,
          [text.violations, violations.length === 0 ? text.noViolations : violations.map((one) => <a key={one.id} href={`#/campaign/violations/${one.id}`}>{one.number}</a>)],
        ]}
      />
    </Panel>
  );
}

function Friends({ id }: { id: string }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.inviter;
  const pages = usePages("campaign.friends", { inviter_id: id, most: page }, page, (last) => ({ before_paid_at: last.paid_at, before_order_no: last.order_no }));
  const columns = useMemo((): Column<Friend>[] => {
    const names = text.columns;
    return [
      { id: "friend", title: names.friend, width: "minmax(90px, 1fr)", cell: (row) => <strong>{row.name}</strong>, copy: (row) => row.name },
      { id: "ref", title: names.ref, width: "minmax(84px, 120px)", spare: 1, cell: (row) => <span className="soft">{row.ref}</span>, copy: (row) => row.ref },
      { id: "paid", title: `${names.paid} ↓`, width: "136px", cell: (row) => <Instant at={row.paid_at} />, copy: (row) => formats.exact(row.paid_at) },
      { id: "apa", title: names.apa, width: "100px", align: "end", cell: (row) => <Money amount={row.apa} />, copy: (row) => spreadsheetNumber(row.apa) },
      { id: "base", title: names.base, width: "104px", align: "end", cell: (row) => <Money amount={row.base_credit} quietZero />, copy: (row) => spreadsheetNumber(row.base_credit) },
      { id: "verdict", title: names.verdict, width: "minmax(170px, 1.3fr)", cell: (row) => <Chip tone={row.counted ? "green" : "plain"}>{words.campaign.verdicts[row.verdict] ?? row.verdict}</Chip>, copy: (row) => words.campaign.verdicts[row.verdict] ?? row.verdict },
      { id: "order", title: names.order, width: "minmax(90px, 150px)", spare: 0, cell: (row) => <span className="soft">{row.order_no}</span>, copy: (row) => row.order_no },
    ];
  }, [text, formats, words]);
  return (
    <Panel fill title={text.list} aside={<ExportButton title={text.list} of={pages.source} words={{ verdict: words.campaign.verdicts }} />}>
      <Table
        label={text.list}
        columns={columns}
        {...pages.table}
        rowKey={(row) => row.friend_id}
        amount={(row) => row.base_credit}
        onOpen={(row) => go(`/campaign/friends/${row.friend_id}`)}
        queue={(row) => `/campaign/friends/${row.friend_id}`}
        autoFocus
        rowTestId="friend-row"
        rowMark={(row) => ({ "data-order": row.order_no })}
        empty={<Empty title={text.noFriends}>{text.noFriendsWhy}</Empty>}
      />
    </Panel>
  );
}
