import { useMemo, useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { useAction, useCommandId, useRead } from "../reading";
import { useDuty, useNow, useSession } from "../session";
import { useSpeech } from "../words";
import { PolicyDialog } from "./PolicyDialog";
import { grouped, valueText, type Policy, type PolicyGroup } from "./values";
import classes from "./policy.module.css";

/** What holds now, one line each; beside it the history of the chosen one and what waits. */
export function Policies() {
  const policies = useRead("policies.list", {});
  return (
    <div className="screen" data-testid="screen-policy" data-ready={policies.data !== undefined}>
      <Read of={policies} rows={10}>
        {(rows) => <PolicyTable policies={rows} />}
      </Read>
    </div>
  );
}

function PolicyTable({ policies }: { policies: Policy[] }) {
  const { words } = useSpeech();
  const text = words.policy;
  const now = useNow();
  const groups = useMemo(() => grouped(policies, now), [policies, now]);
  const [key, setKey] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const chosen = groups.find((group) => group.key === key) ?? groups.find((group) => group.waiting.length > 0) ?? groups[0] ?? null;
  const proposes = useDuty("administrator");
  const columns = useColumns();
  return (
    <div className={classes.split}>
      <div className={classes.main}>
        <Waiting groups={groups} />
        <Panel
          title={text.policies.title}
          aside={
            <Button kind={proposes ? "primary" : "plain"} small keys="n" blocked={!proposes && words.parts.refusal.needs(words.shell.duties.administrator)} onClick={() => setAsking(true)} data-testid="policy-propose">
              {text.propose}
            </Button>
          }
        >
          <Table
            label={text.policies.title}
            columns={columns}
            rows={groups}
            rowKey={(row) => row.key}
            onPeek={(row) => setKey(row?.key ?? null)}
            natural
            autoFocus
            rowTestId="policy-row"
            rowMark={(row) => ({ "data-name": row.name })}
            empty={<Empty title={text.policies.empty}>{text.policies.emptyWhy}</Empty>}
          />
        </Panel>
      </div>
      {chosen && <History group={chosen} />}
      {asking && <PolicyDialog group={chosen} onClose={() => setAsking(false)} />}
    </div>
  );
}

function useName(): (group: { name: string; channel: string | null }) => string {
  const { words } = useSpeech();
  return ({ name, channel }) => {
    const title = words.policy.policies.names[name] ?? name;
    return channel ? `${title} · ${words.parts.channels[channel] ?? channel}` : title;
  };
}

function useColumns(): Column<PolicyGroup>[] {
  const { words, formats } = useSpeech();
  const name = useName();
  return useMemo(() => {
    const text = words.policy;
    const names = text.policies.columns;
    const value = (row: PolicyGroup) => (row.inForce ? valueText(words, row.name, row.inForce.value, formats.count) : "–");
    return [
      { id: "name", title: names.name, width: "minmax(210px, 1.7fr)", cell: (row) => <strong>{name(row)}</strong>, copy: name },
      { id: "value", title: names.value, width: "minmax(120px, 1fr)", cell: value, copy: value },
      { id: "since", title: names.since, width: "128px", cell: (row) => (row.inForce?.proposed_by ? <Instant at={row.inForce.valid_from} /> : <span className="muted">{text.default}</span>), copy: (row) => (row.inForce ? formats.exact(row.inForce.valid_from) : "") },
      { id: "state", title: "", width: "162px", cell: (row) => (row.waiting.length > 0 ? <Chip tone="brand">{text.waiting}</Chip> : row.ahead.length > 0 ? <Chip>{text.notYet}</Chip> : null) },
    ];
  }, [words, formats]); // eslint-disable-line
}

/** Proposals that an approver decides, above everything else. */
function Waiting({ groups }: { groups: PolicyGroup[] }) {
  const { words } = useSpeech();
  const text = words.policy;
  const waiting = groups.flatMap((group) => group.waiting);
  if (waiting.length === 0) return null;
  return (
    <Panel title={text.policies.waitingTitle} data-testid="policy-waiting">
      {waiting.map((policy, at) => (
        <Proposal key={policy.id} policy={policy} first={at === 0} before={groups.find((group) => group.name === policy.name && group.channel === policy.channel)?.inForce ?? null} />
      ))}
    </Panel>
  );
}

function Proposal({ policy, first, before }: { policy: Policy; first: boolean; before: Policy | null }) {
  const { words, formats } = useSpeech();
  const text = words.policy;
  const { login } = useSession();
  const confirms = useDuty("approver");
  const name = useName();
  const confirm = useAction("policies.confirm");
  const form = useCommandId();
  const blocked = !confirms ? words.parts.refusal.needs(words.shell.duties.approver) : policy.proposed_by === login ? String(words.rules.policy_confirmed_by_proposer.what) : null;
  const send = async () => {
    if (await confirm.send({ command_id: form.id, policy_id: policy.id })) notify(text.policies.confirmed(name(policy)));
  };
  return (
    <div className={classes.proposal} data-testid="policy-proposal" data-id={policy.id}>
      <div className={classes.proposalText}>
        <p>
          <strong>{name(policy)}</strong> {before && <span className={classes.before}>{valueText(words, policy.name, before.value, formats.count)}</span>} → <strong>{valueText(words, policy.name, policy.value, formats.count)}</strong>
        </p>
        <p className="soft">{policy.reason}</p>
        <p className="muted">
          {policy.proposed_by && text.proposedBy(policy.proposed_by)} · <Instant at={policy.proposed_at} /> · {text.from(formats.instant(policy.valid_from))}
        </p>
        <Refusal error={confirm.refusal} />
      </div>
      <Button kind={confirms ? "primary" : "plain"} keys={first ? "a" : undefined} busy={confirm.busy} blocked={blocked} onClick={() => void send()} data-testid="policy-confirm">
        {text.confirm}
      </Button>
    </div>
  );
}

function History({ group }: { group: PolicyGroup }) {
  const { words, formats } = useSpeech();
  const text = words.policy;
  const name = useName();
  return (
    <Panel title={name(group)} data-testid="policy-history">
      <p className={classes.explain}>{text.policies.explain[group.name]}</p>
      <h3 className={classes.subtitle}>{text.policies.history}</h3>
      {group.all.map((policy) => (
        <div key={policy.id} className={classes.entry}>
          <p className={classes.entryHead}>
            <strong>{valueText(words, policy.name, policy.value, formats.count)}</strong>
            {policy === group.inForce ? <Chip tone="green">{text.inForce}</Chip> : policy.declined_at ? <Chip>{text.declined}</Chip> : policy.confirmed_at === null ? <Chip tone="brand">{text.waiting}</Chip> : group.ahead.includes(policy) ? <Chip>{text.notYet}</Chip> : <span className="muted">{text.over}</span>}
          </p>
          {policy.proposed_by ? (
            <>
              <p className="soft">{policy.reason}</p>
              <p className="muted">
                {text.from(formats.instant(policy.valid_from))} · {text.proposedBy(policy.proposed_by)}
                {policy.confirmed_by && ` · ${text.confirmedBy(policy.confirmed_by)}`}
                {policy.declined_by && ` · ${text.declinedBy(policy.declined_by, policy.declined_why ?? "")}`}
              </p>
            </>
          ) : (
            <p className="muted">{text.shipped}</p>
          )}
        </div>
      ))}
    </Panel>
  );
}
