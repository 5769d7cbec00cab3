// The one door to the host. Nothing else in the window imports Tauri, so a browser
// (development, Playwright) or a test can stand in by replacing `host` alone.
import { Channel, invoke, isTauri } from "@tauri-apps/api/core";
import { getCurrentWebview } from "@tauri-apps/api/webview";
import type { Commands } from "./bindings";

export type CommandName = keyof Commands;
export type Arguments<K extends CommandName> = Commands[K]["arguments"];
export type Result<K extends CommandName> = Commands[K]["result"];

export type ErrorKind = "rule" | "not_allowed" | "busy" | "offline" | "outdated" | "bug";
export type Detail = Record<string, unknown>;

/** A refusal or a failure, as the core names it. */
export class KontorError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly rule: string | null,
    readonly detail: Detail,
    readonly reference: string | null,
  ) {
    super(rule ?? reference ?? kind);
    this.name = "KontorError";
  }
}

export interface Profile {
  id: string;
  name: string;
  /** `embedded` is the rehearsal database on this computer. */
  kind: "embedded" | "server";
  host: string | null;
  port: number | null;
  database: string | null;
  /** The file of the certificate authority; null means the system's authorities. */
  ca_file: string | null;
  /** Rehearsal only: the people that can be tried, by job. Empty until the books were made once. */
  logins: string[];
  /** Encrypted, and the server's certificate verified; only a server on this computer is reached without. */
  encrypted?: boolean;
  last_login?: string | null;
  /** The system's keychain keeps this person's password. */
  remembers?: boolean;
}

export interface SignedIn {
  login: string;
  profile: Profile;
}

/** What a file's reading has done so far; `phase` "done" ends it. */
export interface ImportProgress {
  phase: "reading" | "staging" | "posting" | "done";
  kind: string | null;
  rows: number;
  total: number | null;
}

/** What can be put on paper. */
export interface PaperRef {
  kind: "invoice" | "refund" | "letter" | "dossier";
  id: string;
}

export interface Printer {
  name: string;
  description: string;
  is_default: boolean;
  accepts_jobs: boolean;
  state: "idle" | "printing" | "stopped";
}

/** What a printer can be told. */
export interface PrinterChoices {
  media: string[];
  trays: string[];
  two_sided: boolean;
}

export type Sides = "one" | "long_edge" | "short_edge";

export interface PrintOptions {
  printer: string;
  copies: number;
  sides: Sides;
  media: string | null;
  tray: string | null;
}

export interface PrintJob {
  printer: string;
  number: number;
}

export type JobState = "waiting" | "held" | "printing" | "stopped" | "cancelled" | "failed" | "printed" | "gone";

interface Host {
  ask(command: string, body: Record<string, unknown>, progress?: (step: unknown) => void): Promise<unknown>;
  onFilesDropped(receive: (paths: string[]) => void): () => void;
}

const tauriHost: Host = {
  ask(command, body, progress) {
    if (!progress) return invoke(command, body);
    const channel = new Channel<unknown>();
    channel.onmessage = progress;
    return invoke(command, { ...body, progress: channel });
  },
  onFilesDropped(receive) {
    const stop = getCurrentWebview().onDragDropEvent((event) => {
      if (event.payload.type === "drop") receive(event.payload.paths);
    });
    return () => void stop.then((off) => off());
  },
};

const bridge: string = import.meta.env.VITE_BRIDGE ?? "http://localhost:1421";

