// SPDX-License-Identifier: Apache-2.0
// A commander who is away lets his shift leader stand in for him: given on his own page, confirmed by a third person, used
// at once, seen by who stands in, and taken back with one key.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

const FORBIDDEN = [403, 404];
let node, browser, chief, leader, site;

async function status(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    return (await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) })).status;
  }, [method, path, body]);
}
// What a commander may and a shift leader may not.
const addsArea = (page, name) => status(page, "POST", "/gate-areas", { site, name });
const role = (page, text) => page.locator(".held li", { hasText: text });

async function openAs(who, more) {
  const page = await openPage(browser, node.base, more);
  page.setDefaultTimeout(20_000);
  await logIn(page, node.logins[who]);
  return page;
}

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  chief = await openAs("chihuy");
  leader = await openAs("truongca", { lang: "en" });
  site = await chief.evaluate(async () => (await (await fetch("/api/v1/sites?limit=50")).json()).items.find((s) => s.code === "NHNN").id);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("the shift leader is let stand in, with an end and a reason", async () => {
  assert.ok(FORBIDDEN.includes(await addsArea(leader, "Sân sau")));
  await chief.goto("/me");
  await role(chief, "Chỉ huy").getByRole("button", { name: "Ủy quyền" }).click();
  const dialog = chief.locator("dialog[open]");
  const give = dialog.locator("button[type=submit]");
  assert.ok(await give.isDisabled());
  await dialog.locator("select").selectOption({ label: "Lê Văn Đoàn (truongca)" });
  const end = new Date(Date.now() + 31 * 3600e3).toISOString();
  const day = `${end.slice(8, 10)}/${end.slice(5, 7)}/${end.slice(0, 4)}`;
  await dialog.getByLabel("Đến hết").fill(`${day} 06:30`);
  await dialog.getByLabel("Lý do").fill("Đi công tác");
  await settled(chief);
  assert.deepEqual(await axe(chief), []);
  await give.click();
  await chief.getByText("Đã ủy quyền, chờ người khác xác nhận").waitFor();
  await role(chief, "Lê Văn Đoàn thay").getByText(`đến ${day} 06:30`).waitFor();
  assert.equal(await addsArea(leader, "Sân sau"), 200);
});

test("who stands in sees by whom, and hands it on to nobody", async () => {
  await leader.goto("/me");
  const mine = role(leader, "delegated by Trần Hữu Nghĩa");
  await mine.getByText("Đi công tác").waitFor();
  assert.equal(await mine.getByRole("button").count(), 0);
});

test("a third person confirms it", async () => {
  const auditor = await openAs("thanhtra");
  await auditor.goto("/admin?view=changes&state=open");
  const row = auditor.getByRole("row", { name: /Đi công tác/ });
  await row.getByRole("button", { name: "Xác nhận" }).click();
  await row.waitFor({ state: "detached" });
  assert.deepEqual(auditor.faults, []);
  await auditor.context().close();
});

test("taken back, it is over at once", async () => {
  await role(chief, "Lê Văn Đoàn thay").getByRole("button", { name: "Thu lại" }).click();
  await chief.getByText("Đã thu lại ủy quyền của Lê Văn Đoàn").waitFor();
  await role(chief, "Lê Văn Đoàn thay").waitFor({ state: "detached" });
  assert.ok(FORBIDDEN.includes(await addsArea(leader, "Sân trước")));
  assert.deepEqual([...chief.faults, ...leader.faults], []);
});
