import { useState } from "react";
import type { CampaignReplay } from "../bindings";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Heading, Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useRead } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { CorrectionDialog, ObjectionDialog } from "./dialogs";
import { trimmed } from "./InviterPage";
import classes from "./campaign.module.css";

/** One friend: the whole replay, and what can be done about it. */
export function FriendPage({ id }: { id: string }) {
  const { words } = useSpeech();
  const text = words.campaign.replay;
  const read = useRead("campaign.replay", { friend_id: id }, { keep: false });
  const [asking, setAsking] = useState<"correction" | "objection" | null>(null);
  const corrects = useDuty("growth", "risk", "accountant");
  const records = useDuty("agent", "growth");
  return (
    <div className="screen" data-testid="screen-friend" data-ready={read.data !== undefined}>
      <Read of={read}>
        {({ replay, objections }) => (
          <>
            <Heading
              title={replay.friend_name ?? replay.friend_ref}
              actions={
                <>
                  <Button keys="o" onClick={() => setAsking("objection")} blocked={!records && words.parts.refusal.needs(words.shell.duties.agent)} data-testid="friend-object">{text.object}</Button>
                  <Button keys="k" onClick={() => setAsking("correction")} blocked={!corrects && words.parts.refusal.needs(words.shell.duties.growth)} data-testid="friend-correct">{text.correct}</Button>
                </>
              }
            >
              {replay.friend_ref}
            </Heading>
            <div className={classes.scroll}>
              <Replay replay={replay} />
              <Panel title={text.objections} padded>
                {objections.length === 0 ? <p className="muted">{text.noObjections}</p> : objections.map((one) => (
                  <p key={one.id}><a href={`#/campaign/objections/${one.id}`}>{one.number}</a> <span className="soft">{words.campaign.objections.statuses[one.status]}</span></p>
                ))}
              </Panel>
            </div>
            {asking === "correction" && <CorrectionDialog replay={replay} onClose={() => setAsking(null)} />}
            {asking === "objection" && <ObjectionDialog replay={replay} onClose={() => setAsking(null)} />}
          </>
        )}
      </Read>
    </div>
  );
}

/** Every bind with its verdict, the payment, what would have changed it, and the ladder digit by digit. */
export function Replay({ replay }: { replay: CampaignReplay }) {
  const { words } = useSpeech();
  const text = words.campaign.replay;
  const why = words.campaign.verdicts[replay.verdict] ?? replay.verdict;
  const inviter = replay.inviter_name ?? replay.inviter_ref ?? "";
  const said = replay.verdict === "counted" ? text.won(inviter) : replay.inviter_ref ? text.notCounted(inviter, why) : text.nobody(why);
  return (
    <>
      <Panel title={text.title} aside={<Chip tone={replay.verdict === "counted" ? "green" : "plain"}>{why}</Chip>} data-testid="replay">
        <p className={classes.said} data-testid="replay-said">{said}</p>
        <Touches replay={replay} />
        <Changes replay={replay} />
      </Panel>
      <div className={classes.grid}>
        <Payment replay={replay} />
        <Refunds replay={replay} />
        <Rounding replay={replay} />
      </div>
      <Round replay={replay} />
    </>
  );
}

const tones: Record<string, Tone> = { won: "green", too_late: "red", invalid: "amber" };

