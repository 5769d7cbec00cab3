import { useMemo, useState } from "react";
import { spreadsheetNumber } from "../amounts";
import { asKontorError, newId, paperPdf, pickFiles, takeRequests, type KontorError, type Result } from "../call";
import { Button } from "../parts/Button";
import { Chip, type Tone } from "../parts/Chip";
import { TextField } from "../parts/Fields";
import { Filters, Pick } from "../parts/Filters";
import { Dialog, Form } from "../parts/Form";
import { Empty } from "../parts/Loading";
import { Money } from "../parts/Money";
import { notify } from "../parts/Notice";
import { Panel } from "../parts/Panel";
import { Refusal } from "../parts/Refusal";
import { Table, type Column } from "../parts/Table";
import { Instant } from "../parts/Times";
import { useQueryClient } from "@tanstack/react-query";
import { moving, useAction, useCommandId, usePages } from "../reading";
import { amend, go, to, useRoute } from "../routes";
import { useDuty } from "../session";
import { useSpeech } from "../words";
import { ListHead } from "./ListHead";
import { page } from "./papers";
import { RequestDialog } from "./RequestDialog";
import classes from "./invoices.module.css";

type Request = Result<"invoices.list_requests">[number];
type Taken = Result<"invoices.take_requests">;
const tone: Record<string, Tone> = { open: "brand", issued: "green", returned: "plain" };

