import type { CommandName } from "../bindings";
import { invoicePdf } from "./page";
import { answer, recorded } from "./recorded";

/** ?sample&as=accountant looks at the screens with another job. */
const job = new URLSearchParams(window.location.search).get("as") ?? "approver";

/** The recorded session, opened by one of its people. */
export function sessionOf(login: string) {
  const session = recorded("session.open");
  const person = session.people.find((one) => one.login === login);
  if (!person) throw new Error(`nobody signs in as ${login}`);
  return { ...session, login, person_id: person.id, title: person.title, duties: person.duties };
}

const rehearsal = {
  id: "rehearsal",
  name: "",
  kind: "embedded",
  host: null,
  port: null,
  database: null,
  ca_file: null,
  logins: recorded("session.open").people.map((one) => one.login),
};
const server = { ...rehearsal, id: "p1", name: "finance-db", kind: "server", host: "finance-db.example", port: 5432, database: "kontor", logins: [] };

let read = 0;
/** Files take a moment and end in turn as posted, as posted again, and refused. */
async function importFile(): Promise<unknown> {
  const turn = read++ % 3;
  await new Promise((resolve) => setTimeout(resolve, turn === 2 ? 300 : 100));
  if (turn === 2) throw { kind: "rule", name: "file_totals_disagree", detail: { line: 184, column: "合计", expected: "48210.00", found: "48209.00" } };
  return { ...recorded("imports.list")[0], repeated: turn === 1 };
}

/** What the machine answers: no database knows it. */
export function host(command: string): unknown {
  const who = { login: job, profile: rehearsal };
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
    case "step_up":
      return { until_at: recorded("session.open").now, minutes: 5 };
    case "payout_file":
      return new ArrayBuffer(8);
    case "paper_pdf":
    case "letter_draft":
    case "letter_mail":
      return invoicePdf();
    case "printers":
      return ["HP-LaserJet-4F", "PDF"].map((name) => ({ name, description: name, is_default: name === "PDF", accepts_jobs: true, state: "idle" }));
    case "printer_choices":
      return { media: ["A4", "A5"], trays: [], two_sided: true };
    case "print_paper":
      return [{ printer: "PDF", number: 7 }];
    case "say_aloud":
    case "set_badge":
      return null;
    case "job_state":
      return "printed";
    case "save_file":
      return "/home/finance/STM-2026-000190.pdf";
    default:
      return null;
  }
}

/** What the database answers, from the recordings. */
export function command(name: string, args: Record<string, unknown>, login = job): unknown {
  if (name === "session.open") return { ...sessionOf(login), rehearsal: !window.location.search.includes("production") };
  if (name === "session.changes") {
    const { now, last_event } = recorded("session.open");
    return { last_event, changed: false, now: new Date(Date.parse(now) + performance.now()).toISOString() };
  }
  return answer(name as CommandName, args, login);
}
