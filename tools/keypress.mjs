// Measures the ledger in the real window: from a key press to painted rows, blank frames while scrolling, and memory.
//   node tools/keypress.mjs PROGRAM HOME DATABASE [PRESSES]
// HOME is the folder of a running private server with large books (kontor bench --keep HOME; kontor --home HOME db start).
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { openWindow, pause } from "./window.mjs";

const [program, home, database, presses = "50"] = process.argv.slice(2);
const LOGIN = "accountant";
const GRID = '[data-testid="screen-ledger"] [role="grid"]';
const READY = '[data-testid="screen-ledger"][data-ready="true"] [data-testid="ledger-row"]';
/** Keys as WebDriver writes them. */
const KEYS = { PageDown: "\uE00F", PageUp: "\uE00E", End: "\uE010", Home: "\uE011", Enter: "\uE007" };

/**
 * In the page. A press begins at its keydown; it is done when the frame with other rows is painted, which is when the
 * next one begins. Between two presses nothing runs, and of a frame only three edges are looked at, so that the
 * measure measures the list and not itself.
 */
const WATCH = `
  const grid = () => document.querySelector('${GRID}');
  const first = () => grid().querySelector('[data-testid="ledger-row"]');
  const shown = () => {
    const ready = document.querySelector('[data-testid="screen-ledger"]').dataset.ready;
    return [ready, grid().scrollTop, first()?.textContent, grid().querySelector('[data-active]')?.textContent].join('|');
  };
  // Rows reach from the head to the foot of the list, or the list is shorter than its place.
  const filled = () => {
    const top = first();
    if (!top) return false;
    const box = grid().getBoundingClientRect();
    const rows = top.parentElement;
    const from = top.getBoundingClientRect().top, until = rows.lastElementChild.getBoundingClientRect().bottom;
    const atTop = grid().scrollTop < 2, atEnd = grid().scrollTop + grid().clientHeight > grid().scrollHeight - 60;
    return (atTop || from <= box.top + 33) && (atEnd || until >= box.bottom - 2);
  };
  window.press = null;
  window.done = null;
  const look = () => {
    const press = window.press;
    if (press.painted) {
      window.done = performance.now() - press.begun;
      window.press = null;
      return;
    }
    press.painted = grid() !== null && first() !== null && shown() !== press.before && shown().startsWith('true|') && filled();
    requestAnimationFrame(look);
  };
  addEventListener('keydown', () => {
    if (!window.press || window.press.begun) return;
    window.press = { begun: performance.now(), before: shown(), painted: false };
    requestAnimationFrame(look);
  }, true);
  // While it scrolls, every frame is looked at.
  window.watchFrames = () => {
    const seen = { frames: 0, blank: 0, begun: performance.now(), longest: 0, on: true };
    window.seen = seen;
    let last = seen.begun;
    const frame = (now) => {
      seen.frames++;
      if (!filled()) seen.blank++;
      seen.longest = Math.max(seen.longest, now - last);
      last = now;
      if (seen.on) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  };
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
  const weighed = [await weigh()];
  await report("PageDown", Number(presses), () => press(GRID, KEYS.PageDown));
  weighed.push(await weigh());
  await scroll("scrolling down, 120 points each 16 ms", () => roll(120));
  await scroll("scrolling up", () => roll(-120));
  // A press is fifteen lines; so many are some seventy pages from the database, and the list keeps a stretch of them.
  for (const way of ["Next", "Next", "Prior"]) {
    await scroll(way === "Next" ? "500 times PageDown, thirty a second" : "500 times PageUp", () => type(way, 500));
    weighed.push(await weigh());
  }
  let end = false;
  await report("End and Home", Math.ceil(Number(presses) / 5), () => press(GRID, (end = !end) ? KEYS.End : KEYS.Home));
  await window.run("location.hash = '/ledger'");
  await window.wait(READY, 30);
  const kinds = ["recharge", "usage", "refund_paid", "refund_hold", "gift_void"];
  let turn = 0;
  await report("a filter", Math.ceil(Number(presses) / 5), () => pickKind(kinds[turn++ % kinds.length]));
  console.log(`memory of the window's page, in MB: ${weighed.join(", ")} (before, after ${presses} presses, after 500, 1,000, and 500 back)`);
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
  await window.run("window.done = null; window.press = { begun: 0 }");
  await window.typeInto(element, key);
  for (const last = Date.now() + 15_000; ; ) {
    await pause(40);
    const took = await window.run("return window.done");
    if (took !== null) return took;
    if (Date.now() > last) throw new Error(`no other rows after a key on ${selector}`);
  }
}

/** Real keys of the display, thirty a second. */
function type(key, times) {
  const typed = spawnSync("xdotool", ["key", "--delay", "33", ...Array(times).fill(key)]);
  if (typed.status !== 0) throw new Error("xdotool is missing: run tools/setup.sh test");
}

/** As a wheel that is turned for five seconds: a driven window hears no wheel, but the list cannot tell. */
async function roll(by) {
  await window.run(
    `const timer = setInterval(() => grid().scrollBy(0, ${by}), 16); setTimeout(() => clearInterval(timer), 5000)`.replaceAll("grid()", `document.querySelector('${GRID}')`),
  );
  await pause(5000);
}

/** Says how many frames had a hole where rows belong while something moves the list. */
async function scroll(what, move) {
  await window.run("window.watchFrames()");
  const spent = processorTime();
  await move();
  await pause(500);
  const [frames, blank, seconds, longest, at] = await window.run(
    `const s = window.seen; s.on = false; return [s.frames, s.blank, (performance.now() - s.begun) / 1000, s.longest, document.querySelector('${GRID} [data-testid="ledger-row"]').textContent]`,
  );
  const journal = /[J第]\D?(\d+)/.exec(at)?.[1] ?? "";
  console.log(`${what}: ${blank} blank of ${frames} frames, ${(frames / seconds).toFixed(0)} a second, the longest ${longest.toFixed(0)} ms, ${((processorTime() - spent) / frames).toFixed(1)} ms of processor each${journal && `; at journal ${journal}`}`);
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
  const spent = processorTime();
  while (took.length < times) {
    const one = await once();
    if (one !== null) took.push(one);
  }
  const each = (processorTime() - spent) / took.length;
  took.sort((a, b) => a - b);
  const at = (part) => took[Math.min(took.length - 1, Math.floor(took.length * part))].toFixed(0);
  console.log(`${what}: median ${at(0.5)} ms, 95 in a hundred within ${at(0.95)} ms, worst ${at(1)} ms, of ${took.length} presses; ${each.toFixed(0)} ms of processor each, load ${loadavg()[0].toFixed(1)}`);
}

/** The page's own process: the largest WebKit one under the program. */
function page() {
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
  const resident = (pid) => Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0);
  const pages = [...parents].filter(([pid, { name }]) => name.startsWith("WebKitWebProces") && ours(pid)).map(([pid]) => ({ pid, kilobytes: resident(pid) }));
  return pages.sort((a, b) => b.kilobytes - a.kilobytes)[0];
}

/** Megabytes of the page at rest. */
async function weigh() {
  await pause(3000);
  return (page().kilobytes / 1024).toFixed(0);
}

/** Milliseconds of a core that the page's process has taken so far; a busy machine changes them least. */
function processorTime() {
  const words = readFileSync(`/proc/${page().pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
  return (Number(words[11]) + Number(words[12])) * 10;
}
