// What two people decide about the campaign itself: new terms, turns, an end of credits.
import { useState } from "react";
import { beijing, InstantField, instantOf } from "../parts/InstantField";
import { Choice, TextField } from "../parts/Fields";
import { Dialog, Form, Row } from "../parts/Form";
import { useAction, useCommandId } from "../reading";
import { useNow } from "../session";
import { useSpeech } from "../words";

/** New terms: only what changes is filled in. */
export function VersionDialog({ onClose }: { onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.terms.versionForm;
  const now = beijing(useNow());
  const [version, setVersion] = useState("");
  const [announced, setAnnounced] = useState(now);
  const [effective, setEffective] = useState("");
  const [rates, setRates] = useState<Record<string, string>>({});
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const propose = useAction("campaign.propose_terms");
  const named = { discount_rate: text.discount, base_rate: text.base, tier_rate: text.tier, bar_hours: text.bar };
  const blocked = !version.trim() ? text.version : !instantOf(announced) ? text.announced : !instantOf(effective) ? text.effective : !reason.trim() ? text.reason : null;
  const send = async () => {
    const terms = Object.fromEntries(Object.entries(rates).filter(([, value]) => value.trim()));
    if (await propose.send({ command_id: form.id, version: version.trim(), announced_at: instantOf(announced) ?? announced, effective_at: instantOf(effective) ?? effective, terms, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="version-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked && words.disputes.fields.needs(blocked)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="version-submit">
        <p className="soft">{text.hint}</p>
        <TextField label={text.version} value={version} onChange={setVersion} autoFocus data-testid="version-name" />
        <Row>
          <InstantField label={text.announced} value={announced} onChange={setAnnounced} />
          <InstantField label={text.effective} value={effective} onChange={setEffective} data-testid="version-effective" />
        </Row>
        <Row>
          {Object.entries(named).map(([name, label]) => (
            <TextField key={name} label={label} optional value={rates[name] ?? ""} onChange={(value) => setRates((kept) => ({ ...kept, [name]: value }))} data-testid={`version-${name}`} />
          ))}
        </Row>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={3} data-testid="version-reason" />
      </Form>
    </Dialog>
  );
}

/** The campaign starts, pauses, goes on or ends. */
export function TurnDialog({ onClose }: { onClose(): void }) {
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

/** Credits earned before an instant end, thirty days after the notice at the earliest. */
export function ExpiryDialog({ onClose }: { onClose(): void }) {
  const { words } = useSpeech();
  const text = words.campaign.terms.expiryForm;
  const now = beijing(useNow());
  const [earned, setEarned] = useState(now);
  const [noticed, setNoticed] = useState(now);
  const [expires, setExpires] = useState("");
  const [reason, setReason] = useState("");
  const form = useCommandId();
  const propose = useAction("campaign.propose_expiry");
  const blocked = !instantOf(earned) ? text.earned : !instantOf(noticed) ? text.noticed : !instantOf(expires) ? text.expires : !reason.trim() ? text.reason : null;
  const send = async () => {
    if (await propose.send({ command_id: form.id, earned_before: instantOf(earned) ?? earned, noticed_at: instantOf(noticed) ?? noticed, expires_at: instantOf(expires) ?? expires, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.title} data-testid="expiry-dialog">
      <Form onSubmit={() => void send()} submit={text.submit} danger blocked={blocked && words.disputes.fields.needs(blocked)} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="expiry-submit">
        <p className="soft">{text.hint}</p>
        <InstantField label={text.earned} value={earned} onChange={setEarned} />
        <Row>
          <InstantField label={text.noticed} value={noticed} onChange={setNoticed} />
          <InstantField label={text.expires} value={expires} onChange={setExpires} data-testid="expiry-expires" />
        </Row>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="expiry-reason" />
      </Form>
    </Dialog>
  );
}
