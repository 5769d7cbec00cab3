// Walks every screen of the window, in both languages and both colour schemes, and leaves a picture of each.
//   node tools/tour.mjs PROGRAM FOLDER
// The program must find a prepared rehearsal; it signs in as KONTOR_SIGN_IN.
import { rm } from "node:fs/promises";
import { openWindow, pause } from "./window.mjs";

const [program = "target/debug/kontor-desktop", folder = "target/tour"] = process.argv.slice(2);
const LANGUAGES = ["en", "zh"];
const SCHEMES = ["light", "dark"];
const READY = (screen) => `[data-testid="screen-${screen}"][data-ready="true"]`;

const started = Date.now();
const window = await openWindow(program, { KONTOR_SIGN_IN: process.env.KONTOR_SIGN_IN ?? "approver" });
const problems = [];
try {
  await rm(folder, { recursive: true, force: true });
  await window.resize(1440, 900);
  await window.wait(READY("today"), 90);
  console.log(`tour: first screen with data after ${((Date.now() - started) / 1000).toFixed(1)} s`);
  const screens = await window.run(
    `return [...document.querySelectorAll('[data-testid^="nav-"]')].map((entry) => entry.dataset.testid.slice(4))`,
  );
  for (const scheme of SCHEMES) {
    await setScheme(scheme);
    for (const language of LANGUAGES) {
      await window.click(`[data-testid="language-${language}"]`);
      for (const screen of screens) await visit(screen, `${language}-${scheme}`);
    }
  }
  // What was tried on is put back: the window remembers both.
  await setScheme("system");
  await window.click('[data-testid="language-en"]');
} catch (cause) {
  problems.push(cause.message);
  await window.screenshot(`${folder}/stopped-here.png`).catch(() => {});
} finally {
  await window.close();
}
for (const problem of problems) console.error(`tour: ${problem}`);
console.log(`tour: pictures are in ${folder}`);
process.exit(problems.length ? 1 : 0);

async function setScheme(scheme) {
  await window.click('[data-testid="person"]');
  await window.wait(`[data-testid="theme-${scheme}"]`, 5);
  await window.click(`[data-testid="theme-${scheme}"]`);
}

async function visit(screen, variant) {
  try {
    await window.click(`[data-testid="nav-${screen}"]`);
    await window.wait(READY(screen));
    await settle();
    await window.screenshot(`${folder}/${variant}/${screen}.png`);
    await openFirst(screen, variant);
  } catch (cause) {
    problems.push(`${screen} (${variant}): ${cause.message}`);
  }
}

/** The first row of a list, where it opens a page of its own. */
async function openFirst(screen, variant) {
  if (!(await window.has('[data-testid$="-row"]'))) return;
  await window.click('[data-testid$="-row"]');
  await pause(200);
  const parts = (await window.run("return location.hash")).split("?")[0].split("/");
  if (parts.length < 3) return;
  await window.wait('[data-testid^="screen-"][data-ready="true"]');
  await settle();
  await window.screenshot(`${folder}/${variant}/${screen}-one.png`);
}

/** Fonts arrive after the first paint; a picture taken before them shows the wrong widths. */
async function settle() {
  await window.run("return document.fonts.status");
  await pause(150);
}
