// Measures a built window: process start to the first screen with data, and the memory of all its processes.
//   node tools/measure.mjs PROGRAM [RUNS]
// The program must find a prepared rehearsal; it signs in as KONTOR_SIGN_IN.
import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { openWindow, pause } from "./window.mjs";

const [program = "target/release/kontor-desktop", runs = "5"] = process.argv.slice(2);
const FIRST_SCREEN = '[data-testid="screen-today"][data-ready="true"]';
const TICKS = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

const starts = [];
let memory = null;
for (let run = 0; run < Number(runs); run++) {
  const window = await openWindow(program, { KONTOR_SIGN_IN: process.env.KONTOR_SIGN_IN ?? "approver" });
  await window.wait(FIRST_SCREEN, 60, 10);
  starts.push(Date.now() - startedAt(window.program()));
  await window.resize(1440, 900);
  await pause(3000); // fonts, the second screenful, and the garbage of starting up
  memory = pssByName(window.program());
  await window.close();
}
starts.sort((a, b) => a - b);
const total = Object.values(memory).reduce((sum, kilobytes) => sum + kilobytes, 0);
console.log(`start to first screen with data: median ${starts[starts.length >> 1]} ms of ${starts.join(", ")}`);
console.log(`memory (PSS): ${mega(total)} in all: ${Object.entries(memory).map(([name, size]) => `${name} ${mega(size)}`).join(", ")}`);

function mega(kilobytes) {
  return `${(kilobytes / 1024).toFixed(0)} MB`;
}

/** When the process began, in milliseconds since 1970: the kernel knows, to a hundredth of a second. */
function startedAt(pid) {
  const booted = Number(/^btime (\d+)$/m.exec(readFileSync("/proc/stat", "utf8"))[1]);
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  const ticks = Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ")[19]);
  // btime is whole seconds; the clock minus the uptime is finer.
  const boot = Math.abs(Date.now() - uptime * 1000 - booted * 1000) < 2000 ? Date.now() - uptime * 1000 : booted * 1000;
  return boot + (ticks / TICKS) * 1000;
}

/** Proportional memory of a process, its descendants, and the private server it started (which is nobody's child). */
function pssByName(root) {
  const processes = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap(describe);
  const wanted = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const one of processes) {
      const belongs = wanted.has(one.parent) || (one.name === "postgres" && one.home.startsWith(process.env.KONTOR_HOME ?? "-"));
      if (belongs && !wanted.has(one.pid)) grown = wanted.add(one.pid);
    }
  }
  const sizes = {};
  for (const one of processes.filter((one) => wanted.has(one.pid))) sizes[one.name] = (sizes[one.name] ?? 0) + one.pss;
  return sizes;
}

function describe(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const name = /\((.*)\)/.exec(stat)[1];
    const parent = Number(stat.replace(/^.*\) /, "").split(" ")[1]);
    const home = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[2] ?? "";
    const pss = Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    return [{ pid: Number(pid), name, parent, home, pss }];
  } catch {
    return []; // it ended meanwhile, or it is not ours to look at
  }
}
