// Measures the ledger in the real window: from a key press to painted rows, blank frames while scrolling, and memory.
//   node tools/keypress.mjs PROGRAM HOME DATABASE [PRESSES]
// HOME is the folder of a running private server with large books (kontor bench --keep HOME; kontor --home HOME db start).
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWindow, pause } from "./window.mjs";

const [program, home, database, presses = "50"] = process.argv.slice(2);
const LOGIN = "accountant";
const GRID = '[data-testid="screen-ledger"] [role="grid"]';
const READY = '[data-testid="screen-ledger"][data-ready="true"] [data-testid="ledger-row"]';
/** Keys as WebDriver writes them. */
const KEYS = { PageDown: "\uE00F", End: "\uE010", Home: "\uE011", Enter: "\uE007" };

/** In the page: a press begins at its keydown; it is done when other rows are painted. */
const WATCH = `
  const rows = () => [...document.querySelectorAll('[data-testid="ledger-row"]')];
  const grid = () => document.querySelector('${GRID}');
  window.shownRows = () => {
    const box = grid()?.getBoundingClientRect();
    const inside = box ? rows().filter((row) => { const r = row.getBoundingClientRect(); return r.bottom > box.top + 40 && r.top < box.bottom; }) : [];
    const top = inside.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)[0];
    return (top?.textContent ?? '') + '|' + document.querySelector('[data-testid="screen-ledger"]')?.dataset.ready + '|' + (grid()?.getAttribute('aria-rowcount') ?? '');
  };
  // A frame is blank where the list has rows and shows none under the middle of its window.
  const blank = () => {
    const box = grid()?.getBoundingClientRect();
    if (!box || rows().length === 0) return false;
    const under = document.elementFromPoint(box.left + 60, box.top + box.height / 2);
    const filled = Number(grid().getAttribute('aria-rowcount')) * rows()[0].getBoundingClientRect().height > box.height;
    return filled && !under?.closest('[data-testid="ledger-row"]');
  };
  window.press = null;
  window.frames = { all: 0, blank: 0, begun: performance.now() };
  const frame = (now) => {
    window.frames.all++;
    if (blank()) window.frames.blank++;
    const press = window.press;
    if (press && press.took === null) {
      const shown = window.shownRows();
      // This frame draws what is there now; the next one begins when it is painted.
      if (press.seen) press.took = performance.now() - press.begun;
      else if (press.begun !== null && shown !== press.before && shown.includes('|true|') && rows().length > 0) press.seen = true;
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  addEventListener('keydown', () => { if (window.press && window.press.begun === null) window.press.begun = performance.now(); }, true);
`;

const settings = mkdtempSync(join(tmpdir(), "kontor-keypress-"));
const logins = JSON.parse(readFileSync(join(home, "logins.json"), "utf8"));
const socket = realpathSync(join(home, "run"));
writeFileSync(join(settings, "profiles.json"), JSON.stringify([{ id: "books", name: "books", kind: "server", host: socket, port: 5432, database }]));
const folders = Object.fromEntries(["CACHE", "CONFIG", "DATA"].map((name) => [`XDG_${name}_HOME`, join(settings, name)]));
const window = await openWindow(program, { ...folders, KONTOR_CONFIG: settings, KONTOR_SIGN_IN: "" });
try {
  await window.resize(1440, 900);
  await signIn();
  await window.run("location.hash = '/ledger'");
  await window.wait(READY, 60);
  await window.run(WATCH);
  // The first press only moves the cursor down the rows that are shown already.
  await window.typeInto(await window.find(GRID), KEYS.PageDown);
  await pause(500);
  const before = memory();
  await report("PageDown", Number(presses), () => press(GRID, KEYS.PageDown));
  const [all, blank, rate] = await window.run(
    "const { all, blank, begun } = window.frames; return [all, blank, (all * 1000) / (performance.now() - begun)]",
  );
  let end = false;
  await report("End and Home", Math.ceil(Number(presses) / 5), () => press(GRID, (end = !end) ? KEYS.End : KEYS.Home));
  await window.run("location.hash = '/ledger'");
  await window.wait(READY, 30);
  const kinds = ["recharge", "usage", "refund_paid", "refund_hold", "gift_void"];
  let turn = 0;
  await report("a filter", Math.ceil(Number(presses) / 5), () => pickKind(kinds[turn++ % kinds.length]));
  console.log(`blank frames while paging: ${blank} of ${all}, at ${rate.toFixed(0)} frames a second`);
  console.log(`memory of the window's page: ${mega(before)} before, ${mega(memory())} after`);
} catch (cause) {
  await window.screenshot("target/keypress-stopped.png").catch(() => {});
  console.error(cause.message);
  process.exitCode = 1;
} finally {
  await window.close();
  rmSync(settings, { recursive: true, force: true });
}

