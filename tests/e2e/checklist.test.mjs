// SPDX-License-Identifier: Apache-2.0
// A checklist on a phone whose network goes: answers are kept and say so, survive a reload, and arrive when the
// link is back, once; then it is signed, and its shortcoming is a finding.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, sessionOf } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, page, id;

const ask = (method, path, body) => page.evaluate(async ([m, p, b]) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
  return (await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) })).json();
}, [method, path, body]);
const row = (text) => page.locator(".check-row", { hasText: text });
const pick = (text, answer) => row(text).getByText(answer, { exact: true }).first().click();
const WAITING = "Chưa gửi được";

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  const state = await sessionOf(browser, node, "trucban");
  page = await openPage(browser, node.base, { width: 390, height: 844, state });
  await page.goto("/due");
  const template = (await ask("GET", "/checklist-templates?code=site_self_check")).items[0].id;
  const site = (await ask("GET", "/sites?limit=1")).items[0].id;
  id = (await ask("POST", "/checklists", { template, site })).id;
  await page.goto(`/checklists/${id}`);
  await row("Hàng rào").waitFor();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("answers given without network wait, and arrive once", async () => {
  await pick("Hàng rào", "Có");
  await page.locator(".check-row.given", { hasText: "Hàng rào" }).waitFor();
  await page.route("**/api/v1/checklists/**", (r) => r.abort());
  await pick("Đèn chiếu sáng", "Có");
  await pick("Đèn chiếu sáng", "Không");  // changed his mind before it left
  await pick("Camera", "Có");
  await row("Camera").getByText(WAITING).waitFor();
  assert.equal(await page.locator(".check-bar .button.primary").isDisabled(), true);
  await page.unroute("**/api/v1/checklists/**");
  await page.reload();
  await row("Camera").waitFor();
  await page.getByText(WAITING).first().waitFor({ state: "detached", timeout: 15_000 });
  const answers = (await ask("GET", `/checklist-answers?checklist=${id}`)).items;
  const value = Object.fromEntries(answers.map((a) => [a.item, a.value]));
  assert.deepEqual(value, { fence: "yes", lights: "no", cameras: "yes" });
});

test("signed, the shortcoming is a finding and nothing is due", async () => {
  const { skipped } = await ask("GET", `/checklists/${id}`);
  const rest = { gate_records: "yes", parking: "no", visitors_told: "na", silent: "0", vault: "yes", fire_exits: "yes",
    extinguishers: "yes", plan_known: "year" };
  for (const [item, value] of Object.entries(rest)) {
    if (!skipped.includes(item)) {
      await ask("POST", `/checklists/${id}/answers`, { item, value });
    }
  }
  await page.locator(".check-bar .button.primary").click();
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator(".check-bar").waitFor({ state: "detached" });
  const findings = (await ask("GET", `/checklist-findings?checklist=${id}`)).items;
  assert.deepEqual(findings.map((f) => f.item), ["lights"]);
  const due = await ask("GET", "/due?kind=checklists.due");
  assert.equal(due.total, 0);
  assert.deepEqual(page.faults.filter((f) => !/ERR_FAILED/.test(f)), []);
});
