// SPDX-License-Identifier: Apache-2.0
// Markup in every text somebody may write: names, titles, notes, a panel's own words, the name of a file, a drawing. Each
// page shows it as it was written; nothing of it becomes an element, runs, or asks for an address.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, sessionOf } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { PAGES } from "./pages.mjs";
import { frame, send } from "./panel.mjs";
import { startWalk } from "./walk.mjs";

const P = "<img src=x onerror=vgHit=1>";
const PASSWORD = "mot cau du dai de vao";
const LOOK = { width: 1440, height: 900, theme: "light", lang: "vi" };
// Where it shows at once; on the others it need not.
const SHOWN = new Set(["desk", "incidents", "incident", "sources", "sites", "site", "sitezones", "people", "units", "rules", "links", "notices",
  "coord", "tokens", "devices", "journal", "checklists", "templates", "waiting", "alarms", "imports", "documents", "privacy",
  "processing", "visits", "visitsetup", "bans", "passages", "gateholders", "gateplaces", "gaterules", "expected", "vehiclecheck", "goods",
  "musters", "gatefigures", "posture", "second", "lookups"]);
const LOOKED_AT = new Set([...SHOWN, "gate", "muster", "vehicles", "visitornotice", "retention", "account", "drawing", "plan", "map", "due", "admin", "start", "regulation", "theysee", "alarmrules", "record"]);
let node, browser, walk;

