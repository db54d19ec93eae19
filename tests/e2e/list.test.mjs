// SPDX-License-Identifier: Apache-2.0
// A list as its user has it: ordered by a head, columns chosen, the whole saved and found again after a reload; and
// not by anybody else. "Last seen" moves by itself while somebody looks. The door is quiet before the log-in.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";

let node, browser;

before(async () => {
  node = await startNode({ simulate: 60 });
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

const heads = (page) => page.locator("thead th").evaluateAll((all) => all.map((h) => h.firstChild.firstChild?.textContent ?? h.textContent));
const open = (page) => page.locator(".list-tools [aria-expanded]").click();

test("the door asks nothing that would be refused", async () => {
  const page = await openPage(browser, node.base);
  const refused = [];
  page.on("response", (r) => r.status() >= 400 && refused.push(`${r.status()} ${r.url()}`));
  await page.goto("/");
  await page.locator('input[name="login"]').waitFor();
  await sleep(500);
  assert.deepEqual(refused, []);
  await page.context().close();
});

test("a page of the second load that cannot be fetched says so, and is there once it can", async () => {
  const page = await openPage(browser, node.base);
  const later = /\/assets\/part-/;
  await logIn(page, node.logins.chihuy);
  await page.goto("/");
  await page.locator("#main").waitFor();
  await page.route(later, (r) => r.abort());
  await page.evaluate(() => {
    history.pushState(null, "", "/manual");
    dispatchEvent(new PopStateEvent("popstate"));
  });
  await page.getByText("Chưa tải được trang này").waitFor();
  await page.unroute(later);
  await page.getByRole("button", { name: "Tải lại" }).click();
  await page.getByRole("button", { name: "In chương này" }).waitFor();
  await settled(page);
  assert.equal(await page.getByText("Chưa tải được trang này").count(), 0);
  await page.context().close();
});

test("a wrong password is refused in words", async () => {
  const page = await openPage(browser, node.base, { lang: "vi" });
  await page.goto("/");
  await page.locator('input[name="login"]').fill("nobody");
  await page.locator('input[name="password"]').fill("not the password");
  await page.locator('form button[type="submit"]').click();
  await page.locator('[role="alert"]').first().waitFor();
  assert.ok((await page.locator('[role="alert"]').first().innerText()).length > 5);
  await page.context().close();
});

test("order, columns and a saved view", async () => {
  const page = await openPage(browser, node.base, { lang: "en" });
  await logIn(page, node.logins.trucban);
  await page.goto("/sources");
  await settled(page);
  const before = await heads(page);
  await page.locator("th button", { hasText: "Name" }).click();
  await page.locator("th button", { hasText: "Name" }).click();
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
  const names = await page.locator("tbody td:nth-child(2)").allInnerTexts();
  assert.deepEqual(names, names.slice().sort(new Intl.Collator("vi", { numeric: true, sensitivity: "base" }).compare).reverse());
  await open(page);
  await page.getByRole("checkbox", { name: "Protocol" }).uncheck();
  await page.getByLabel("Name of the view").fill("Night");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator(".popover").count(), 0);
  await page.locator(".list-tools select").selectOption("");
  assert.deepEqual(await heads(page), before);
  await page.reload();
  await settled(page);
  await page.locator(".list-tools select").selectOption("Night");
  assert.match(page.url(), /sort=-name/);
  assert.ok(before.includes("Protocol") && !(await heads(page)).includes("Protocol"));
  await page.locator(".who").click();
  await page.getByText("Log out").click();
  await logIn(page, node.logins.chihuy);
  await page.goto("/sources");
  await settled(page);
  assert.equal(await page.locator(".list-tools select").count(), 0);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("last seen comes by the stream, the list is not read again", async () => {
  const page = await openPage(browser, node.base, { lang: "en" });
  await logIn(page, node.logins.trucban);
  await page.goto("/sources");
  await settled(page);
  await sleep(1_000);
  let lists = 0;
  page.on("request", (r) => {
    lists += /\/api\/v1\/sources\?/.test(r.url()) ? 1 : 0;
  });
  const seen = () => page.locator("tbody time").evaluateAll((all) => all.map((t) => t.dateTime).join());
  const was = await seen();
  await page.waitForFunction((w) => [...document.querySelectorAll("tbody time")].map((t) => t.dateTime).join() !== w, was, { timeout: 60_000 });
  assert.equal(lists, 0);
  await page.context().close();
});
