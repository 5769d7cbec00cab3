import { useEffect, useMemo, useRef, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { Chip } from "../parts/Chip";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { useRoute } from "../routes";
import { useSpeech } from "../words";
import type { CustomerPage } from "./customer";
import { RechargeDialog } from "./RechargeDialog";
import classes from "./customers.module.css";

type Lot = CustomerPage["lots"][number];

/** The recharge lots: what was paid, what is left, and what stands in the way of the rest. */
export function Lots({ customer }: { customer: CustomerPage }) {
  const { words, formats } = useSpeech();
  const { query } = useRoute();
  const wanted = query.get("order");
  const place = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<string | null>(null);
  const names = words.customers.lots;
  useEffect(() => {
    if (wanted) place.current?.scrollIntoView({ block: "center" });
  }, [wanted]);
  const columns = useMemo<Column<Lot>[]>(
    () => [
      { id: "order", title: names.order, width: "minmax(136px, 1fr)", cell: (lot) => <span className={lot.order_no === wanted ? classes.wanted : undefined}>{lot.order_no}</span>, copy: (lot) => lot.order_no },
      { id: "channel", title: names.channel, width: "78px", cell: (lot) => <span className="soft">{words.parts.channels[lot.channel]}</span>, copy: (lot) => lot.channel },
      { id: "paid", title: names.paid, width: "146px", cell: (lot) => <Instant at={lot.paid_at} />, copy: (lot) => formats.exact(lot.paid_at) },
      {
        id: "state",
        title: "",
        width: "minmax(172px, 1fr)",
        spare: 2,
        cell: (lot) => (
          <span className={classes.chips}>
            {lot.held && <Chip tone="violet">{names.held}</Chip>}
            {lot.refunded && <Chip>{names.refunded}</Chip>}
            {lot.reversed && <Chip tone="amber">{names.reversed}</Chip>}
            {!lot.payer_is_holder && <Chip tone="amber" title={`${lot.payer_name ?? ""} ${lot.payer_account ?? ""}`}>{names.otherPayer}</Chip>}
            {lot.confirmed_at === null && <Chip>{names.unconfirmed}</Chip>}
            {lot.earmarked_for && <Chip tone="brand">{names.earmarked}</Chip>}
          </span>
        ),
      },
      { id: "principal", title: names.principal, width: "92px", align: "end", cell: (lot) => <Money amount={lot.principal} />, copy: (lot) => spreadsheetNumber(lot.principal) },
      { id: "left", title: names.left, width: "112px", align: "end", cell: (lot) => <Money amount={lot.left} places={6} quietZero strong />, copy: (lot) => spreadsheetNumber(lot.left) },
      { id: "gift", title: names.giftLeft, width: "104px", align: "end", spare: 1, cell: (lot) => <Money amount={lot.gift_left} places={6} quietZero />, copy: (lot) => spreadsheetNumber(lot.gift_left) },
    ],
    [names, words, formats, wanted],
  );
  return (
    <div ref={place}>
      <Panel title={names.title} hint={names.hint} aside={formats.count(customer.lots_in_all)} data-testid="customer-lots">
        <Table
          label={names.title}
          columns={columns}
          rows={customer.lots}
          rowKey={(lot) => lot.id}
          amount={(lot) => lot.left}
          onOpen={(lot) => setOpen(lot.id)}
          // A link to one recharge leads to its row, however far down; Enter opens it.
          startAt={wanted ? (lot) => lot.order_no === wanted : undefined}
          key={wanted}
          rowTestId="lot-row"
          rowMark={(lot) => ({ "data-no": lot.order_no })}
          natural
          compact
          empty={<Empty title={names.none}>{names.noneHint}</Empty>}
        />
      </Panel>
      {open && <RechargeDialog id={open} onClose={() => setOpen(null)} />}
    </div>
  );
}
