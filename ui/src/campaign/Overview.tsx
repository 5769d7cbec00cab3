import { plainMoney } from "../amounts";
import type { Result } from "../call";
import { AreaChart } from "../parts/Chart";
import { Chip } from "../parts/Chip";
import { cx } from "../parts/cx";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Panel } from "../parts/Panel";
import { useRead } from "../reading";
import { useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { addMonths } from "../books/months";
import { CreditMonths } from "./CreditMonths";
import classes from "./campaign.module.css";

type Campaign = NonNullable<Result<"campaign.overview">>;

/** What the campaign cost, what it owes, what came of friends, and what waits. */
export function Overview() {
  const read = useRead("campaign.overview", {});
  return (
    <div className={classes.scroll} data-testid="screen-campaign" data-ready={read.data !== undefined}>
      <Read of={read}>{(campaign) => <Panels campaign={campaign} />}</Read>
    </div>
  );
}

function Panels({ campaign }: { campaign: Campaign }) {
  const { words, formats } = useSpeech();
  const text = words.campaign;
  const state = (
    <span className={classes.state}>
      <Chip tone={campaign.state === "running" ? "green" : campaign.state === "paused" ? "amber" : "plain"}>{text.states[campaign.state]}</Chip>
      <span className="muted">
        {campaign.started_at && text.since(formats.day(dayOf(campaign.started_at)))} · {campaign.ended_at ? text.until(formats.day(dayOf(campaign.ended_at))) : text.noEnd}
        {campaign.version && ` · ${text.version(campaign.version)}`}
      </span>
    </span>
  );
  const cost = campaign.cost;
  const today = dayOf(useNow());
  return (
    <>
      <div>{state}</div>
      <div className={classes.grid}>
        <Panel title={text.cost.title} hint={text.cost.hint} padded data-testid="campaign-cost">
          <Facts
            rows={[
              [text.cost.base, <Money key="b" amount={cost.credit_base_cost} />],
              [text.cost.tier, <Money key="t" amount={cost.credit_tier_cost} />],
              [text.cost.used, <Money key="u" amount={positive(cost.credits_redeemed)} />],
              [text.cost.lapsed, <Money key="l" amount={positive(cost.credits_lapsed)} quietZero />],
              [text.cost.deducted, <Money key="d" amount={positive(cost.credits_forfeited)} quietZero />],
              [<strong key="o">{text.cost.liability}</strong>, <Money key="o" amount={campaign.liability} strong />],
              [text.cost.claims, <Money key="c" amount={campaign.claims} quietZero />],
            ]}
          />
        </Panel>
        <Panel title={text.chart.title} hint={text.chart.hint} aside={plainMoney(campaign.liability, "$ ")} padded>
          <AreaChart points={campaign.days} label={text.chart.label} />
        </Panel>
        <Panel title={text.waits.title} padded data-testid="campaign-waits">
          <Facts
            rows={[
              [<a key="a" href="#/campaign?view=objections">{text.waits.objections}</a>, formats.count(campaign.objections_open)],
              [<a key="r" href="#/campaign?view=reviews">{text.waits.reviews}</a>, formats.count(campaign.reviews_open)],
              [<a key="v" href="#/proposals">{text.waits.violations}</a>, formats.count(campaign.violations_open)],
            ]}
          />
        </Panel>
      </div>
      <Funnel campaign={campaign} />
      <Panel title={text.months.title} hint={text.months.hint} data-testid="campaign-months">
        <CreditMonths first={`${addMonths(today, -5).slice(0, 7)}-01`} months={6} />
      </Panel>
    </>
  );
}

/** House accounts are debit positive; what was used or lapsed reads as people think of it. */
const positive = (amount: string) => (amount.startsWith("-") ? amount.slice(1) : amount);

function Funnel({ campaign }: { campaign: Campaign }) {
  const { words, formats } = useSpeech();
  const text = words.campaign;
  if (campaign.funnel.length === 0)
    return (
      <Panel title={text.funnel.title}>
        <Empty title={text.funnel.empty}>{text.funnel.emptyWhy}</Empty>
      </Panel>
    );
  const most = Math.max(...campaign.funnel.map((one) => one.friends));
  return (
    <Panel title={text.funnel.title} hint={text.funnel.hint} data-testid="campaign-funnel">
      <div className={classes.funnel}>
        {campaign.funnel.map((one) => (
          <div key={one.verdict} className={classes.bar} data-verdict={one.verdict}>
            <span className="clip">{text.verdicts[one.verdict] ?? one.verdict}</span>
            <span className={classes.track}>
              <div className={cx(classes.fill, one.verdict !== "counted" && classes.plain)} style={{ width: `${Math.max(1, (one.friends / most) * 100)}%` }} />
            </span>
            <span>{formats.count(one.friends)}</span>
            <span>{one.verdict !== "bound" && <Money amount={one.apa} />}</span>
          </div>
        ))}
      </div>
    </Panel>
  );
}
