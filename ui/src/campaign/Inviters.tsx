import { useMemo } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { SearchField } from "../parts/SearchField";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";

type Row = Result<"campaign.inviters">[number];
const page = 100;

export function Standing({ standing }: { standing: Row["standing"] }) {
  const { words } = useSpeech();
  return <Chip tone={standing === "sound" ? "green" : standing === "barred" ? "red" : "plain"}>{words.campaign.standings[standing]}</Chip>;
}

/** Inviters, most counted friends first. */
export function Inviters() {
  const { words } = useSpeech();
  const text = words.campaign.inviters;
  const { query } = useRoute();
  const search = query.get("q") ?? "";
  const pages = usePages("campaign.inviters", { search, most: page }, page, (last) => ({ after_friends: last.friends, after_id: last.customer_id }));
  const columns = useColumns();
  return (
    <div className="screen" data-testid="screen-inviters" data-ready={!pages.loading}>
      <Panel fill aside={
          <>
            <SearchField testId="inviter-search" value={search} label={text.search} onChange={(q) => amend(to("/campaign", { view: "inviters", q }))} />
            <ExportButton title={words.campaign.tabs.inviters ?? ""} of={pages.source} words={{ standing: words.campaign.standings }} />
          </>
        }>
        <Table
          label={words.campaign.tabs.inviters ?? ""}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.customer_id}
          amount={(row) => row.balance}
          onOpen={(row) => go(`/campaign/inviters/${row.customer_id}`)}
          queue={(row) => `/campaign/inviters/${row.customer_id}`}
          autoFocus
          rowTestId="inviter-row"
          rowMark={(row) => ({ "data-ref": row.ref })}
          empty={search ? <Empty title={text.emptyFound}>{text.emptyFoundWhy}</Empty> : <Empty title={text.empty}>{text.emptyWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}

function useColumns(): Column<Row>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const names = words.campaign.inviters.columns;
    const money = (id: "base_total" | "tier_total" | "used" | "balance", title: string, spare?: number): Column<Row> => ({ id, title, width: "108px", align: "end", ...(spare === undefined ? {} : { spare }), cell: (row) => <Money amount={row[id]} quietZero strong={id === "balance"} tone={row[id].startsWith("-") ? "red" : undefined} />, copy: (row) => spreadsheetNumber(row[id]) });
    return [
      { id: "name", title: names.name, width: "minmax(130px, 1.2fr)", cell: (row) => <strong>{row.name}</strong>, copy: (row) => row.name },
      { id: "ref", title: names.ref, width: "minmax(90px, 140px)", spare: 1, cell: (row) => <span className="soft">{row.ref}</span>, copy: (row) => row.ref },
      { id: "friends", title: `${names.friends} ↓`, width: "92px", align: "end", cell: (row) => <span className="number">{formats.count(row.friends)}</span>, copy: (row) => String(row.friends) },
      { id: "rounds", title: names.rounds, width: "76px", align: "end", spare: 2, cell: (row) => <span className="number">{formats.count(row.rounds)}</span>, copy: (row) => String(row.rounds) },
      { id: "missing", title: names.missing, width: "76px", align: "end", spare: 0, cell: (row) => <span className="muted">{formats.count(row.needed_for_next_round)}</span>, copy: (row) => String(row.needed_for_next_round) },
      money("base_total", names.base, 4),
      money("tier_total", names.tier, 3),
      money("used", names.used, 2),
      money("balance", names.balance),
      { id: "standing", title: names.standing, width: "110px", cell: (row) => <Standing standing={row.standing} />, copy: (row) => words.campaign.standings[row.standing] ?? row.standing },
    ];
  }, [words, formats]);
}
