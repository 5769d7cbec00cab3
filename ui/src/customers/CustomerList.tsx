import { useEffect, useMemo, useRef, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import type { Result } from "../call";
import { isComposing, useShortcuts } from "../keys";
import { Chip } from "../parts/Chip";
import { ExportButton } from "../parts/Export";
import { KeyHint } from "../parts/KeyHint";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Table, type Column } from "../parts/Table";
import { Tick } from "../parts/Fields";
import { Button } from "../parts/Button";
import { Refusal } from "../parts/Refusal";
import { useAction, useCommandId, usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useWords } from "../words";
import classes from "./customers.module.css";

type Customer = Result<"customers.list">[number];
const page = 100;

export function CustomerList() {
  const words = useWords();
  const { query } = useRoute();
  const search = query.get("search") ?? "";
  const onlyLocked = query.get("locked") === "yes";
  const [text, setText] = useState(search);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // What is typed becomes the address after a breath, so Back and a link remember it.
    const timer = setTimeout(() => amend(to("/customers", { search: text.trim(), locked: onlyLocked ? "yes" : null })), 180);
    return () => clearTimeout(timer);
  }, [text, onlyLocked]);
  useShortcuts([{ keys: "f", label: words.shell.keys.filter, group: "thisScreen", run: () => field.current?.focus() }]);
  const pages = usePages("customers.list", { search, only_locked: onlyLocked, most: page }, page, (last) => ({ before_id: last.id }));
  const columns = useMemo<Column<Customer>[]>(() => {
    const names = words.customers.columns;
    return [
      { id: "name", title: names.name, width: "minmax(180px, 1.4fr)", cell: (row) => <strong className={classes.name}>{row.name}</strong>, copy: (row) => row.name },
      { id: "ref", title: names.ref, width: "minmax(120px, 0.8fr)", cell: (row) => <span className="soft">{row.ref}</span>, copy: (row) => row.ref },
      { id: "kind", title: names.kind, width: "96px", spare: 1, cell: (row) => <span className="muted">{words.parts.customerKinds[row.kind]}</span>, copy: (row) => words.parts.customerKinds[row.kind] ?? row.kind },
      {
        id: "state",
        title: names.state,
        width: "minmax(150px, 1fr)",
        cell: (row) => (
          <span className={classes.chips}>
            {row.locked && <Chip tone="amber">{words.customers.locked}</Chip>}
            {!row.real_name_verified && <Chip>{words.customers.notVerified}</Chip>}
            {row.usage_suspended_at && <Chip>{words.customers.suspended}</Chip>}
          </span>
        ),
      },
      { id: "wallet", title: names.wallet, width: "130px", align: "end", cell: (row) => <Money amount={row.wallet} places={6} quietZero />, copy: (row) => spreadsheetNumber(row.wallet) },
      { id: "gift", title: names.gift, width: "112px", align: "end", spare: 2, cell: (row) => <Money amount={row.gift} places={6} quietZero />, copy: (row) => spreadsheetNumber(row.gift) },
      { id: "held", title: names.held, width: "122px", align: "end", cell: (row) => <Money amount={row.held} places={6} quietZero />, copy: (row) => spreadsheetNumber(row.held) },
      { id: "cases", title: names.cases, width: "104px", align: "end", cell: (row) => (row.open_cases > 0 ? row.open_cases : <span className="muted">0</span>), copy: (row) => String(row.open_cases) },
    ];
  }, [words]);
  return (
    <div className="screen" data-testid="screen-customers" data-ready={!pages.loading}>
      <Heading title={words.customers.title} actions={<ExportButton title={words.customers.title} of={pages.source} words={{ kind: words.parts.customerKinds }} />} />
      <div className={classes.find}>
        <input
          ref={field}
          className={classes.field}
          value={text}
          placeholder={words.customers.search}
          aria-label={words.customers.search}
          spellCheck={false}
          data-testid="customer-search"
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            // Enter in the search goes down into the list.
            if (event.key === "Enter" && !isComposing(event)) event.currentTarget.blur();
          }}
        />
        <KeyHint keys="f" />
        <Tick label={words.customers.locked} checked={onlyLocked} onChange={(on) => amend(to("/customers", { search: text.trim(), locked: on ? "yes" : null }))} />
      </div>
      {/^\+?[\d\s-]{7,}$/.test(text.normalize("NFKC").trim()) && <PhoneFind phone={text.normalize("NFKC").trim()} />}
      <Panel fill>
        <Table
          label={words.customers.title}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          amount={(row) => row.wallet}
          onOpen={(row) => go(`/customers/${row.id}`)}
          queue={(row) => `/customers/${row.id}`}
          autoFocus
          rowTestId="customer-row"
          empty={search || onlyLocked ? <Empty title={words.customers.nobody(search || words.customers.locked)}>{words.customers.nobodyHint}</Empty> : <Empty title={words.customers.empty}>{words.customers.emptyHint}</Empty>}
        />
      </Panel>
    </div>
  );
}

/** A phone turns a number into a person, so looking one up is an action on record and not a search as one types. */
function PhoneFind({ phone }: { phone: string }) {
  const words = useWords().customers.phone;
  const form = useCommandId();
  const find = useAction("customers.find_by_phone");
  const [none, setNone] = useState(false);
  const look = async () => {
    const rows = await find.send({ command_id: form.id, phone });
    form.renew();
    if (rows?.[0]) go(`/customers/${rows[0].id}`);
    else setNone(rows !== null);
  };
  useEffect(() => setNone(false), [phone]);
  return (
    <div className={classes.find}>
      <Button onClick={() => void look()} busy={find.busy} data-testid="find-phone">
        {words.find(phone)}
      </Button>
      <span className="muted">{none ? words.none : words.recorded}</span>
      <Refusal error={find.refusal} />
    </div>
  );
}
