import { useMemo } from "react";
import type { Result } from "../call";
import { Chip, type Tone } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech } from "../words";

type Row = Result<"campaign.reviews">[number];
const page = 100;
const tones: Record<Row["status"], Tone> = { open: "brand", same_person: "amber", different_people: "green" };

export function Finding({ status }: { status: Row["status"] }) {
  const { words } = useSpeech();
  return <Chip tone={tones[status]} data-status={status}>{words.campaign.reviews.statuses[status]}</Chip>;
}

/** Accounts that strong signals join, for a person to look at. */
export function Reviews() {
  const { words, formats } = useSpeech();
  const text = words.campaign.reviews;
  const { query } = useRoute();
  const wanted = query.get("status") ?? "open";
  const pages = usePages("campaign.reviews", { wanted, most: page }, page, (last) => ({ before_opened: last.opened_at, before_id: last.id }));
  const columns = useMemo((): Column<Row>[] => {
    const names = text.columns;
    return [
      { id: "number", title: names.number, width: "126px", cell: (row) => <strong>{row.number}</strong>, copy: (row) => row.number },
      { id: "opened", title: names.opened, width: "140px", cell: (row) => <Instant at={row.opened_at} />, copy: (row) => formats.exact(row.opened_at) },
      { id: "accounts", title: names.accounts, width: "90px", align: "end", cell: (row) => row.accounts, copy: (row) => row.accounts },
      { id: "names", title: names.names, width: "minmax(160px, 2fr)", cell: (row) => <span className="soft">{row.names}</span>, copy: (row) => row.names },
      { id: "status", title: names.status, width: "150px", cell: (row) => <Finding status={row.status} />, copy: (row) => text.statuses[row.status] ?? row.status },
      { id: "by", title: names.by, width: "110px", spare: 1, cell: (row) => <span className="soft">{row.decided_by}</span>, copy: (row) => row.decided_by ?? "" },
    ];
  }, [text, formats]);
  return (
    <div className="screen" data-testid="screen-reviews" data-ready={!pages.loading}>
      <Tabs label={words.campaign.tabs.reviews ?? ""} tabs={Object.entries(text.views).map(([id, title]) => ({ id, title }))} chosen={wanted} onChoose={(status) => amend(to("/campaign", { view: "reviews", status }))} />
      <Panel fill>
        <Table
          key={wanted}
          label={words.campaign.tabs.reviews ?? ""}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          onOpen={(row) => go(`/campaign/reviews/${row.id}`)}
          queue={(row) => `/campaign/reviews/${row.id}`}
          autoFocus
          rowTestId="review-row"
          rowMark={(row) => ({ "data-no": row.number })}
          empty={<Empty title={text.empty[wanted] ?? ""}>{text.emptyWhy}</Empty>}
        />
      </Panel>
    </div>
  );
}
