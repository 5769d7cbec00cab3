import { useCallback, useMemo, useState, type ReactNode } from "react";
import { spreadsheetNumber } from "../amounts";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { ExportButton } from "../parts/Export";
import { Filters, Pick, type Filter } from "../parts/Filters";
import { Dialog, Form } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Facts, Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { notify } from "../parts/Notice";
import { proposalAddress } from "../proposals/deciding";
import { useAction, useCommandId, usePages, useRead } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useDuty, useNow } from "../session";
import { useSpeech } from "../words";
import { Ages } from "./Ages";
import { Candidates } from "./Candidates";
import { seeksMatch, type Stray } from "./stray";
import classes from "./imports.module.css";

const page = 200;

/** What could not be booked or matched: the list, and beside it why, and what would settle it. */
export function Exceptions({ head, settled }: { head: ReactNode; settled: boolean }) {
  const { words, formats } = useSpeech();
  const text = words.exceptions;
  const { query } = useRoute();
  const kind = query.get("kind");
  const chosen = query.get("id");
  const age = query.get("age");
  const ready = query.get("ready");
  const change = useCallback((next: Record<string, string | null>) => amend(to(settled ? "/imports/settled" : "/imports/exceptions", { kind, age, ready, ...next })), [kind, age, ready, settled]);
  const pages = usePages("exceptions.list", { only_settled: settled, wanted_kind: kind, wanted_age: settled ? null : age, only_ready: ready !== null, maximum: page }, page, (last) => ({ before: last.id }));
  const ages = useRead("exceptions.ages", {}, { enabled: !settled });
  const rows = pages.rows;
  const columns = useColumns(settled);
  const current = rows.find((row) => row.id === chosen) ?? null;
  const peek = useCallback((row: Stray | null) => change({ id: row?.id ?? null }), [change]);
  return (
    <div className="screen" data-testid="screen-imports" data-ready={!pages.loading}>
      {head}
      {ages.data && <Ages bands={ages.data} chosen={age} onChoose={(next) => change({ age: next, id: null })} />}
      <Filters filters={[useKindFilter(kind, (next) => change({ kind: next }))]}>
        {!settled && <Ready bands={ages.data ?? []} chosen={ready !== null} onChoose={(only) => change({ ready: only ? "1" : null, id: null })} />}
        <span className="muted">{!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}</span>
        <ExportButton title={words.imports.tabs.exceptions ?? text.empty} of={pages.source} words={{ kind: text.kinds, channel: words.parts.channels }} />
      </Filters>
      <div className={classes.split}>
        <Panel fill>
          <Table
            label={words.imports.tabs.exceptions ?? ""}
            columns={columns}
            {...pages.table}
            rowKey={(row) => row.id}
            amount={(row) => row.amount}
            onPeek={peek}
            autoFocus
            rowTestId="exception-row"
            rowMark={(row) => ({ "data-kind": row.kind, "data-no": row.order_no ?? row.provider_no ?? "" })}
            empty={
              kind || age || ready ? (
                <Empty title={text.emptyKind}>{text.emptyKindWhy}</Empty>
              ) : settled ? (
                <Empty title={text.emptySettled}>{text.emptySettledWhy}</Empty>
              ) : (
                <Empty title={text.empty}>{text.emptyWhy}</Empty>
              )
            }
          />
        </Panel>
        <StraySheet stray={current} />
      </div>
    </div>
  );
}

/** Orders whose obstacle is gone: seen alone, and credited all together. */
function Ready({ bands, chosen, onChoose }: { bands: { ready: string }[]; chosen: boolean; onChoose(only: boolean): void }) {
  const { words, formats } = useSpeech();
  const text = words.exceptions.ready;
  const count = bands.reduce((sum, band) => sum + Number(band.ready), 0);
  const may = useDuty("accountant");
  const retry = useAction("exceptions.retry_ready");
  const form = useCommandId();
  const send = async () => {
    const counts = await retry.send({ command_id: form.id });
    if (!counts) return;
    form.renew();
    onChoose(false);
    notify(text.done(formats.count(String(counts.posted))));
  };
  if (count === 0 && !chosen) return null;
  return (
    <>
      <Button small kind={chosen ? "primary" : "plain"} onClick={() => onChoose(!chosen)} data-testid="exceptions-ready">
        {text.only(formats.count(String(count)))}
      </Button>
      <Button small keys="c" busy={retry.busy} blocked={!may ? words.parts.refusal.needs(words.shell.duties.accountant) : count === 0 ? text.none : null} onClick={() => void send()} data-testid="exceptions-retry">
        {text.credit}
      </Button>
      <Refusal error={retry.refusal} />
    </>
  );
}

