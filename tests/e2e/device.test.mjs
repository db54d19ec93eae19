// SPDX-License-Identifier: Apache-2.0
// A gate's terminal as people set it up: an account and its code at the desk, the code typed at the device, requests
// signed by a key that outlives the page and cannot be read, and its end when the account is taken back.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, keeper, device, code;

// What lib/device.ts does, once more and by the wire alone: the kept key signs, the node answers.
const asked = (page, path, change = {}) => page.evaluate(async ([target, other]) => {
  const open = indexedDB.open("vonggac-device", 1);
  await new Promise((done) => { open.onsuccess = done; });
  const got = open.result.transaction("device").objectStore("device").get("self");
  await new Promise((done) => { got.onsuccess = done; });
  open.result.close();
  const me = got.result;
  const b64 = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const utf8 = (t) => new TextEncoder().encode(t);
  const ts = String(Date.now() + (other.late ?? 0));
  const nonce = b64(crypto.getRandomValues(new Uint8Array(16)));
  const body = b64(await crypto.subtle.digest("SHA-256", utf8("")));
  const text = `vonggac request 1\n${me.id}\n${ts}\n${nonce}\n${body}\nGET ${other.signs ?? target}`;
  const sig = b64(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, me.key, utf8(text)));
  const answer = await fetch(target, { credentials: "omit",
    headers: { Authorization: `Device ${me.id};ts=${ts};nonce=${nonce};body=${body};sig=${sig}` } });
  return { status: answer.status, body: await answer.json(), time: answer.headers.get("Vonggac-Time"), id: me.id,
    fingerprint: me.fingerprint, extractable: me.key.extractable, usages: me.key.usages };
}, [path, change]);

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  keeper = await openPage(browser, node.base);
  await logIn(keeper, node.logins.quantri);
  await settled(keeper);
  device = await openPage(browser, node.base, { width: 400, height: 800 });
  keeper.setDefaultTimeout(20_000);
  device.setDefaultTimeout(20_000);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("an account is made and its code shown once", async () => {
  await keeper.goto("/admin?view=devices");
  await keeper.getByRole("button", { name: "Lập tài khoản thiết bị" }).first().click();
  const dialog = keeper.locator("dialog[open]");
  await dialog.getByLabel("Tên").fill("Cổng chính, làn vào");
  await dialog.getByLabel("Mục tiêu").selectOption({ index: 1 });
  await dialog.getByRole("button", { name: "Lập tài khoản thiết bị" }).click();
  await dialog.locator("svg.qr path").waitFor();
  code = await dialog.locator("code.seed").innerText();
  assert.match(code, /^[0-9a-hjkmnp-tv-z]{4}-[0-9a-hjkmnp-tv-z]{4}$/);
  assert.deepEqual(await axe(keeper), []);
  await dialog.getByRole("button", { name: "Đóng" }).last().click();
  await keeper.getByText("Chưa gắn thiết bị").waitFor();
});

test("the code typed at the device binds it, a wrong one says so", async () => {
  await device.goto("/thiet-bi");
  await device.locator('input[name="code"]').fill("zzzz-zzzz");
  await device.getByLabel("Tên máy này").fill("Máy tính bảng 07");
  await device.getByRole("button", { name: "Gắn thiết bị" }).click();
  await device.getByRole("alert").waitFor();
  assert.deepEqual(await axe(device), []);
  await device.goto(`/thiet-bi#${code}`);  // as the picture of the code leads there
  await device.reload();
  assert.equal(await device.locator('input[name="code"]').inputValue(), code);
  assert.equal(new URL(device.url()).hash, "");
  await device.getByLabel("Tên máy này").fill("Máy tính bảng 07");
  await device.getByRole("button", { name: "Gắn thiết bị" }).click();
  await device.getByText("Máy chủ nhận thiết bị này").waitFor();
  await device.getByText("Cổng chính, làn vào").waitFor();
  assert.deepEqual(await axe(device), []);
});

test("the key signs after the page is gone, and cannot be read", async () => {
  await device.reload();
  await device.getByText("Máy chủ nhận thiết bị này").waitFor();
  const me = await asked(device, "/api/v1/session");
  assert.equal(me.status, 200);
  assert.equal(me.body.user.id, me.id);
  assert.deepEqual(me.body.user.roles.map((r) => r.role), ["gate_terminal"]);
  assert.equal(me.extractable, false);
  assert.deepEqual(me.usages, ["sign"]);
  assert.equal((await asked(device, "/api/v1/sites?limit=5")).body.total, 1);  // its own site
  assert.equal((await asked(device, "/api/v1/users")).status, 403);
  assert.equal((await asked(device, "/api/v1/sites?limit=6", { signs: "/api/v1/sites?limit=5" })).status, 401);
  const late = await asked(device, "/api/v1/session", { late: -3600e3 });
  assert.equal(late.status, 401);
  assert.ok(Math.abs(Number(late.time) - Date.now()) < 10_000);
  assert.equal(await device.evaluate(() => document.cookie), "");
  await keeper.reload();
  await keeper.getByText(me.fingerprint).waitFor();
});

test("a clock that is off is set by the node's", async () => {
  const page = await device.context().newPage();
  await page.addInitScript(() => {
    const real = Date.now;
    Date.now = () => real() - 7200e3;
  });
  await page.goto("/thiet-bi");
  await page.getByText("Máy chủ nhận thiết bị này").waitFor();
  await page.close();
});

test("taken back, it is nobody", async () => {
  await keeper.getByRole("button", { name: "Thu hồi" }).click();
  await keeper.getByRole("cell", { name: "Đã thu hồi" }).waitFor();
  assert.equal((await asked(device, "/api/v1/session")).status, 401);
  await device.getByRole("button", { name: "Kiểm tra" }).click();
  await device.getByText("Máy chủ không nhận thiết bị này nữa", { exact: false }).waitFor();
  await device.getByRole("button", { name: "Xoá khoá, gắn lại" }).click();
  await device.locator('input[name="code"]').waitFor();
});

test("somebody else confirms what was given, and the journal tells of it", async () => {
  await keeper.goto("/admin?view=changes");
  await keeper.getByText("Cổng chính, làn vào").first().waitFor();
  await keeper.goto("/journal");
  await keeper.getByRole("cell", { name: "Gắn thiết bị vào tài khoản" }).first().waitFor();
  assert.deepEqual(keeper.faults, []);
  assert.deepEqual(device.faults, []);
});
