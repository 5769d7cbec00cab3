import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { notify } from "../parts/Notice";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { ExpiryDialog, TurnDialog, VersionDialog } from "./termsDialogs";
import classes from "./campaign.module.css";

const percent = (rate: string) => `${Number(rate) * 100} %`;

/** Terms, turns and corrections, with who decided them. */
export function Terms() {
  const { words } = useSpeech();
  const text = words.campaign.terms;
  const names = text.columns;
  const read = useRead("campaign.terms", {});
  const [asking, setAsking] = useState<"version" | "turn" | "expiry" | null>(null);
  const close = () => setAsking(null);
  const mayNot = !useDuty("growth", "administrator") && words.parts.refusal.needs(words.shell.duties.growth);
  const status = (of: string) => <Chip tone={of === "confirmed" ? "green" : of === "proposed" ? "amber" : "plain"}>{text.statuses[of] ?? of}</Chip>;
  return (
    <div className={classes.scroll} data-testid="screen-campaign-terms" data-ready={read.data !== undefined}>
      <Read of={read}>
        {(shown) => (
          <>
            <Panel title={text.versions} aside={<Button small keys="t" onClick={() => setAsking("version")} blocked={mayNot} data-testid="version-new">{text.newVersion}</Button>}>
              <table className={classes.figures}>
                <thead>
                  <tr><th>{names.version}</th><th>{names.announced}</th><th>{names.effective}</th><th>{names.discount}</th><th>{names.base}</th><th>{names.tier}</th><th>{names.bar}</th><th>{names.minimum}</th><th>{names.by}</th><th>{names.status}</th></tr>
                </thead>
                <tbody>
                  {shown.versions.map((one) => (
                    <tr key={one.id}>
                      <td><strong>{one.version}</strong></td><td><Instant at={one.announced_at} /></td><td><Instant at={one.effective_at} /></td><td>{percent(one.discount_rate)}</td><td>{percent(one.base_rate)}</td><td>{percent(one.tier_rate)}</td>
                      <td>{one.bar_hours}</td><td><Money amount={one.minimum_payable} /></td><td>{one.proposed_by ?? text.withProgram}</td><td>{status(one.status)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Panel>
            <Panel title={text.turns} aside={<Button small keys="n" onClick={() => setAsking("turn")} blocked={mayNot} data-testid="turn-new">{text.newTurn}</Button>}>
              <table className={classes.figures}>
                <thead><tr><th>{names.turn}</th><th>{names.at}</th><th className={classes.text}>{names.reason}</th><th>{names.by}</th><th>{names.status}</th></tr></thead>
                <tbody>
                  {shown.turns.map((one) => (
                    <tr key={one.id}><td><strong>{text.turnNames[one.turn]}</strong></td><td><Instant at={one.at} exact /></td><td className={classes.text}>{one.proposed_by ? one.reason : ""}</td><td>{one.proposed_by ?? text.withProgram}</td><td>{status(one.status)}</td></tr>
                  ))}
                </tbody>
              </table>
            </Panel>
            <Panel title={text.expiries} hint={text.lapseHint} padded={shown.expiries.length === 0} aside={<><Lapse ended={shown.expiries.some((one) => one.ended)} mayNot={mayNot} /><Button small keys="e" onClick={() => setAsking("expiry")} blocked={mayNot} data-testid="expiry-new">{text.newExpiry}</Button></>}>
              {shown.expiries.length === 0 ? <p className="muted">{text.noExpiries}</p> : (
                <table className={classes.figures}>
                  <thead><tr><th>{text.expiryForm.earned}</th><th>{text.expiryForm.noticed}</th><th>{text.expiryForm.expires}</th><th className={classes.text}>{names.reason}</th><th>{names.by}</th><th>{names.status}</th></tr></thead>
                  <tbody>
                    {shown.expiries.map((one) => (
                      <tr key={one.id}><td><Instant at={one.earned_before} /></td><td><Instant at={one.noticed_at} /></td><td><Instant at={one.expires_at} /></td><td className={classes.text}>{one.reason}</td><td>{one.proposed_by}</td><td>{status(one.status)}</td></tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Panel>
            <Panel title={text.corrections} padded={shown.corrections.length === 0}>
              {shown.corrections.length === 0 ? <p className="muted">{text.noCorrections}</p> : (
                <table className={classes.figures}>
                  <thead><tr><th>{names.number}</th><th className={classes.text}>{names.kind}</th><th className={classes.text}>{names.customer}</th><th>{names.subject}</th><th className={classes.text}>{names.reason}</th><th>{names.by}</th><th>{names.status}</th></tr></thead>
                  <tbody>
                    {shown.corrections.map((one) => (
                      <tr key={one.id}><td><strong>{one.number}</strong></td><td className={classes.text}>{words.campaign.correction.kinds[one.kind]}</td><td className={classes.text}><a href={`#/campaign/friends/${one.customer_id}`}>{one.customer_name}</a></td><td>{one.subject}</td><td className={classes.text}>{one.reason}</td><td>{one.proposed_by}</td><td>{status(one.status)}</td></tr>
                    ))}
                  </tbody>
                </table>
              )}
            </Panel>
          </>
        )}
      </Read>
      {asking === "version" && <VersionDialog onClose={close} />}
      {asking === "turn" && <TurnDialog onClose={close} />}
      {asking === "expiry" && <ExpiryDialog onClose={close} />}
    </div>
  );
}

/** Takes credits whose notice has run out off their accounts; until then they stay, and cannot be used. */
function Lapse({ ended, mayNot }: { ended: boolean; mayNot: string | false }) {
  const { words, formats } = useSpeech();
  const text = words.campaign.terms;
  const form = useCommandId();
  const lapse = useAction("campaign.lapse_expired");
  const send = async () => {
    const n = await lapse.send({ command_id: form.id });
    if (n === null || n === undefined) return;
    notify(text.lapsed(formats.count(n)));
    form.renew();
  };
  return (
    <>
      <Refusal error={lapse.refusal} />
      <Button small keys="l" busy={lapse.busy} onClick={() => void send()} blocked={mayNot || (!ended && text.nothingEnded)} data-testid="expiry-lapse">{text.lapse}</Button>
    </>
  );
}
