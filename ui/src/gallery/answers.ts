import { accounts, answers as books } from "./books";
import { answers as invoices, invoicePdf } from "./invoices";
import { answers as refunds, importFile } from "./refunds";

const rehearsal = {
  id: "rehearsal",
  name: "",
  kind: "embedded",
  host: null,
  port: null,
  database: null,
  ca_file: null,
  logins: ["agent", "agent2", "handler", "reviewer", "approver", "treasurer", "accountant", "taxclerk", "supervisor", "auditor", "administrator"],
};
const server = { ...rehearsal, id: "p1", name: "finance-db", kind: "server", host: "finance-db.example", port: 5432, database: "kontor", logins: [] };

export function host(command: string): unknown {
  const who = { login: "approver", profile: rehearsal };
  switch (command) {
    case "profiles":
      return [rehearsal, server];
    case "signed_in":
      return window.location.search.includes("door") ? null : who;
    case "sign_in":
      return who;
    case "import_file":
      return importFile();
    case "pick_files":
      return ["/files/1900000001All2026-02-12.csv", "/files/orders_2026-02-12.csv", "/files/20880000_20260212.csv"];
    case "invoice_pdf":
      return invoicePdf();
    case "printers":
      return ["HP-LaserJet-4F", "PDF"];
    case "save_file":
      return "/home/finance/STM-2026-000190.pdf";
    default:
      return null;
  }
}

const now = "2026-02-13T02:42:00Z";
/** ?sample&as=accountant looks at the screens with another job. */
const job = new URLSearchParams(window.location.search).get("as") ?? "approver";
type Answers = Record<string, (args: Record<string, unknown>) => unknown>;

// Every capability may bring its own sample answers.
const all: Answers = {
  "session.open": () => ({ person_id: 1, login: job, title: job, duties: [job], database: "kontor", rehearsal: !window.location.search.includes("production"), now, contract_version: 1, last_event: "1", people: [], accounts }),
  "session.changes": () => ({ last_event: "1", changed: false, now: new Date(Date.parse(now) + performance.now()).toISOString() }),
  ...books,
  ...refunds,
  ...invoices,
};

export function command(name: string, args: Record<string, unknown>): unknown {
  const answer = all[name];
  if (!answer) throw { kind: "bug", reference: name };
  return answer(args);
}
