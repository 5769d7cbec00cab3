import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Chip, journalTone } from "../parts/Chip";
import { Dialog } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { usePages } from "../reading";
import { go, to } from "../routes";
import { useSpeech } from "../words";

type Move = Result<"ledger.channel_moves">[number];
const page = 100;

export interface Figure {
  channel: string;
  kinds: string;
  from: string;
  until: string;
  byEffective: boolean;
}

/** The recharges behind a figure of one channel: a journal may draw on several channels, so its own lines would not add up to it. */
export function ChannelMoves({ title, figure, onClose }: { title: string; figure: Figure; onClose(): void }) {
  const { words, formats } = useSpeech();
  const texts = words.ledger.prepaid;
  const asked = { channel: figure.channel, kinds: figure.kinds, from_on: figure.from, until_on: figure.until, by_effective: figure.byEffective, maximum: page };
  const pages = usePages("ledger.channel_moves", asked, page, (last) => ({ before: last.journal_id, before_order: last.order_no }));
  const kind = (row: Move) => words.parts.journalKinds[row.kind] ?? row.kind;
  const columns: Column<Move>[] = [
    { id: "at", title: words.ledger.statement.date, width: "149px", cell: (row) => <Instant at={row.at} />, copy: (row) => formats.exact(row.at) },
    { id: "kind", title: words.ledger.columns.kind, width: "112px", cell: (row) => <Chip tone={journalTone[row.kind]}>{kind(row)}</Chip>, copy: kind },
    { id: "journal", title: words.ledger.columns.journal, width: "92px", cell: (row) => <a href={`#${to("/ledger", { journal: row.journal_id })}`}>{words.ledger.number(row.journal_id)}</a>, copy: (row) => row.journal_id },
    { id: "customer", title: words.ledger.columns.customer, width: "minmax(110px, 1fr)", cell: (row) => row.customer_name, copy: (row) => row.customer_name ?? "" },
    { id: "order", title: texts.recharge, width: "minmax(136px, 1fr)", cell: (row) => (row.customer_id ? <a href={`#${to(`/customers/${row.customer_id}`, { order: row.order_no })}`}>{row.order_no}</a> : row.order_no), copy: (row) => row.order_no },
    { id: "amount", title: words.ledger.statement.amount, width: "132px", align: "end", cell: (row) => <Money amount={row.amount} places={6} />, copy: (row) => spreadsheetNumber(row.amount) },
  ];
  return (
    <Dialog open onClose={onClose} title={title} size={860} data-testid="channel-moves">
      <Table
        label={title}
        columns={columns}
        {...pages.table}
        rowKey={(row) => `${row.journal_id} ${row.order_no}`}
        amount={(row) => row.amount}
        onPeek={() => {}}
        onOpen={(row) => go(to("/ledger", { journal: row.journal_id }))}
        compact
        natural
        autoFocus
        rowTestId="channel-move"
        empty={<Empty title={words.ledger.statement.empty} />}
      />
    </Dialog>
  );
}