/** Development outside Tauri: the same commands over a bridge on this machine. */
const bridgeHost: Host = {
  async ask(command, body) {
    let response: Response;
    try {
      response = await fetch(`${bridge}/${command}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    } catch {
      throw { kind: "offline" };
    }
    if (response.headers.get("content-type")?.startsWith("application/octet-stream")) {
      return response.arrayBuffer();
    }
    const answer: unknown = await response.json();
    if (!response.ok) throw answer;
    return answer;
  },
  onFilesDropped: () => () => {},
};

let host: Host = isTauri() ? tauriHost : bridgeHost;

/** Tests put a recorded host in place of the real one. */
export function replaceHost(next: Partial<Host>): void {
  host = { ...bridgeHost, ...next };
}

const kinds: ErrorKind[] = ["rule", "not_allowed", "busy", "offline", "outdated", "bug"];

/** Gives whatever the host threw the shape the screens know; anything strange is a bug. */
export function asKontorError(thrown: unknown): KontorError {
  if (thrown instanceof KontorError) return thrown;
  if (thrown && typeof thrown === "object" && "kind" in thrown) {
    const answer = thrown as { kind: string; name?: string; detail?: unknown; reference?: string; holder?: string };
    const kind = kinds.find((known) => known === answer.kind) ?? "bug";
    const detail = answer.detail && typeof answer.detail === "object" ? (answer.detail as Detail) : answer.holder ? { holder: answer.holder } : {};
    return new KontorError(kind, answer.name ?? null, detail, answer.reference ?? null);
  }
  return new KontorError("bug", null, {}, String(thrown));
}

async function ask<T>(
  command: string,
  body: Record<string, unknown> = {},
  progress?: (step: unknown) => void,
): Promise<T> {
  try {
    return (await host.ask(command, body, progress)) as T;
  } catch (thrown) {
    throw asKontorError(thrown);
  }
}

// ---- how far the database is -------------------------------------------------

export interface Distance {
  connected: boolean;
  /** Median of the last calls, in milliseconds; null before the first. */
  median_ms: number | null;
}

const recent: number[] = [];
const watchers = new Set<() => void>();
let distance: Distance = { connected: true, median_ms: null };

function note(connected: boolean, elapsed?: number): void {
  if (elapsed !== undefined) {
    recent.push(elapsed);
    if (recent.length > 9) recent.shift();
  }
  const sorted = [...recent].sort((a, b) => a - b);
  const median = sorted.length ? Math.max(1, Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0)) : null;
  if (distance.connected === connected && distance.median_ms === median) return;
  distance = { connected, median_ms: median };
  watchers.forEach((tell) => tell());
}

export const connection = {
  now: (): Distance => distance,
  watch(tell: () => void): () => void {
    watchers.add(tell);
    return () => watchers.delete(tell);
  },
};

// ---- the commands of the database --------------------------------------------

export async function call<K extends CommandName>(name: K, args: Arguments<K>): Promise<Result<K>> {
  const started = performance.now();
  try {
    const answer = await ask<Result<K>>("call", { name, arguments: args });
    note(true, performance.now() - started);
    return answer;
  } catch (thrown) {
    const error = asKontorError(thrown);
    note(error.kind !== "offline");
    throw error;
  }
}

// ---- what touches the machine ------------------------------------------------

export const profiles = () => ask<Profile[]>("profiles");
export const saveProfile = (profile: Profile) => ask<Profile[]>("save_profile", { profile });
export const removeProfile = (id: string) => ask<Profile[]>("remove_profile", { id });

/** The first sign-in to the rehearsal makes the books, which takes a while and says how far it is. */
export interface StartProgress {
  phase: "starting" | "waiting" | "migrating" | "loading" | "finishing";
  done: number;
  total: number;
  /** The day that the books have reached. */
  on: string | null;
}

type Watch = (step: StartProgress) => void;

export const signIn = (profile: string, login: string, password: string, remember: boolean, onProgress: Watch) =>
  ask<SignedIn>("sign_in", { profile, login, password, remember }, (step) => onProgress(step as StartProgress));
/** Who is signed in already, so that a reload of the window does not ask again. */
export const signedIn = (onProgress: Watch) => ask<SignedIn | null>("signed_in", {}, (step) => onProgress(step as StartProgress));
/** Stops the making of the rehearsal's books; the sign-in that waits for them is refused. */
export const stopOpening = () => ask<null>("stop_opening");
/** The person at the desk gives their password once more; Postgres checks it. Counts for some minutes. */
export const stepUp = (commandId: string, password: string) => ask<{ until_at: string; minutes: number }>("step_up", { commandId, password });
export const signOut = () => ask<null>("sign_out");

export type FilePurpose = "import" | "attachment" | "tax_list" | "certificate";
/** Opens the system's dialog; an empty answer means it was closed. */
export const pickFiles = (purpose: FilePurpose) => ask<string[]>("pick_files", { purpose });

export const importFile = (path: string, onProgress: (step: ImportProgress) => void) =>
  ask<unknown>("import_file", { path }, (step) => onProgress(step as ImportProgress));

export const cancelImport = () => ask<null>("cancel_import");

export interface Subject {
  kind: string;
  id: string;
}

/** When a paper was received, where that is not now, and from whom where no step of the case says it. */
export interface Origin {
  received_at?: string | null;
  party?: "third_party" | "holder" | null;
}

export const attachFile = (commandId: string, subject: Subject, path: string, origin: Origin = {}) => ask<unknown>("attach_file", { path, subject, commandId, origin });

export const attachBytes = (commandId: string, subject: Subject, name: string, bytes: Uint8Array, origin: Origin = {}) =>
  ask<unknown>("attach_bytes", { name, base64: toBase64(bytes), subject, commandId, origin });

/** The picture in the clipboard, where the page's own paste event does not carry it; empty when there is none. */
export const clipboardPicture = async () => toBytes((await ask<ArrayBuffer | number[] | null>("clipboard_picture")) ?? []);

export const attachmentBytes = async (id: string) =>
  toBytes(await ask<ArrayBuffer | number[]>("attachment_bytes", { id }));

/** One thing inside a paper. */
export interface PaperPart {
  index: number;
  name: string;
  size_bytes: number;
  /** Locked with a password. */
  locked: boolean;
}

/** What a paper, or a part of it, is and holds. */
export interface Inside {
  name: string;
  media_type: string;
  contents:
    | { kind: "letter"; from: string; to: string; cc: string; sent_at: string | null; subject: string; text: string; from_page: boolean; remote: boolean; parts: PaperPart[] }
    | { kind: "archive"; parts: PaperPart[]; more: number }
    | { kind: "single" };
}

/** Looks into an attachment; `path` leads to a part of it. */
export const lookInside = (id: string, path: number[]) => ask<Inside>("look_inside", { id, path });
export const partBytes = async (id: string, path: number[]) => toBytes(await ask<ArrayBuffer | number[]>("part_bytes", { id, path }));

export const paperPdf = async (paper: PaperRef) => toBytes(await ask<ArrayBuffer | number[]>("paper_pdf", { ...paper }));

/** A letter of a case as it would be now, or a text that is being tried: its pages as a draft. */
export type LetterWanted = { kind: string; language: string } & ({ subject_id: string } | { title: string; brief: string; body: string });
export const letterDraft = async (wanted: LetterWanted) => toBytes(await ask<ArrayBuffer | number[]>("letter_draft", { wanted }));
/** An issued letter as a file that a mail program opens. */
export const letterMail = async (id: string) => toBytes(await ask<ArrayBuffer | number[]>("letter_mail", { id }));

/** An exported batch of refund instructions: as its provider takes it, or as CSV for any other program. */
export type PayoutFileKind = "provider" | "csv";
export const payoutFile = async (commandId: string, batchId: string, kind: PayoutFileKind) => toBytes(await ask<ArrayBuffer | number[]>("payout_file", { commandId, batchId, kind }));

export interface PayoutResult {
  refund_no: string;
  result: "accepted" | "failed" | "unknown";
  reason: string | null;
}
/** A provider's answers, read from its file and not recorded yet. */
export const payoutResults = (path: string) => ask<PayoutResult[]>("payout_results", { path });

/** Asks where to, and answers with the path, or null when the dialog was closed. */
export const saveFile = (name: string, bytes: Uint8Array) =>
  ask<string | null>("save_file", { name, base64: toBase64(bytes) });

/** A list as a file: the list's command with the arguments of the screen, and words for the codes of its columns. */
export interface ExportOf {
  command_id: string;
  list: CommandName;
  arguments: Record<string, unknown>;
  format: "csv" | "xlsx";
  language: "en" | "zh-CN";
  words: Record<string, Record<string, string>>;
}
export interface Exported {
  path: string;
  rows: number;
}
/** Asks where to, and writes page by page; null when the dialog was closed. */
export const exportList = (name: string, wanted: ExportOf, onProgress: (rows: number) => void) =>
  ask<Exported | null>("export_list", { name, wanted }, (step) => onProgress((step as { rows: number }).rows));
export const cancelExport = () => ask<null>("cancel_export");

/** How far a run is: papers of this call. */
export interface RunProgress {
  issued: number;
  refused: number;
  busy: number;
}
/** Issues what waits in a run; `cancelExport` stops it between two papers. */
export const issueRun = (runId: string, onProgress: (step: RunProgress) => void) => ask<RunProgress>("issue_run", { runId }, (step) => onProgress(step as RunProgress));
/** Papers that leave or are printed together: a run's, or those picked from the list. */
export type PapersOf = { run_id: string } | { invoice_ids: string[] };
/** Asks where to, and writes papers as one PDF or as an archive; null when the dialog was closed. */
export const savePapers = (papers: PapersOf, shape: "merged" | "zip", name: string, onProgress: (papers: number) => void) =>
  ask<{ path: string; papers: number } | null>("save_papers", { papers, shape, name }, (written) => onProgress(written as number));

/** The workbook of a sheet for the tax platform. */
export const taxSheetFile = async (commandId: string, sheetId: string) => toBytes(await ask<ArrayBuffer | number[]>("tax_sheet_file", { commandId, sheetId }));
export const taxImportList = (commandId: string, path: string) => ask<Result<"tax.import_list">>("tax_import_list", { commandId, path });
/** What became of a file of the tax platform that was dropped on the window. */
export interface DroppedInvoice {
  file: string;
  verdict: "attached" | "unknown" | "ambiguous" | "total_differs" | "refused";
  number: string | null;
  official_number: string | null;
  rule: string | null;
}
export const taxAttach = (path: string) => ask<DroppedInvoice>("tax_attach", { path });

/** How far a print queue came: `stopped` asks for the last good sheet. */
export interface QueueProgress {
  printed: number;
  stopped: boolean;
}
export const printQueue = (batchId: string, onProgress: (step: QueueProgress) => void) => ask<QueueProgress>("print_queue", { batchId }, (step) => onProgress(step as QueueProgress));
export const printLabels = async (invoiceIds: string[]) => toBytes(await ask<ArrayBuffer | number[]>("print_labels", { invoiceIds }));
/** A template drawn as its papers will be; pictures in base64. */
export const templateSpecimen = async (seller: Record<string, string | null>, currency: string, logo: string | null, seal: string | null) =>
  toBytes(await ask<ArrayBuffer | number[]>("template_specimen", { seller, currency, logo, seal }));
/** Reads a file of requests for invoices; each row is taken or refused by name. */
export const takeRequests = (commandId: string, path: string) => ask<Result<"invoices.take_requests">>("take_requests", { commandId, path });
/** The structured twins that travel in a paper in another currency. */
export const paperTwins = async (id: string) => (await ask<{ name: string; base64: string }[]>("paper_twins", { id })).map((twin) => ({ name: twin.name, bytes: fromBase64(twin.base64) }));

export const printers = () => ask<Printer[]>("printers");
export const printerChoices = (printer: string) => ask<PrinterChoices>("printer_choices", { printer });
/** One job for each copy that says which it is; none when the system's viewer has the paper. */
export const printPaper = (paper: PaperRef, wanted: PrintOptions) => ask<PrintJob[]>("print_paper", { ...paper, wanted });
export const jobState = (job: PrintJob) => ask<JobState>("job_state", { job });
export const cancelJob = (job: PrintJob) => ask<null>("cancel_job", { job });
/** A desktop notification, and the number on the icon, where the desktop has them. */
export const sayAloud = (title: string, body: string) => ask<null>("say_aloud", { title, body });
export const setBadge = (count: number) => ask<null>("set_badge", { count });
export const revealPath = (path: string) => ask<null>("reveal_path", { path });
export const onFilesDropped = (receive: (paths: string[]) => void) => host.onFilesDropped(receive);

function toBytes(answer: ArrayBuffer | number[]): Uint8Array {
  return answer instanceof ArrayBuffer ? new Uint8Array(answer) : Uint8Array.from(answer);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In slices, because one spread over a large file overflows the stack.
  for (let at = 0; at < bytes.length; at += 0x8000) {
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  }
  return btoa(text);
}

// ---- ids ---------------------------------------------------------------------

/** A UUIDv7. Made when a form opens and kept across retries, so a lost answer can be asked again. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let milliseconds = Date.now();
  for (let at = 5; at >= 0; at--) {
    bytes[at] = milliseconds % 256;
    milliseconds = Math.floor(milliseconds / 256);
  }
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
