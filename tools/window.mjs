// Drives Kontor's real window through WebKit's own WebDriver: just enough of the protocol for the tour and
// the measurements, on Node's own fetch, so that `make demo` needs no test dependencies.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname } from "node:path";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const alive = (program) => existsSync(`/proc/${program}/exe`) && !readFileSync(`/proc/${program}/stat`, "utf8").includes(") Z ");
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Starts the program under a driver of its own; `environment` reaches the program. */
export async function openWindow(binary, environment = {}) {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
    env: { ...process.env, ...environment, TAURI_WEBVIEW_AUTOMATION: "true", NO_AT_BRIDGE: "1", MESA_SHADER_CACHE_DISABLE: "true" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const failed = new Promise((_, reject) =>
    driver.once("error", () => reject(new Error("WebKitWebDriver is missing: run tools/setup.sh test"))));
  const window = new KontorWindow(`http://127.0.0.1:${port}`, driver);
  await Promise.race([window.begin(binary), failed]);
  return window;
}

class KontorWindow {
  #base;
  #driver;
  #session = "";

  constructor(base, driver) {
    this.#base = base;
    this.#driver = driver;
  }

  async begin(binary) {
    for (let attempt = 0; ; attempt++) {
      try {
        if ((await (await fetch(`${this.#base}/status`)).json()).value.ready) break;
      } catch (cause) {
        if (attempt > 100) throw cause;
      }
      await pause(50);
    }
    const options = { "webkitgtk:browserOptions": { binary, args: [] } };
    const answer = await this.#post(`${this.#base}/session`, { capabilities: { alwaysMatch: options } });
    this.#session = `${this.#base}/session/${answer.sessionId}`;
  }

  async #post(address, body) {
    return this.#read(await fetch(address, { method: "POST", body: JSON.stringify(body) }));
  }

  async #read(response) {
    const { value } = await response.json();
    if (value?.error) throw new Error(`${value.error}: ${value.message}`);
    return value;
  }

  /** Runs a function body in the page. */
  run(script, ...args) {
    return this.#post(`${this.#session}/execute/sync`, { script, args });
  }

  async find(selector) {
    const found = await this.#post(`${this.#session}/element`, { using: "css selector", value: selector });
    return found[ELEMENT];
  }

  async click(selector) {
    const element = await this.find(selector);
    await this.#post(`${this.#session}/element/${element}/click`, {});
  }

  async type(selector, text) {
    await this.typeInto(await this.find(selector), text);
  }

  async typeInto(element, text) {
    await this.#post(`${this.#session}/element/${element}/value`, { text });
  }

  has(selector) {
    return this.run("return document.querySelector(arguments[0]) !== null", selector);
  }

  /** Waits until the selector matches; says what the page shows when it never does. */
  async wait(selector, seconds = 15, every_ms = 50) {
    const last = Date.now() + seconds * 1000;
    while (!(await this.has(selector))) {
      if (Date.now() > last) {
        const shown = await this.run("return document.body ? document.body.textContent.slice(0, 400) : ''");
        throw new Error(`${selector} did not appear in ${seconds} s; the page shows: ${shown}`);
      }
      await pause(every_ms);
    }
  }

  async resize(width, height) {
    await this.#post(`${this.#session}/window/rect`, { width, height });
  }

  /** The driver waits for the next frame, and a page at rest draws none for five seconds: so it is given something. */
  async screenshot(path) {
    await this.run(`
      let times = 0;
      const draw = () => {
        document.body.style.outline = times % 2 ? "1px solid transparent" : "";
        if (times++ < 40) setTimeout(draw, 25);
      };
      draw();`);
    const png = await this.#read(await fetch(`${this.#session}/screenshot`));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.from(png, "base64"));
  }

  /** Ends the program as a log-out would, so that it can stop its private server: the driver would just kill it. */
  async close() {
    const program = this.program();
    if (program) {
      process.kill(program, "SIGTERM");
      for (let waited = 0; alive(program) && waited < 10_000; waited += 50) await pause(50);
    }
    this.#driver.kill();
  }

  /** The program's process: the driver's only child. */
  program() {
    const children = `/proc/${this.#driver.pid}/task/${this.#driver.pid}/children`;
    return Number(readFileSync(children, "utf8").trim().split(" ")[0]) || null;
  }
}
