import { useState } from "react";
import { beijing, InstantField, instantOf } from "../disputes/InstantField";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import classes from "./campaign.module.css";

const percent = (rate: string) => `${Number(rate) * 100} %`;

/** Terms, turns and corrections, with who decided them. */
export function Terms() {
  const { words } = useSpeech();
  const text = words.campaign.terms;
  const names = text.columns;
  const read = useRead("campaign.terms", {});
  const [asking, setAsking] = useState(false);
  const proposes = useDuty("growth", "administrator");
  const status = (of: string) => <Chip tone={of === "confirmed" ? "green" : of === "proposed" ? "amber" : "plain"}>{text.statuses[of] ?? of}</Chip>;
  return (
    <div className={classes.scroll} data-testid="screen-campaign-terms" data-ready={read.data !== undefined}>
      <Read of={read}>
        {(shown) => (
          <>
            <Panel title={text.versions}>
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
            <Panel title={text.turns} aside={<Button small keys="n" onClick={() => setAsking(true)} blocked={!proposes && words.parts.refusal.needs(words.shell.duties.growth)} data-testid="turn-new">{text.newTurn}</Button>}>
              <table className={classes.figures}>
                <thead><tr><th>{names.turn}</th><th>{names.at}</th><th className={classes.text}>{names.reason}</th><th>{names.by}</th><th>{names.status}</th></tr></thead>
                <tbody>
                  {shown.turns.map((one) => (
                    <tr key={one.id}><td><strong>{text.turnNames[one.turn]}</strong></td><td><Instant at={one.at} exact /></td><td className={classes.text}>{one.proposed_by ? one.reason : ""}</td><td>{one.proposed_by ?? text.withProgram}</td><td>{status(one.status)}</td></tr>
                  ))}
                </tbody>
              </table>
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
      {asking && <TurnDialog onClose={() => setAsking(false)} />}
    </div>
  );
}

function TurnDialog({ onClose }: { onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.terms;
  const [turn, setTurn] = useState<string | null>("pause");
  const [at, setAt] = useState(beijing(useNow()));
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const propose = useAction("campaign.propose_turn");
  const blocked = !instantOf(at) ? text.turnForm.at : !reason.trim() ? text.turnForm.reason : null;
  const send = async () => {
    if (await propose.send({ command_id: form.id, turn: turn ?? "pause", takes_effect_at: instantOf(at) ?? at, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.turnForm.title} data-testid="turn-dialog">
      <Form onSubmit={() => void send()} submit={text.turnForm.submit} blocked={blocked && words.disputes.fields.needs(blocked)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="turn-submit">
        <p className="soft">{text.turnForm.hint}</p>
        <Row>
          <Choice label={text.turnForm.turn} value={turn} onChange={setTurn} options={Object.entries(text.turnNames).map(([value, label]) => ({ value, label }))} />
          <InstantField label={text.turnForm.at} value={at} onChange={setAt} />
        </Row>
        <TextField label={text.turnForm.reason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="turn-reason" />
      </Form>
    </Dialog>
  );
}
