import { useState } from "react";
import { Button } from "../parts/Button";
import { Chip } from "../parts/Chip";
import { Empty, Read } from "../parts/Loading";
import { Money } from "../parts/Money";
import { Heading, Panel } from "../parts/Panel";
import { Tabs } from "../parts/Steps";
import { Instant, TimeLeft } from "../parts/Times";
import { useRead } from "../reading";
import { useShortcuts } from "../keys";
import { amend, go, to, useRoute } from "../routes";
import { useSpeech, useWords } from "../words";
import { Statement } from "../ledger/Statement";
import { CustomerTimeline } from "./CustomerTimeline";
import { Lots } from "./Lots";
import { Movements } from "./Movements";
import { NoteForm } from "./NoteForm";
import { PastBalances } from "./PastBalances";
import { PersonPanel } from "./PersonPanel";
import { Usage } from "./Usage";
import { UsageRows } from "./UsageRows";
import type { CustomerPage } from "./customer";
import classes from "./customers.module.css";

/** Everything about one customer: what there is, where it came from, which cases, what happened. */
export function CustomerPageView({ id }: { id: string }) {
  const words = useWords();
  const read = useRead("customers.open", { customer_id: id });
  return (
    <div className="screen" data-testid="screen-customer" data-ready={read.data !== undefined}>
      <Read of={read} rows={12}>
        {(found) => (found ? <Page customer={found} /> : <Empty title={words.customers.unknown}>{words.customers.unknownHint}</Empty>)}
      </Read>
    </div>
  );
}

const views = ["overview", "movements", "statement", "usage"] as const;

function Page({ customer }: { customer: CustomerPage }) {
  const words = useWords();
  const { query } = useRoute();
  const chosen = views.find((view) => view === query.get("view")) ?? "overview";
  const [noting, setNoting] = useState(false);
  useShortcuts(views.map((view, at) => ({ keys: String(at + 1), label: words.customers.tabs[view], group: "thisScreen", run: () => amend(to(`/customers/${customer.id}`, { view: at === 0 ? null : view })) })));
  const actions = words.customers.actions;
  return (
    <>
      <Heading
        title={customer.name}
        actions={
          <>
            <Button keys="l" onClick={() => go(to("/ledger", { customer: customer.id, name: customer.name }))}>
              {actions.ledger}
            </Button>
            <Button keys="n" onClick={() => setNoting(true)}>
              {actions.note}
            </Button>
            <Button keys="i" onClick={() => go(to("/invoices/new", { customer: customer.id }))}>
              {actions.invoice}
            </Button>
            <Button keys="d" onClick={() => go(to("/disputes/new", { customer: customer.id }))}>
              {actions.dispute}
            </Button>
            <Button kind="primary" keys="r" blocked={customer.locked ? words.customers.blocked.locked : customer.flags.includes("refund_open") ? words.customers.blocked.refundOpen : null} onClick={() => go(to("/refunds/new", { customer: customer.id }))}>
              {actions.refund}
            </Button>
          </>
        }
      >
        <span>{customer.ref}</span>
        <Flags customer={customer} />
      </Heading>
      <Balances customer={customer} />
      <div className={classes.page}>
        <div className={classes.wide}>
          <Tabs
            label={customer.name}
            tabs={views.map((view) => ({ id: view, title: words.customers.tabs[view] }))}
            chosen={chosen}
            onChoose={(view) => amend(to(`/customers/${customer.id}`, { view: view === "overview" ? null : view }))}
          />
          {chosen === "overview" && (
            <>
              <Cases customer={customer} />
              <Lots customer={customer} />
            </>
          )}
          {chosen === "movements" && <Movements customer={customer} />}
          {chosen === "statement" && <Statement path={`/customers/${customer.id}`} customer={customer} account="wallet" />}
          {chosen === "usage" && (
            <>
              <UsageRows customerId={customer.id} />
              <Usage months={customer.usage} />
            </>
          )}
        </div>
        <div className={classes.narrow}>
          <PersonPanel customer={customer} />
          <CustomerTimeline customer={customer} />
        </div>
      </div>
      <NoteForm customerId={customer.id} open={noting} onClose={() => setNoting(false)} />
    </>
  );
}