async function as(login, work) {
  const page = await openPage(browser, node.base, { state: await sessionOf(browser, node, login) });
  await page.goto("/");
  const ask = (method, path, body, headers = {}) => page.evaluate(async ([m, p, b, h]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const own = m === "GET" ? {} : { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID(), ...h };
    const answer = await fetch(`/api/v1${p}`, { method: m, headers: own, body: b && (typeof b === "string" ? b : JSON.stringify(b)) });
    if (!answer.ok) {
      throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }, [method, path, body, headers]);
  const all = async (list) => (await ask("GET", `/${list}?limit=200`)).items;
  await work(ask, all);
  await page.context().close();
}

const hour = (n) => new Date(Date.now() + n * 3600e3).toISOString();

// What an agency writes: papers, personal data, visits, who is not let in.
async function officerWrites(ask, site) {
  const paper = await ask("POST", "/documents", { site: site.id, number: "7/KH", dated: "2026-01-05", subject: P, kind: "plan", compartment: "measures", secrecy: 0 });
  await ask("POST", "/processing-activities", { name: P, purpose: P, ground: "state_function", ref: "l04-2022/11", data: ["name"], people: ["visitors"],
    recipients: P, retention: "visitor_log", started: "2026-01-05" });
  await ask("POST", "/subject-requests", { name: P, kind: "access", received_at: hour(-1), contact: P, wish: P });
  await ask("POST", "/breaches", { found_at: hour(-1), what: P, data: ["name"], people: ["visitors"] });
  await ask("POST", "/visitor-notices", { site: site.id, text_vi: P, text_en: P, contact: P });
  const { id } = await ask("POST", "/visits", { site: site.id, purpose: P, office: P, starts: hour(1), ends: hour(3) });
  await ask("POST", `/visits/${id}/guests`, { name: P, company: P });
  await ask("POST", "/visit-rules", { site: site.id, text_vi: P, text_en: P });
  await ask("POST", "/bans", { site: site.id, reason: "disorder", document: paper.id, name: P, born: 1990, expires: hour(2000) });
}

// What is written at a gate and about it.
async function gateWrites(ask, site) {
  const make = async (path, body) => (await ask("POST", path, { site, ...body })).id;
  const point = await make("/gate-points", { name: P, inner: await make("/gate-areas", { name: P }) });
  const holder = await make("/gate-holders", { kind: "staff", name: P, company: P });
  await ask("POST", `/gate-points/${point}/pass`, { holder, way: "in", why: P });
  await make("/gate-rules", { name: P, condition: 'holder.kind = "vehicle"', say: "ask" });
  await make("/expected-vehicles", { plate: "30F-777.77", starts: hour(0), ends: hour(3), goods: P, host: P, driver: P });
  const van = await make("/gate-holders", { kind: "vehicle", class: "van", name: "29A-111.22" });
  await ask("POST", "/vehicle-checks", { point, holder: van, suspicion: P, under: true, result: "clear", note: P });
  await ask("POST", "/goods-movements", { point, way: "out", what: P, quantity: P, paper: P, owner: P });
  const muster = await make("/musters", { kind: "drill", reason: P });
  await ask("POST", `/musters/${muster}/marks`, { key: "la", name: P, state: "safe" });
  await make("/gate-tests", { kind: "no_badge", what: P, tester: P, starts: hour(0), ends: hour(3) });
  await make("/postures", { level: "cao_diem", event: P, reason: P, until: hour(40) });
}

const yaml = (s) => JSON.stringify(s);

before(async () => {
  node = await startNode({ simulate: 60 });
  browser = await openBrowser();
  await sleep(3_000);
  await node.stopSimulator();
  walk = await startWalk(browser, node);
  await as("quantri", async (ask, all) => {
    const agency = await ask("POST", "/agencies", { code: "LA", name: P });
    const site = (await all("sites")).find((s) => s.code === "NHNN").id;
    await ask("POST", "/users", { login: "la", name: P, agency: agency.id, password: PASSWORD, role: "guard", site });
    await ask("POST", "/tokens", { name: P, role: "guard", days: 30 });
    await ask("POST", "/device-accounts", { kind: "gate", name: P, site, days: 30 });
    await ask("POST", "/links", { kind: "sms", name: P, address: "la", options: {} });
  });
  await as("nganhang", async (ask, all) => {
    const site = (await all("sites")).find((s) => s.code === "NHNN");
    for (const [list, change] of [["sources", { name: P }], ["zones", { name: P }], ["gates", { name: P }]]) {
      const { items } = await ask("GET", `/${list}?site=${site.id}&limit=200`);
      const mine = items.find((x) => !x.agency || x.agency === site.agency);
      await ask("POST", `/${list}/${mine.id}`, change);
    }
    await ask("POST", "/posts", { site: site.id, name: P, agency: site.agency });
    await ask("POST", `/sites/${site.id}`, { name: P });
    await ask("POST", "/contacts", { site: site.id, name: P, role: P, agency: site.agency });
    await ask("POST", "/drawings", { site: site.id, name: P,
      svg: `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="vgHit=1"><script>vgHit=1</script><text>&lt;img src=x onerror=vgHit=1&gt;</text></svg>` });
    await ask("POST", "/links", { kind: "webhook_out", name: P, address: "https://nhan.example/", site: site.id });
    await officerWrites(ask, site);
    const police = (await all("agencies")).find((a) => a.code === "CAT").id;
    const day = (n) => new Date(Date.now() + n * 86400e3).toISOString();
    await ask("POST", "/regulations", { number: "99/QC", title: P, parties: [site.agency, police], valid_from: day(0), valid_until: day(400),
      review_due: day(300), clauses: [{ from: site.agency, to: police, compartment: "means", site: site.id, condition: "always" }] });
  });
  await as("trucban", async (ask, all) => {
    const site = (await all("sites")).find((s) => s.code === "NHNN").id;
    const { id } = await ask("POST", "/incidents", { site, situation: "other", title: P });
    await ask("POST", `/incidents/${id}/log`, { text: P });
    await ask("POST", `/incidents/${id}/tasks`, { title: P, assignee: P });
    await ask("POST", `/sources/${(await all("sources")).find((x) => x.enabled !== false).id}/disable`, { reason: P });
    await ask("POST", "/checklist-templates", { yaml: `code: la\ntitle: ${yaml(P)}\ntitle-en: ${yaml(P)}\nkind: inspection\nplace: site\n` +
      `items:\n  - { code: a, kind: yes_no, text: ${yaml(P)}, text-en: ${yaml(P)} }\n` });
  });
  await as("thammuu", async (ask) => {
    const unit = await ask("POST", "/units", { code: "LA", name: P, force: "police" });
    const person = await ask("POST", "/persons", { unit: unit.id, name: P });
    await ask("POST", `/persons/${person.id}/look`, { purpose: "inspection", note: P });
    await ask("POST", "/rule-texts", { text: `name: la_e\ndetection: { selection: { kind: fire }, condition: selection }\n---\n` +
      `name: la\ntitle: ${yaml(P)}\nlevel: low\ncorrelation: { type: event, rules: [la_e], group-by: [site] }\n` });
    await ask("POST", `/imports?target=persons&file=${encodeURIComponent(`${P}.csv`)}`, `Họ tên;Đơn vị\n${P};LA\n`,
      { "Content-Type": "application/octet-stream" });
  });
  await as("chihuy", async (ask, all) => {
    const link = (await all("links")).find((l) => l.kind === "sms").id;
    const site = (await all("sites")).find((s) => s.code === "NHNN").id;
    await ask("POST", "/notice-rules", { name: P, link, site, role: "shift_leader" });
    await gateWrites(ask, site);
  });
  await send(node.dc09, frame({ account: "4999", seq: 1, code: "BA", point: "001", text: P }));
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

for (const entry of PAGES.filter((p) => LOOKED_AT.has(p.name))) {
  test(`${entry.name} shows it as it was written`, async () => {
    const page = await walk.show(LOOK, entry);
    const found = await page.evaluate(() => ({ hit: "vgHit" in window, made: document.querySelectorAll('img[src="x"], [onerror], [onload]').length }));
    assert.deepEqual(found, { hit: false, made: 0 });
    assert.deepEqual(page.faults, []);
    if (SHOWN.has(entry.name)) {
      assert.ok((await page.locator("body").innerText()).includes(P), "it is not there at all");
    }
  });
}