async function signIn() {
  await window.wait('[data-testid="profile-books"]', 60);
  await window.click('[data-testid="profile-books"]');
  await window.type('[data-testid="login"]', LOGIN);
  await window.type('[data-testid="password"]', logins[LOGIN]);
  await window.click('[data-testid="sign-in-submit"]');
  await window.wait('[data-testid="screen-today"]', 60);
}

/** Sends one key to an element, and returns the milliseconds until other rows were painted. */
async function press(selector, key) {
  const element = await window.find(selector);
  await window.run("window.press = { begun: null, before: window.shownRows(), seen: false, took: null }");
  await window.typeInto(element, key);
  for (const last = Date.now() + 15_000; ; ) {
    const took = await window.run("return window.press.took");
    if (took !== null) return took;
    if (Date.now() > last) throw new Error(`no other rows after a key on ${selector}`);
    await pause(15);
  }
}

/** Chooses a kind with the keyboard: the list of kinds is open, and Enter takes the one in focus. */
async function pickKind(kind) {
  const at = await window.run("return location.hash.match(/kind=([a-z_]+)/)?.[1] ?? null");
  if (at === kind) return null;
  await window.click('[data-testid="filter-kind"]');
  await window.wait('[role="listbox"] [role="option"]', 5);
  const order = ["recharge", "usage", "credit_back", "suspense", "suspense_cleared", "provider_fee", "refund_hold", "refund_hold_released", "refund_released", "refund_paid", "gift_void"];
  await window.run("const option = document.querySelectorAll('[role=\"listbox\"] [role=\"option\"]')[arguments[0]]; option.id = 'wanted-kind'; option.focus()", order.indexOf(kind));
  return press("#wanted-kind", KEYS.Enter);
}

async function report(what, times, once) {
  const took = [];
  while (took.length < times) {
    const one = await once();
    if (one !== null) took.push(one);
  }
  took.sort((a, b) => a - b);
  const at = (part) => took[Math.min(took.length - 1, Math.floor(took.length * part))].toFixed(0);
  console.log(`${what}: median ${at(0.5)} ms, 95 in a hundred within ${at(0.95)} ms, worst ${at(1)} ms, of ${took.length} presses`);
}

/** Resident kilobytes of the page's own process: the largest WebKit one under the program. */
function memory() {
  const parents = new Map(readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      return [[Number(pid), { parent: Number(stat.replace(/^.*\) /, "").split(" ")[1]), name: /\((.*)\)/.exec(stat)[1] }]];
    } catch {
      return [];
    }
  }));
  const root = window.program();
  const ours = (pid) => pid === root || (parents.has(pid) && pid > 1 && ours(parents.get(pid).parent));
  const sizes = [...parents].filter(([pid, { name }]) => name.startsWith("WebKitWebProces") && ours(pid)).map(([pid]) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0));
  return Math.max(0, ...sizes);
}

function mega(kilobytes) {
  return `${(kilobytes / 1024).toFixed(0)} MB`;
}