function useKindFilter(kind: string | null, onChange: (kind: string | null) => void): Filter {
  const text = useSpeech().words.exceptions;
  return {
    id: "kind",
    label: text.kind,
    value: kind ? (text.kinds[kind] ?? kind) : null,
    editor: (close) => (
      <Pick
        chosen={kind}
        options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))}
        onPick={(next) => {
          onChange(next);
          close();
        }}
      />
    ),
    onClear: () => onChange(null),
  };
}

function Age({ stray }: { stray: Stray }) {
  const { formats } = useSpeech();
  const now = useNow();
  // From when the money or the order came, as the bands above count it.
  const waited = now.getTime() - Date.parse(stray.happened_at ?? stray.opened_at);
  return waited > 3 * 86_400_000 ? <Chip tone="amber">{formats.span(waited)}</Chip> : <span className="number">{formats.span(waited)}</span>;
}

function useColumns(settled: boolean): Column<Stray>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.exceptions;
    const names = text.columns;
    const money = (amount: string | null) => (amount === null ? <span className="muted">–</span> : <Money amount={amount} />);
    const last: Column<Stray> = settled
      ? { id: "resolved", title: text.settled, width: "126px", align: "end", cell: (row) => <Instant at={row.resolved_at} />, copy: (row) => (row.resolved_at ? formats.exact(row.resolved_at) : "") }
      : { id: "age", title: names.age, width: "84px", align: "end", cell: (row) => <Age stray={row} /> };
    return [
      { id: "kind", title: names.kind, width: "176px", cell: (row) => <Chip tone={row.resolved_at ? "plain" : row.ready ? "green" : row.proposed_at ? "brand" : "amber"}>{text.kinds[row.kind] ?? row.kind}</Chip>, copy: (row) => text.kinds[row.kind] ?? row.kind },
      { id: "order", title: names.order, width: "minmax(136px, 1fr)", cell: (row) => row.order_no ?? <span className="muted">–</span>, copy: (row) => row.order_no ?? "" },
      { id: "customer", title: names.customer, width: "minmax(96px, 0.8fr)", spare: 3, cell: (row) => row.customer_id && <a className={classes.quiet} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name ?? "" },
      { id: "channel", title: names.channel, width: "76px", spare: 1, cell: (row) => <span className="soft">{row.channel && (words.parts.channels[row.channel] ?? row.channel)}</span>, copy: (row) => row.channel ?? "" },
      { id: "paper", title: names.paper, width: "104px", align: "end", cell: (row) => money(row.amount), copy: (row) => (row.amount ? spreadsheetNumber(row.amount) : "") },
      { id: "books", title: names.books, width: "104px", align: "end", cell: (row) => money(row.amount_expected), copy: (row) => (row.amount_expected ? spreadsheetNumber(row.amount_expected) : "") },
      { id: "at", title: names.at, width: "126px", spare: 2, cell: (row) => <Instant at={row.happened_at} />, copy: (row) => (row.happened_at ? formats.exact(row.happened_at) : "") },
      last,
    ];
  }, [words, formats, settled]);
}

