import { useCallback, useMemo, useRef } from "react";
import { spreadsheetNumber } from "../amounts";
import { Chip } from "../parts/Chip";
import { Filters, Pick, type Filter } from "../parts/Filters";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { amend, to, useRoute } from "../routes";
import { useSpeech, useWords } from "../words";
import type { Proposal } from "./deciding";
import { ProposalSheet } from "./ProposalSheet";
import { statusTone, useSubject } from "./subject";
import classes from "./proposals.module.css";

const page = 100;
const views = ["waiting", "open", "mine", "decided"] as const;
const keyOf = (proposal: { kind: string; id: string }) => `${proposal.kind}:${proposal.id}`;

/** Everything that one person proposed and another confirms; decided from here, with what it posts beside it. */
export default function ProposalsScreen() {
  const { words, formats } = useSpeech();
  const text = words.proposals;
  const { query } = useRoute();
  const one = query.get("one");
  // A link from elsewhere names a proposal that may wait for somebody else.
  const view = views.find((id) => id === query.get("view")) ?? (one && !query.has("view") ? "open" : "waiting");
  const kind = query.get("kind");
  const change = useCallback((next: Record<string, string | null>) => amend(to("/proposals", { view, kind, ...next })), [view, kind]);
  const pages = usePages("proposals.list", { wanted: view, wanted_kind: kind, most: page }, page, (last) => ({ after_at: view === "decided" ? last.decided_at : last.proposed_at, after_id: last.id }));
  const columns = useColumns(view === "decided");
  const peek = useCallback((row: Proposal | null) => change({ one: row && keyOf(row) }), [change]);
  const at = pages.rows.findIndex((row) => keyOf(row) === one);
  const next = pages.rows[at + 1] ?? pages.rows[at - 1] ?? null;
  const following = useRef<string | null>(null);
  following.current = next && keyOf(next);
  return (
    <div className="screen" data-testid="screen-proposals" data-ready={!pages.loading}>
      <Heading title={text.title}>{text.hint}</Heading>
      <Tabs label={text.title} tabs={views.map((id) => ({ id, title: text.views[id] }))} chosen={view} onChoose={(id) => amend(to("/proposals", { view: id, kind }))} />
      <Filters filters={[useKindFilter(kind, (chosen) => change({ kind: chosen, one: null }))]}>
        <span className="muted">{!pages.loading && text.shown(formats.count(pages.seen) + (pages.more ? "+" : ""))}</span>
      </Filters>
      <div className={classes.split}>
        <Panel fill>
          <Table
            key={`${view} ${kind ?? ""}`}
            label={text.title}
            columns={columns}
            {...pages.table}
            rowKey={(row) => keyOf(row)}
            amount={(row) => (row.commodity === "CNY" ? row.amount : null)}
            onPeek={peek}
            startAt={(row) => keyOf(row) === one}
            autoFocus
            rowTestId="proposal-row"
            rowMark={(row) => ({ "data-kind": row.kind, "data-no": row.number, "data-status": row.status })}
            empty={<Empty title={kind ? text.emptyKind : text.empty[view]}>{kind ? text.emptyKindWhy : text.emptyWhy[view]}</Empty>}
          />
        </Panel>
        <ProposalSheet chosen={one} onDecided={() => change({ one: following.current })} />
      </div>
    </div>
  );
}

function useKindFilter(kind: string | null, onChange: (kind: string | null) => void): Filter {
  const text = useWords().proposals;
  return {
    id: "kind",
    label: text.kind,
    value: kind ? (text.kinds[kind] ?? kind) : null,
    editor: (close) => <Pick chosen={kind} options={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))} onPick={(chosen) => (onChange(chosen), close())} />,
    onClear: () => onChange(null),
  };
}

function useColumns(decided: boolean): Column<Proposal>[] {
  const { words, formats } = useSpeech();
  const subject = useSubject();
  return useMemo(() => {
    const text = words.proposals;
    const names = text.columns;
    const kind = (row: Proposal) => text.kinds[row.kind] ?? row.kind;
    const tail: Column<Proposal>[] = decided
      ? [
          { id: "status", title: names.status, width: "96px", cell: (row) => <Chip tone={statusTone[row.status]}>{text.statuses[row.status]}</Chip>, copy: (row) => text.statuses[row.status] },
          { id: "decided", title: `${names.decided} ↓`, width: "126px", cell: (row) => <Instant at={row.decided_at} />, copy: (row) => (row.decided_at ? formats.exact(row.decided_at) : "") },
          { id: "second", title: names.second, width: "96px", spare: 3, cell: (row) => <span className="soft">{row.decided_by}</span>, copy: (row) => row.decided_by ?? "" },
        ]
      : [{ id: "proposed", title: `${names.proposed} ↑`, width: "106px", cell: (row) => <Instant at={row.proposed_at} />, copy: (row) => formats.exact(row.proposed_at) }];
    return [
      { id: "kind", title: names.kind, width: "112px", cell: (row) => <Chip>{kind(row)}</Chip>, copy: kind },
      { id: "subject", title: names.subject, width: "minmax(190px, 1.5fr)", cell: (row) => <strong className="clip">{subject(row)}</strong>, copy: subject },
      { id: "customer", title: names.customer, width: "minmax(90px, 0.7fr)", spare: 2, cell: (row) => row.customer_id && <a className={classes.quiet} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name ?? "" },
      { id: "amount", title: names.amount, width: "112px", align: "end", cell: (row) => <Money amount={row.amount} places={6} />, copy: (row) => (row.amount ? spreadsheetNumber(row.amount) : "") },
      { id: "reason", title: names.reason, width: "minmax(120px, 1fr)", spare: 1, cell: (row) => <span className="soft clip">{row.reason}</span>, copy: (row) => row.reason ?? "" },
      { id: "by", title: names.by, width: "98px", cell: (row) => <span className="soft">{row.proposed_by}</span>, copy: (row) => row.proposed_by },
      ...tail,
    ];
  }, [words, formats, decided, subject]);
}
