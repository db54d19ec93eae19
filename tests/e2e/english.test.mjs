// SPDX-License-Identifier: Apache-2.0
// The gate's pages for somebody who reads English: no words of the Vietnamese catalogue, no key instead of a word, nobody
// kept out by his eyes; and a guard who decides in English. What people typed (names, places) stays as they typed it.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { asker, makeGate, says, scan } from "./gatekit.mjs";
import { startNode } from "./node.mjs";

const PO = new URL("../../po/", import.meta.url);
let node, browser, chief, guard, officer, gate, muster, visit, ban;
const at = (hours) => new Date(Date.now() + hours * 3600e3).toISOString();

function catalogue(lang) {
  const words = new Map();
  for (const file of readdirSync(new URL(`${lang}/`, PO))) {
    const text = readFileSync(new URL(`${lang}/${file}`, PO), "utf8");
    for (const [, key, said] of text.matchAll(/^msgid "(.+)"\nmsgstr "(.*)"$/gm)) {
      words.set(key, JSON.parse(`"${said}"`));
    }
  }
  return words;
}

// Vietnamese words that are not English ones, as tests of a whole text; those with blanks in them as patterns.
function foreign() {
  const vi = catalogue("vi"), en = new Set(catalogue("en").values());
  const plain = new Set(), patterns = [];
  for (const [key, said] of vi) {
    const fixed = said.replace(/\{\w+\}/g, "");
    if (!/^(ui|err|gate|bans|visits|muster|vehicles|gatetests|core|kinds?)\./.test(key) || en.has(said) || !/[à-ỹđ]/i.test(fixed)) {
      continue;
    }
    if (fixed === said) {
      plain.add(said);
    } else if (fixed.replace(/[^\p{L}]/gu, "").length > 7) {
      patterns.push(said.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, ".*"));
    }
  }
  return { plain: [...plain], pattern: `^(${patterns.join("|")})$`, keys: [...vi.keys()] };
}
const FOREIGN = foreign();

// What can be read or is read out: texts, labels, titles, what stands in empty fields.
const wrongWords = (page, typed) => page.evaluate(([{ plain, pattern, keys }, own]) => {
  const said = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    said.add(walker.currentNode.textContent.trim());
  }
  for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], [alt]")) {
    for (const a of ["aria-label", "title", "placeholder", "alt"]) {
      said.add((e.getAttribute(a) ?? "").trim());
    }
  }
  const words = new Set(plain), raw = new Set(keys), like = new RegExp(pattern, "u");
  return [...said].filter((x) => x && !own.includes(x) && (words.has(x) || raw.has(x) || like.test(x) || /^ui\.[\w.]+$/.test(x)));
}, [FOREIGN, typed]);

const TYPED = ["Vọng gác", "Tiếng Việt", "Cổng chính", "Khuôn viên", "Cửa kho"];

async function reads(page, path, ready) {
  await page.goto(path);
  await settled(page);
  if (ready) {
    await page.locator(ready).first().waitFor();
  }
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en", path);
  assert.deepEqual(await wrongWords(page, TYPED), [], path);
  assert.deepEqual(await axe(page), [], path);
}

async function open(login) {
  const page = await openPage(browser, node.base, { lang: "en", state: await sessionOf(browser, node, login) });
  await page.goto("/");
  await settled(page);
  return page;
}

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  chief = await open("chihuy");
  guard = await open("canhgac");
  officer = await open("nganhang");
  const to = asker(chief), by = asker(officer);
  gate = await makeGate(to);
  await to("POST", `/gate-points/${gate.main}/pass`, { way: "in", badge: "T-0001" });
  await to("POST", `/gate-areas/${gate.vault}/lists`, { list: "a", holder: gate.people.an.h });
  muster = (await to("POST", "/musters", { site: gate.site, kind: "real", reason: "Smoke on the second floor" })).id;
  visit = (await by("POST", "/visits", { site: gate.site, purpose: "Audit", starts: at(-1), ends: at(3) })).id;
  await by("POST", `/visits/${visit}/guests`, { name: "John Sample", company: "Sample Ltd", doc_kind: "passport", doc_number: "C1234567" });
  const incident = (await by("POST", "/incidents", { site: gate.site, situation: "other", title: "Disorder" })).id;
  ban = (await by("POST", "/bans", { site: gate.site, reason: "disorder", incident, name: "Jane Sample", born: 1980, expires: at(2400) })).id;
  await to("POST", "/expected-vehicles", { site: gate.site, plate: "30F-888.88", starts: at(1), ends: at(2), goods: "Paper" });
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("the catalogue is there to be looked for", () => {
  assert.ok(FOREIGN.plain.length > 1000 && FOREIGN.pattern.length > 1000);
});

test("a Vietnamese word and a key would be seen", async () => {
  const planted = ["Đăng ký khách", "ui.pass.title", "Đã cho qua: Nguyễn Văn An"];
  await guard.evaluate((words) => words.forEach((w) => document.body.append(Object.assign(document.createElement("p"), { textContent: w }))), planted);
  const seen = await wrongWords(guard, TYPED);
  assert.deepEqual(planted.filter((w) => !seen.includes(w)), []);
});

test("a guard decides in English", async () => {
  await guard.goto("/gate");
  await guard.getByRole("button", { name: /^Cổng chính · In$/ }).click();
  await guard.locator(".gate-entry input").waitFor();
  await scan(guard, "X-0001");
  await says(guard, "ASK");
  assert.deepEqual(await wrongWords(guard, TYPED), []);
  assert.deepEqual(await axe(guard), []);
  await guard.waitForTimeout(450);
  await guard.keyboard.press("Enter");
  await guard.locator(".gate-why input").fill("The driver was called in by the store");
  await guard.keyboard.press("Control+Enter"); // a scanner's Enter is no reason
  await guard.getByText("Let through: 29C-123.45").waitFor();
  const items = (await asker(chief)("GET", "/passages?limit=200")).items.filter((p) => p.holder === gate.people.truck.h);
  assert.equal(items[0].why, "The driver was called in by the store");
  await reads(guard, "/gate");
});

test("registers, places and rules", async () => {
  for (const view of ["", "?view=holders", "?view=places", "?view=rules"]) {
    await reads(chief, `/gate-register${view}`);
  }
});

test("visits and the ban list", async () => {
  await reads(officer, "/visits");
  await reads(officer, `/visits/${visit}`, ".privacy-rows li");
  await reads(officer, "/bans");
  await reads(officer, `/bans/${ban}`);
  await officer.goto("/bans");
  await officer.locator(".page-head .button.primary").click();
  await officer.locator("dialog[open] select").first().waitFor();
  assert.deepEqual(await wrongWords(officer, TYPED), []);
});

test("evacuations", async () => {
  await reads(chief, "/musters");
  await reads(chief, `/musters/${muster}`, ".muster-table");
  await reads(guard, `/musters/${muster}/list`, ".marshal-row");
});

test("vehicles and the figures of the gate", async () => {
  for (const view of ["", "?view=expected", "?view=checks", "?view=goods"]) {
    await reads(chief, `/vehicles${view}`);
  }
  await reads(chief, `/gate-figures?site=${gate.site}`);
  const faults = [chief, guard, officer].flatMap((p) => p.faults);
  assert.deepEqual(faults, []);
});