/** Why it is here, what settles it, and the paper it came from. */
function StraySheet({ stray }: { stray: Stray | null }) {
  const { words } = useSpeech();
  const text = words.exceptions;
  const names = text.side;
  const [settling, setSettling] = useState(false);
  const may = useDuty("accountant");
  const confirms = useDuty("approver");
  const confirm = useAction("exceptions.confirm");
  const form = useCommandId();
  if (!stray)
    return (
      <Panel fill>
        <Empty title={names.none}>{names.noneHint}</Empty>
      </Panel>
    );
  const blocked = stray.proposed_at ? text.blocked.proposed : !may ? text.blocked.duty : stray.belongs_to_order ? text.blocked.suspense : null;
  return (
    <Panel fill title={text.kinds[stray.kind] ?? stray.kind} data-testid="exception-sheet" data-kind={stray.kind}>
      <div className={classes.why}>
        <h3>{names.why}</h3>
        <p data-testid="exception-why">{text.why[stray.kind]}</p>
        {!stray.resolved_at && (
          <>
            <h3>{names.clears}</h3>
            <p>{stray.ready ? text.ready.hint : stray.belongs_to_order ? text.belongs(stray.belongs_to_order, text.kinds[stray.belongs_waits_for ?? ""] ?? "") : text.clears[stray.kind]}</p>
            <div>
              <Button keys="s" blocked={blocked} onClick={() => setSettling(true)} data-testid="exception-resolve">
                {text.resolve}
              </Button>
              {stray.proposed_at && (
                <Button
                  kind="primary"
                  keys="a"
                  busy={confirm.busy}
                  blocked={!confirms && words.parts.refusal.needs(words.shell.duties.approver)}
                  onClick={() => void confirm.send({ command_id: form.id, exception_id: stray.id }).then((row) => row && form.renew())}
                  data-testid="exception-confirm"
                >
                  {text.confirm}
                </Button>
              )}
              {stray.proposed_at && <a href={`#${proposalAddress(stray.matched_order_no ? "match" : "settlement", stray.id)}`}>{text.decide}</a>}
            </div>
          </>
        )}
      </div>
      {seeksMatch(stray) && <Candidates key={stray.id} stray={stray} />}
      <h3 className={classes.subhead}>{names.facts}</h3>
      <div className={classes.facts}>
        <Facts
          rows={[
            stray.order_no ? [text.columns.order, stray.customer_id ? <a key="o" href={`#${to(`/customers/${stray.customer_id}`, { order: stray.order_no })}`}>{stray.order_no}</a> : stray.order_no] : null,
            stray.provider_no ? [text.columns.provider, stray.provider_no] : null,
            stray.channel ? [text.columns.channel, words.parts.channels[stray.channel] ?? stray.channel] : null,
            stray.amount !== null ? [text.columns.paper, <Money key="a" amount={stray.amount} sign="¥ " />] : null,
            stray.amount_expected !== null ? [text.columns.books, <Money key="e" amount={stray.amount_expected} sign="¥ " />] : null,
            stray.happened_at ? [text.columns.at, <Instant key="t" at={stray.happened_at} />] : null,
            stray.import_id ? [text.columns.file, <a key="f" href={`#/imports/${stray.import_id}`}>{[stray.file_name, stray.line !== null && names.line(String(stray.line))].filter(Boolean).join(" · ")}</a>] : null,
            [names.opened, <Instant key="s" at={stray.opened_at} />],
            stray.proposed_by ? [names.proposedBy, stray.proposed_by] : null,
            stray.matched_order_no ? [text.match.matched, stray.matched_order_no] : null,
            stray.resolved_at ? [names.settledAt, <Instant key="r" at={stray.resolved_at} />] : null,
            stray.resolved_by ? [names.settledBy, stray.resolved_by] : null,
            stray.resolution ? [names.how, text.resolutions[stray.resolution] ?? stray.resolution] : null,
          ]}
        />
      </div>
      <Refusal error={confirm.refusal} />
      {settling && <Settle stray={stray} onClose={() => setSettling(false)} />}
    </Panel>
  );
}

function Settle({ stray, onClose }: { stray: Stray; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.exceptions;
  const [how, setHow] = useState("");
  const resolve = useAction("exceptions.resolve");
  const form = useCommandId();
  const again = ["recharge_not_verified", "recharge_below_minimum", "agreement_unknown", "activity_unknown", "usage_customer_unknown"].includes(stray.kind);
  const send = async () => {
    const row = await resolve.send({ command_id: form.id, exception_id: stray.id, resolution: how.trim() });
    if (row) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.dialog.title}>
      <Form onSubmit={() => void send()} submit={again ? text.dialog.submitAgain : text.dialog.submit} blocked={!how.trim() && words.parts.required} busy={resolve.busy} refusal={resolve.refusal} onCancel={onClose} submitTestId="exception-submit">
        <p>{text.why[stray.kind]}</p>
        {again && <p>{text.dialog.again}</p>}
        <TextField label={text.dialog.how} hint={text.dialog.hint} value={how} onChange={setHow} lines={3} autoFocus data-testid="exception-how" />
      </Form>
    </Dialog>
  );
}