function Flags({ customer }: { customer: CustomerPage }) {
  const { words, formats } = useSpeech();
  const names = words.customers.flags;
  return (
    <span className={classes.chips}>
      {customer.locks.map((lock) => (
        <a key={lock.id} href={lock.cause === "dispute" ? `#/disputes/${lock.case_id}` : lock.cause === "judicial" ? `#/locks/${lock.case_id}` : undefined}>
          <Chip tone={lock.late ? "red" : "amber"} title={`${words.customers.locks.causes[lock.cause]} · ${lock.placed_by} · ${formats.exact(lock.placed_at)}`}>
            {lock.suspends ? `${names.locked} · ${lock.confirmed_at ? words.customers.locks.platform : words.customers.locks.waiting}` : words.customers.locks.held}
          </Chip>
        </a>
      ))}
      {customer.flags
        .filter((flag) => flag !== "locked")
        .map((flag) => (
          <Chip key={flag} tone={flag === "refund_open" ? "violet" : flag === "dispute_open" ? "brand" : "plain"}>
            {names[flag]}
          </Chip>
        ))}
    </span>
  );
}

/** The five balances; each leads to its postings. */
function Balances({ customer }: { customer: CustomerPage }) {
  const words = useWords();
  const [past, setPast] = useState(false);
  const names = words.customers.balances;
  const door = (account: string, commodity?: string) => `#${to("/ledger", { customer: customer.id, name: customer.name, account, commodity })}`;
  const figures: [string, string, string, boolean][] = [
    [names.wallet, customer.wallet, door("wallet", "CNY"), true],
    [names.gift, customer.gift, door("wallet", "CNY.GIFT"), true],
    [names.refundHold, customer.refund_hold, door("refund_hold"), true],
    [names.repaymentHold, customer.repayment_hold, door("repayment_hold"), true],
    [names.receivable, customer.receivable, door("receivable"), /[1-9]/.test(customer.receivable)],
    [names.unbilled, customer.unbilled, door("wallet"), /[1-9]/.test(customer.unbilled)],
  ];
  return (
    <div className={classes.balances} data-testid="balances">
      {figures
        .filter(([, , , shown]) => shown)
        .map(([label, amount, address]) => (
          <a key={label} className={classes.balance} href={address}>
            <span>{label}</span>
            <strong>
              <Money amount={amount} sign="¥" quietZero />
            </strong>
          </a>
        ))}
      <div className={classes.past}>
        <Button small keys="a" onClick={() => setPast(true)} data-testid="balances-past">
          {words.customers.past.button}
        </Button>
      </div>
      {past && <PastBalances customer={customer} onClose={() => setPast(false)} />}
    </div>
  );
}

function Cases({ customer }: { customer: CustomerPage }) {
  const words = useWords();
  const names = words.customers.cases;
  const tickets = customer.cases.map((one) => one.ticket_no);
  const twice = (ticket: string) => tickets.filter((one) => one === ticket).length > 1;
  const papers = customer.invoices;
  return (
    <Panel title={names.title} data-testid="customer-cases">
      {customer.cases.length + papers.length === 0 ? (
        <Empty title={names.none}>{names.noneHint}</Empty>
      ) : (
        <table className={classes.rows}>
          <thead>
            <tr>
              <th>{names.number}</th>
              <th>{names.status}</th>
              <th>{names.ticket}</th>
              <th>{names.opened}</th>
              <th className="number">{names.amount}</th>
              <th className="number">{names.due}</th>
            </tr>
          </thead>
          <tbody>
            {customer.cases.map((one) => (
              <tr key={one.id} onClick={() => go(`/${one.kind}s/${one.id}`)}>
                <td>
                  <Chip tone={one.kind === "refund" ? "violet" : "brand"}>{words.customers.caseKinds[one.kind]}</Chip> <a href={`#/${one.kind}s/${one.id}`}>{one.number}</a>
                </td>
                <td className={one.open ? undefined : "muted"}>{words.customers.statuses[one.status] ?? one.status}</td>
                <td>{twice(one.ticket_no) ? <Chip tone="amber" title={names.same(one.ticket_no)}>{one.ticket_no}</Chip> : <span className="soft">{one.ticket_no}</span>}</td>
                <td>
                  <Instant at={one.opened_at} />
                </td>
                <td className="number">
                  <Money amount={one.amount} />
                </td>
                <td className="number">
                  <TimeLeft until={one.due_at} done={!one.open} />
                </td>
              </tr>
            ))}
            {papers.map((one) => (
              <tr key={one.id} onClick={() => go(`/invoices/${one.id}`)}>
                <td>
                  <Chip>{words.customers.caseKinds.invoice}</Chip> <a href={`#/invoices/${one.id}`}>{one.number}</a>
                </td>
                <td className="muted">{words.customers.invoiceKinds[one.kind] ?? one.kind}</td>
                <td />
                <td>
                  <Instant at={one.issued_at} />
                </td>
                <td className="number">
                  <Money amount={one.total_incl} />
                </td>
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
