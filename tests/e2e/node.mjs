// SPDX-License-Identifier: Apache-2.0
// A node on temporary data for one test file: started, waited for, stopped by its pid, its data removed.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BIN = process.env.VG_BIN;
const READY_MS = 30_000;
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

function freePort() {
  return new Promise((done, fail) => {
    const s = createServer();
    s.on("error", fail);
    s.listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });
}

// DATA/demo-logins.txt: a line each, "login password what they are"; the rest is for people.
function readLogins(file) {
  const logins = {};
  for (const line of readFileSync(file, "utf8").split("\n")) {
    const [login, password, ...role] = line.trim().split(/\s+/);
    if (password && /^[a-z][\w.-]*$/.test(login)) {
      logins[login] = { login, password, role: role.join(" ") };
    }
  }
  return logins;
}

async function until(what, ms, test) {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    if (await test()) {
      return;
    }
    await sleep(100);
  }
  throw new Error(`${what}: not within ${ms} ms`);
}

// Stops a child and waits for its end; a child that ignores the request is killed and the test told.
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await ended;
  clearTimeout(late);
}

function initDemo(data, profile) {
  const made = spawnSync(BIN, ["init", "--data", data, "--demo", "--profile", profile], { encoding: "utf8" });
  if (made.status !== 0) {
    throw new Error(`init: ${made.status}\n${made.stdout}${made.stderr}`);
  }
}

export async function startNode({ simulate = 0, seed = 1, profile = "federated" } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "vonggac-e2e-"));
  const data = join(folder, "data");
  const ready = join(process.env.VG_DEMO ?? "", profile);
  if (process.env.VG_DEMO && existsSync(ready)) {
    cpSync(ready, data, { recursive: true });
  } else {
    initDemo(data, profile);
  }
  const [http, https, dc09] = [await freePort(), await freePort(), await freePort()];
  const log = openSync(join(folder, "serve.log"), "a");
  const serve = spawn(BIN, ["serve", "--data", data, "--http", `127.0.0.1:${http}`, "--https", `127.0.0.1:${https}`,
    "--dc09", `127.0.0.1:${dc09}`, "--device", "127.0.0.1:0"], { stdio: ["ignore", log, log] });
  const base = `http://127.0.0.1:${http}`;
  const readLog = () => readFileSync(join(folder, "serve.log"), "utf8");
  let sim = null;
  const stop = async () => {
    if (sim) {
      await end(sim);
    }
    await end(serve);
    rmSync(folder, { recursive: true, force: true });
    if (serve.signalCode) {
      throw new Error(`the node ended by ${serve.signalCode}`);
    }
  };
  try {
    await until("/readyz", READY_MS, async () => {
      if (serve.exitCode !== null) {
        throw new Error(`the node ended: ${serve.exitCode}\n${readLog()}`);
      }
      return fetch(`${base}/readyz`).then((r) => r.ok, () => false);
    });
  } catch (e) {
    await stop().catch(() => {});
    throw e;
  }
  const startSimulator = (speed) => {
    sim = spawn(BIN, ["simulate", "--data", data, "--speed", String(speed), "--seed", String(seed)], { stdio: ["ignore", log, log] });
    return sim;
  };
  if (simulate) {
    startSimulator(simulate);
  }
  const stopSimulator = async () => {
    if (sim) {
      await end(sim);
      sim = null;
    }
  };
  const device = () => `http://${JSON.parse(readFileSync(join(data, "run.json"), "utf8")).device}`;
  return { base, data, dc09, device, logins: readLogins(join(data, "demo-logins.txt")), serve, readLog, startSimulator, stopSimulator, stop };
}
