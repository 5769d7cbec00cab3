import { useState } from "react";
import { monthTitle } from "../books/months";
import { rateText } from "../amounts";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { proposalAddress } from "../proposals/deciding";
import { useDuty, useNow } from "../session";
import { dayOf } from "../times";
import { useSpeech } from "../words";
import { RateDialog } from "./RateDialog";
import { rateState, type Product, type Rate, type RateState } from "./values";
import classes from "./policy.module.css";

const tones: Record<RateState, Tone> = { inForce: "green", ahead: "plain", over: "plain", replaced: "plain", proposed: "brand", declined: "plain", withdrawn: "plain" };

/** Which rate each product's revenue is taxed at, month by month: who proposed it, who confirmed it, and why. */
export function VatRates({ products }: { products: Product[] }) {
  const { words } = useSpeech();
  const text = words.policy.rates;
  const [asking, setAsking] = useState(false);
  const proposes = useDuty("accountant", "tax_clerk");
  const blocked = !proposes ? words.parts.refusal.needs(words.shell.duties.accountant) : products.length === 0 ? words.policy.catalogue.noneProducts : null;
  return (
    <Panel
      title={text.title}
      className={classes.wide}
      aside={
        <Button small kind={proposes ? "primary" : "plain"} keys="t" blocked={blocked} onClick={() => setAsking(true)} data-testid="rate-propose">
          {text.propose}
        </Button>
      }
      data-testid="vat-rates"
    >
      <p className={classes.explain}>{text.hint}</p>
      {products.length === 0 ? <Empty title={words.policy.catalogue.none}>{words.policy.catalogue.noneProducts}</Empty> : <Rates products={products} />}
      {asking && <RateDialog products={products} onClose={() => setAsking(false)} />}
    </Panel>
  );
}

function Rates({ products }: { products: Product[] }) {
  const { words, language } = useSpeech();
  const text = words.policy.rates;
  const thisMonth = `${dayOf(useNow()).slice(0, 7)}-01`;
  return (
    <table className={classes.plainTable}>
      <thead>
        <tr>
          {[text.product, text.from].map((head) => <th key={head}>{head}</th>)}
          <th className="number">{text.rate}</th>
          {[text.state, text.proposed, text.confirmed, text.reason].map((head) => <th key={head}>{head}</th>)}
        </tr>
      </thead>
      <tbody>
        {products.flatMap((product) =>
          product.rates.map((rate, at) => (
            <Row key={rate.id} rate={rate} product={at === 0 ? (language === "en" ? product.title_en : product.title_zh) : ""} state={rateState(product, rate, thisMonth)} />
          )),
        )}
      </tbody>
    </table>
  );
}

function Row({ rate, product, state }: { rate: Rate; product: string; state: RateState }) {
  const { words, language } = useSpeech();
  const text = words.policy.rates;
  const dead = state === "declined" || state === "withdrawn" || state === "replaced";
  return (
    <tr data-testid="rate-row" data-state={state} className={dead ? "soft" : undefined}>
      <td><strong>{product}</strong></td>
      <td>{rate.from_month ? monthTitle(language, rate.from_month) : <span className="muted">{text.always}</span>}</td>
      <td className="number">{rateText(rate.rate)}</td>
      <td>
        <Chip tone={tones[state]}>{text.states[state] ?? (state === "inForce" ? text.inForce : state === "ahead" ? text.ahead : state === "replaced" ? text.replaced : text.over)}</Chip>{" "}
        {state === "proposed" && <a href={`#${proposalAddress("vat_rate", rate.id)}`}>{text.decide}</a>}
      </td>
      <td>{rate.proposed_by && <>{rate.proposed_by} · <Instant at={rate.proposed_at} /></>}</td>
      <td>{rate.confirmed_by ? <>{rate.confirmed_by} · <Instant at={rate.confirmed_at!} /></> : !rate.from_month && <span className="muted">{text.withProduct}</span>}</td>
      <td>
        {rate.from_month && rate.reason}
        {rate.why && <div className="muted">{rate.why}</div>}
      </td>
    </tr>
  );
}