function Touches({ replay }: { replay: CampaignReplay }) {
  const { words } = useSpeech();
  const text = words.campaign.replay;
  const names = text.columns;
  if (replay.touches.length === 0) return <p className={classes.note}>{text.noTouches}</p>;
  return (
    <table className={classes.figures} data-testid="replay-touches">
      <thead>
        <tr>
          <th>{names.at}</th>
          <th className={classes.text}>{names.inviter}</th>
          <th className={classes.text}>{names.way}</th>
          <th>{names.until}</th>
          <th>{names.elapsed}</th>
          <th>{names.verdict}</th>
        </tr>
      </thead>
      <tbody>
        {replay.touches.map((touch) => (
          <tr key={touch.id} className={touch.verdict === "won" ? classes.mine : undefined} data-verdict={touch.verdict}>
            <td><Instant at={touch.bound_at} exact /></td>
            <td className={classes.text}>{touch.inviter_id ? <a href={`#/campaign/inviters/${touch.inviter_id}`}>{touch.inviter_name}</a> : touch.inviter_name} <span className="muted">{touch.inviter_ref}</span></td>
            <td className={classes.text}>{text.ways[touch.way] ?? touch.way}</td>
            <td><Instant at={touch.ends_at} exact /></td>
            <td>{touch.elapsed_seconds === null || touch.elapsed_seconds < 0 ? "–" : <>{hours(touch.elapsed_seconds)}{replay.bar_hours !== null && <HoursBar elapsed={touch.elapsed_seconds} bar={replay.bar_hours} />}</>}</td>
            <td>
              <Chip tone={tones[touch.verdict] ?? "plain"}>{touch.why ? (text.why[touch.why] ?? touch.why) : (text.touchVerdicts[touch.verdict] ?? touch.verdict)}</Chip>
              {touch.verdict === "too_late" && touch.elapsed_seconds !== null && replay.bar_hours !== null && <span className="muted"> {text.lateBy(hours(touch.elapsed_seconds - replay.bar_hours * 3600))}</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The hours as a length: full is the last instant in time, and what lies beyond it is red. */
function HoursBar({ elapsed, bar }: { elapsed: number; bar: number }) {
  const part = elapsed / (bar * 3600);
  return (
    <span className={classes.hours} role="img" aria-hidden data-late={part > 1}>
      <span style={{ width: `${Math.min(100, (part > 1 ? 1 / part : part) * 100)}%` }} />
    </span>
  );
}

/** Elapsed hours to the second, as the bar is: 72:00:00 is in time. */
const hours = (seconds: number) => `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;

function Changes({ replay }: { replay: CampaignReplay }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.replay;
  if (replay.changes.length === 0) return null;
  return (
    <div className={classes.changes} data-testid="replay-changes">
      <h3>{text.changes}</h3>
      {replay.changes.map((one) => (
        <p key={one.change}>{text.change[one.change]?.(one.at ? formats.exact(one.at) : "") ?? one.change}</p>
      ))}
    </div>
  );
}

function Payment({ replay }: { replay: CampaignReplay }) {
  const { words } = useSpeech();
  const text = words.campaign.replay;
  if (!replay.order_no) return <Panel title={text.order} padded><p className="muted">{words.campaign.verdicts.no_payment}</p></Panel>;
  return (
    <Panel title={text.order} hint={replay.product} padded data-testid="replay-payment">
      <Facts
        rows={[
          [text.orderNo, replay.order_no],
          [text.paidAt, <Instant key="p" at={replay.paid_at} exact />],
          [text.amount, <Money key="o" amount={replay.amount_order} />],
          [text.discount, <Money key="d" amount={replay.discount} quietZero />],
          [text.coupon, <Money key="c" amount={replay.coupon} quietZero />],
          [text.credits, <Money key="k" amount={replay.credits_used} quietZero />],
          [text.balance, <Money key="b" amount={replay.cash_balance_paid} quietZero />],
          [text.third, <Money key="t" amount={replay.third_party_paid} quietZero />],
          [<strong key="a">{text.apa}</strong>, <Money key="a" amount={replay.apa} strong />],
          [text.confirmed, replay.confirmed_at ? <Instant key="s" at={replay.confirmed_at} /> : text.notConfirmed],
        ]}
      />
    </Panel>
  );
}

function Refunds({ replay }: { replay: CampaignReplay }) {
  const { words } = useSpeech();
  const text = words.campaign.replay;
  return (
    <Panel title={text.refunds} padded>
      {replay.refunds.length === 0 ? <p className="muted">{text.noRefunds}</p> : (
        <Facts rows={replay.refunds.map((one) => [<span key="n">{one.refund_no} <span className="muted"><Instant at={one.succeeded_at} /></span> {one.undone_at && <Chip>{text.undone}</Chip>} {one.platform_error && <Chip>{text.platformError}</Chip>}</span>, <Money key="a" amount={one.amount} />])} />
      )}
    </Panel>
  );
}

const percent = (rate: string) => `${Number(rate) * 100} %`;

function Rounding({ replay }: { replay: CampaignReplay }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.replay;
  const ladder = replay.ladder;
  if (!ladder) return <Panel title={text.ladder} padded><p className="muted">{text.noLadder}</p></Panel>;
  return (
    <Panel title={text.ladder} hint={text.place(formats.count(ladder.place), formats.count(ladder.round))} data-testid="replay-ladder">
      <div className={classes.digits}>
        <p>{text.baseLine(replay.apa ?? "", percent(ladder.base_rate), trimmed(ladder.base_exact), ladder.base_credit)}</p>
        <p>{ladder.tier_credit ? text.tierLine(ladder.sum_apa, percent(ladder.tier_rate), trimmed(ladder.tier_exact), ladder.tier_credit) : text.openRound(formats.count(ladder.needed))}</p>
      </div>
    </Panel>
  );
}

function Round({ replay }: { replay: CampaignReplay }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.replay;
  const ladder = replay.ladder;
  if (!ladder) return null;
  return (
    <Panel title={text.place(formats.count(ladder.place), formats.count(ladder.round))} data-testid="replay-round">
      <table className={classes.figures}>
        <thead>
          <tr>
            <th>#</th>
            <th className={classes.text}>{text.member}</th>
            <th>{text.paidAt}</th>
            <th>{text.apa}</th>
          </tr>
        </thead>
        <tbody>
          {ladder.members.map((member) => (
            <tr key={member.place} className={member.this ? classes.mine : undefined}>
              <td>{formats.count(member.place)}</td>
              <td className={classes.text}>{member.friend_id ? <a href={`#/campaign/friends/${member.friend_id}`}>{member.friend}</a> : member.friend}</td>
              <td><Instant at={member.paid_at} /></td>
              <td><Money amount={member.apa} /></td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td />
            <td />
            <td />
            <td><Money amount={ladder.sum_apa} strong /></td>
          </tr>
        </tfoot>
      </table>
    </Panel>
  );
}