/** What customers asked for, through the platform, a file or by hand: issued, or returned with a reason. */
export function RequestList() {
  const { words, formats } = useSpeech();
  const text = words.printRoom.requests;
  const { query } = useRoute();
  const status = query.get("status") ?? "open";
  const pages = usePages("invoices.list_requests", { wanted_status: status === "all" ? null : status, most: page }, page, (last) => ({ before_requested_at: last.requested_at, before_id: last.id }));
  const [returning, setReturning] = useState<Request | null>(null);
  const [asking, setAsking] = useState(false);
  const issue = useAction("invoices.issue_request");
  const clerk = useDuty("tax_clerk");
  const takes = useDuty("agent", "tax_clerk");
  const needs = !clerk && words.parts.refusal.needs(words.shell.duties.tax_clerk);
  const queries = useQueryClient();
  const [refused, setRefused] = useState<Taken>([]);
  const [failed, setFailed] = useState<KontorError | null>(null);
  const take = async () => {
    setFailed(null);
    try {
      for (const path of await pickFiles("tax_list")) {
        const rows = await takeRequests(newId(), path);
        setRefused(rows.filter((row) => row.verdict === "refused"));
        notify(text.taken(formats.count(rows.filter((row) => row.verdict === "taken").length), formats.count(rows.length)));
      }
    } catch (thrown) {
      setFailed(asKontorError(thrown));
    }
    void queries.invalidateQueries(moving);
  };
  const send = async (row: Request) => {
    const done = await issue.send({ command_id: newId(), request_id: row.id });
    if (!done?.invoice_number || !done.invoice_id) return;
    notify(words.invoices.page.issuedNote(done.invoice_number));
    // Drawn at once, because the platform is told and fetches these bytes.
    await paperPdf({ kind: "invoice", id: done.invoice_id }).catch((thrown: unknown) => setFailed(asKontorError(thrown)));
  };
  const what = (rule: string | null) => {
    const said = rule ? (words.rules as Record<string, { what: unknown }>)[rule]?.what : null;
    return typeof said === "function" ? String((said as (detail: unknown) => string)({})) : String(said ?? rule ?? "");
  };
  const usage = (row: Request) => [row.product, row.month?.slice(0, 7)].filter(Boolean).join(" · ");
  const columns = useMemo<Column<Request>[]>(() => {
    const names = text.columns;
    return [
      { id: "number", title: names.number, width: "148px", cell: (row) => <strong>{row.request_no}</strong>, copy: (row) => row.request_no },
      { id: "customer", title: names.customer, width: "minmax(140px, 1fr)", cell: (row) => <a className={classes.quiet} href={`#/customers/${row.customer_id}`}>{row.customer_name}</a>, copy: (row) => row.customer_name },
      { id: "buyer", title: names.buyer, width: "minmax(140px, 1.2fr)", spare: 3, cell: (row) => <span className="soft">{row.buyer_name}</span>, copy: (row) => row.buyer_name },
      { id: "amount", title: names.amount, width: "120px", align: "end", cell: (row) => (row.amount === null ? <span className="soft">{text.all}</span> : <Money amount={row.amount} />), copy: (row) => (row.amount === null ? text.all : spreadsheetNumber(row.amount)) },
      { id: "usage", title: names.usage, width: "minmax(80px, 130px)", spare: 1, cell: (row) => <span className="soft">{usage(row) || "–"}</span>, copy: usage },
      { id: "invoiceable", title: names.invoiceable, width: "130px", align: "end", cell: (row) => <Money amount={row.invoiceable} quietZero />, copy: (row) => spreadsheetNumber(row.invoiceable) },
      { id: "source", title: names.source, width: "90px", spare: 2, cell: (row) => <span className="soft">{text.sources[row.source]}</span>, copy: (row) => text.sources[row.source] ?? row.source },
      { id: "at", title: `${names.at} ↓`, width: "116px", cell: (row) => <Instant at={row.requested_at} />, copy: (row) => formats.exact(row.requested_at) },
      {
        id: "do",
        title: names.status,
        width: "220px",
        cell: (row) =>
          row.status === "open" ? (
            <span className={classes.rowButtons}>
              <Button small kind="primary" busy={issue.busy} blocked={needs} onClick={() => void send(row)} data-testid="request-issue">{text.issue}</Button>
              <Button small blocked={!takes && words.parts.refusal.needs(words.shell.duties.tax_clerk)} onClick={() => setReturning(row)} data-testid="request-return">{text.return}</Button>
            </span>
          ) : (
            <span title={row.returned_why ?? ""}>
              <Chip tone={tone[row.status] ?? "plain"}>{text.statuses[row.status]}</Chip> {row.invoice_id ? <a href={`#/invoices/${row.invoice_id}`}>{row.invoice_number}</a> : <span className="soft">{row.returned_why}</span>}
            </span>
          ),
        copy: (row) => text.statuses[row.status] ?? row.status,
      },
    ];
  }, [text, formats, needs, takes, issue.busy]); // eslint-disable-line
  return (
    <div className="screen" data-testid="screen-invoices" data-ready={!pages.loading}>
      <ListHead
        view="requests"
        file={
          <>
            <Button keys="h" blocked={!takes && words.parts.refusal.needs(words.shell.duties.tax_clerk)} onClick={() => setAsking(true)} data-testid="request-new">
              {text.hand}
            </Button>
            <Button keys="o" blocked={!takes && words.parts.refusal.needs(words.shell.duties.tax_clerk)} onClick={() => void take()} data-testid="requests-file">
              {text.file}
            </Button>
          </>
        }
      />
      <Filters
        filters={[
          {
            id: "status",
            label: text.columns.status,
            value: status === "all" ? null : (text.statuses[status] ?? status),
            editor: (close) => <Pick chosen={status} options={Object.entries(text.statuses).map(([value, label]) => ({ value, label }))} onPick={(chosen) => (amend(to("/invoices", { view: "requests", status: chosen })), close())} />,
            onClear: () => amend(to("/invoices", { view: "requests", status: "all" })),
          },
        ]}
      />
      <Refusal error={failed ?? issue.refusal} />
      {refused.length > 0 && (
        <Panel title={text.refused} data-testid="requests-refused">
          {refused.map((row) => (
            <p key={row.request_no} className={classes.quietNote}>
              <strong>{row.request_no}</strong> {what(row.rule)}
            </p>
          ))}
        </Panel>
      )}
      <Panel fill title={words.printRoom.views.requests} hint={text.hint}>
        <Table
          key={status}
          label={words.printRoom.views.requests!}
          columns={columns}
          {...pages.table}
          rowKey={(row) => row.id}
          onOpen={(row) => go(row.invoice_id ? `/invoices/${row.invoice_id}` : `/customers/${row.customer_id}`)}
          autoFocus
          rowTestId="request-row"
          rowMark={(row) => ({ "data-no": row.request_no, "data-status": row.status })}
          empty={<Empty title={text.empty}>{text.emptyWhy}</Empty>}
        />
      </Panel>
      {asking && <RequestDialog onClose={() => setAsking(false)} />}
      {returning && <ReturnDialog request={returning} onClose={() => setReturning(null)} />}
    </div>
  );
}

function ReturnDialog({ request, onClose }: { request: Request; onClose(): void }) {
  const { words } = useSpeech();
  const text = words.printRoom.requests;
  const [reason, setReason] = useState("");
  const back = useAction("invoices.return_request");
  const form = useCommandId();
  const send = async () => {
    if (await back.send({ command_id: form.id, request_id: request.id, reason: reason.trim() })) onClose();
  };
  return (
    <Dialog open onClose={onClose} title={text.returnTitle(request.request_no)}>
      <Form onSubmit={() => void send()} submit={text.returnSubmit} blocked={!reason.trim() && String(words.rules.decision_without_reason.what)} busy={back.busy} refusal={back.refusal} onCancel={onClose} submitTestId="request-return-submit">
        <p>{text.returnText}</p>
        <TextField label={text.reason} value={reason} onChange={setReason} lines={3} autoFocus data-testid="request-return-reason" />
      </Form>
    </Dialog>
  );
}
