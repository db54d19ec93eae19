// SPDX-License-Identifier: Apache-2.0
// Chromium as a person would use it: chosen theme, language and window; everything that went wrong in a
// page is collected in `faults` (uncaught errors, error lines, refused policies, requests elsewhere).
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// The same engine without the window around it costs half; ./test full (VG_MORE) takes the browser that people have.
const CHROMIUM = process.env.VG_CHROMIUM ?? (process.env.VG_MORE ? "/usr/bin/chromium" : "/usr/bin/chromium-headless-shell");

// more: arguments of its own, as a picture for its camera.
export async function openBrowser(more = []) {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`no browser at ${CHROMIUM} (./test installs it; or set VG_CHROMIUM)`);
  }
  // Root and a bare Debian have no user namespaces and a small /dev/shm.
  return chromium.launch({ executablePath: CHROMIUM, headless: true,
    args: ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none", "--hide-scrollbars",
      // It speaks to the node and to nobody else.
      "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-quic", "--no-first-run", ...more] });
}

export async function openPage(browser, base, { theme = "light", lang = "vi", width = 1440, height = 900, state } = {}) {
  const context = await browser.newContext({ baseURL: base, viewport: { width, height }, storageState: state,
    locale: lang === "vi" ? "vi-VN" : "en-GB", timezoneId: "Asia/Ho_Chi_Minh", colorScheme: theme, reducedMotion: "reduce" });
  await context.addInitScript(([t, l]) => {
    localStorage.setItem("vg.theme", t);
    localStorage.setItem("vg.lang", l);
  }, [theme, lang]);
  const page = await context.newPage();
  page.faults = [];
  page.on("pageerror", (e) => page.faults.push(`uncaught: ${e.message}`));
  page.on("console", (m) => {
    // A refused log-in or a missing thing is an answer, not a fault of the page.
    if (m.type() === "error" && !/status of 4(0[0-9]|12)/.test(m.text())) {
      page.faults.push(`console: ${m.text()}`);
    }
  });
  page.on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(base) && !url.startsWith("data:") && !url.startsWith("blob:")) {
      page.faults.push(`request elsewhere: ${url}`);
    }
  });
  return page;
}

// The session of a role of the demo, as a browser keeps it.
export async function sessionOf(browser, node, role) {
  const context = await browser.newContext({ baseURL: node.base });
  await enter(context, node.logins[role]);
  const state = await context.storageState();
  await context.close();
  return { cookies: state.cookies, origins: [] };
}

// The door's form has tests of its own (accounts.test.mjs); everybody else's way in is the request it makes.
async function enter(context, { login, password }) {
  const answer = await context.request.post("/api/v1/session", { data: { login, password } });
  if (!answer.ok()) {
    throw new Error(`log-in of ${login}: ${answer.status()} ${await answer.text()}`);
  }
}

// Leaves the page on the first screen.
export async function logIn(page, who) {
  await enter(page.context(), who);
  await page.goto("/");
  await page.locator("main:not(.login, .starting)").waitFor();
}

// Until what the page asked for is shown: no skeleton, no busy region. The live stream stays open, so
// "network idle" never comes.
export async function settled(page) {
  await page.locator("#main").waitFor();
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"], .skeleton'), null, { timeout: 30_000 });
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(150);
}

// axe's findings as lines, [] when there is nothing to say.
export async function axe(page) {
  if (!await page.evaluate(() => "axe" in globalThis)) {
    await page.evaluate(AXE);
  }
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(" | ")}`);
}
