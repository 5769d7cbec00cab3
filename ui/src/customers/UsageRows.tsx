import { useMemo, useState } from "react";
import { isZero, plainMoney, spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { AmountField, TextField } from "../parts/Fields";
import { ExportButton } from "../parts/Export";
import { Dialog, Form } from "../parts/Form";
import { Lines } from "../parts/Lines";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { Parts } from "../proposals/details";
import { useAction, useCommandId, usePages, useRead } from "../reading";
import { go, to } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { PaidBy } from "./PaidBy";
import classes from "./customers.module.css";

type Row = Result<"usage.list">[number];
const page = 100;

/** Every billed usage: what paid for it, and, for an accountant, the way to give it back. */
export function UsageRows({ customerId }: { customerId: string }) {
  const { words } = useSpeech();
  const text = words.customers.usage;
  const pages = usePages("usage.list", { customer_id: customerId, most: page }, page, (last) => ({ before: last.used_from, before_id: last.id }));
  const [chosen, setChosen] = useState<Row | null>(null);
  const [giving, setGiving] = useState(false);
  const may = useDuty("accountant");
  const columns = useColumns();
  // The list is read again after a proposal: the row under the cursor is the fresh one.
  const current = pages.rows.find((row) => row.id === chosen?.id) ?? null;
  const blocked = !may ? words.parts.refusal.needs(words.shell.duties.accountant) : !current ? text.choose : isZero(current.most) ? text.nothingLeft : null;
  return (
    <Panel
      title={text.rows}
      fill
      className={classes.usageRows}
      aside={
        <>
          <ExportButton title={text.rows} of={pages.source} />
          <Button small keys="b" blocked={blocked} onClick={() => setGiving(true)} data-testid="usage-give-back">
            {text.giveBack}
          </Button>
        </>
      }
      data-testid="usage-rows"
    >
      <Table
        label={text.rows}
        columns={columns}
        {...pages.table}
        rowKey={(row) => row.id}
        amount={(row) => row.amount}
        onPeek={(row) => setChosen(row)}
        onOpen={(row) => go(to("/ledger", { journal: row.journal_id }))}
        compact
        rowTestId="usage-row"
        rowMark={(row) => ({ "data-no": row.usage_key })}
        empty={<Empty title={text.none}>{text.noneHint}</Empty>}
      />
      {current && <PaidBy row={current} customerId={customerId} />}
      {giving && current && <GiveBack row={current} onClose={() => setGiving(false)} />}
    </Panel>
  );
}

function useColumns(): Column<Row>[] {
  const { words, formats } = useSpeech();
  return useMemo(() => {
    const text = words.customers.usage;
    const money = (id: keyof Row & string, title: string, spare?: number): Column<Row> => ({ id, title, width: "118px", align: "end", spare, cell: (row) => <Money amount={row[id] as string} places={6} quietZero />, copy: (row) => spreadsheetNumber(row[id] as string) });
    return [
      { id: "used", title: `${text.used} ↓`, width: "150px", cell: (row) => <Instant at={row.used_from} />, copy: (row) => formats.exact(row.used_from) },
      { id: "product", title: text.products, width: "minmax(84px, 1fr)", cell: (row) => row.product, copy: (row) => row.product },
      { id: "key", title: text.key, width: "minmax(110px, 1fr)", spare: 1, cell: (row) => <span className="soft clip">{row.usage_key}</span>, copy: (row) => row.usage_key },
      { id: "state", title: "", width: "minmax(84px, 0.6fr)", spare: 2, cell: (row) => (isZero(row.waiting) ? null : <Chip tone="brand" title={plainMoney(row.waiting, "¥ ")}>{text.waiting}</Chip>) },
      money("amount", text.amount),
      money("from_principal", text.principal, 4),
      money("from_gift", text.gift, 3),
      money("given_back", text.givenBack),
    ];
  }, [words, formats]);
}

function GiveBack({ row, onClose }: { row: Row; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.customers.usage;
  const [amount, setAmount] = useState<string | null>(row.most);
  const [reason, setReason] = useState("");
  const preview = useRead("usage.quote_credit_back", { usage_key: row.usage_key, amount: amount ?? "0" }, { enabled: amount !== null });
  const propose = useAction("usage.propose_credit_back");
  const form = useCommandId();
  const send = async () => {
    const done = await propose.send({ command_id: form.id, usage_key: row.usage_key, amount: amount ?? "", reason: reason.trim() });
    if (!done) return;
    notify(text.proposed(plainMoney(done.amount, "¥ ")));
    onClose();
  };
  const blocked = amount === null ? words.parts.amounts.empty : !reason.trim() ? String(words.rules.credit_back_without_reason.what) : null;
  return (
    <Dialog open onClose={onClose} title={text.dialog(row.usage_key)} size={620}>
      <Form onSubmit={() => void send()} submit={text.submit} blocked={blocked} busy={propose.busy} refusal={propose.refusal} onCancel={onClose} submitTestId="give-back-submit">
        <p>{text.explain}</p>
        <AmountField label={text.giveBackAmount} hint={text.most(plainMoney(row.most))} initial={spreadsheetNumber(row.most)} decimals={6} onChange={setAmount} data-testid="give-back-amount" />
        <TextField label={text.reason} value={reason} onChange={setReason} lines={2} autoFocus data-testid="give-back-reason" />
        {preview.data && preview.data.lines.length > 0 && (
          <div>
            <Lines lines={preview.data.lines} label={words.proposals.posts} />
            <Parts parts={preview.data.parts} />
          </div>
        )}
      </Form>
    </Dialog>
  );
}
