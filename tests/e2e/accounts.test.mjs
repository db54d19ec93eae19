// SPDX-License-Identifier: Apache-2.0
// A second factor from the picture to the recovery code, a session ended from elsewhere, a role for a time, and a change
// that another person confirms: each as it is done on the screen.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

const PASSWORD = "mot cau du dai de vao";
const STEP_MS = 30_000;
let node, browser, keeper, officer, site, seed, recovery, used;

async function ask(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    return (await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) })).json();
  }, [method, path, body]);
}

// RFC 6238, as a telephone does it.
function codeOf(text, step) {
  const bits = [...text.replaceAll(" ", "")].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0")).join("");
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))).update(counter).digest();
  return String((mac.readUInt32BE(mac[19] & 15) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function atTheDoor(page) {
  await page.goto("/");
  await page.locator('input[name="login"]').fill("haibuoc");
  await page.locator('input[name="password"]').fill(PASSWORD);
  await page.locator('form button[type="submit"]').click();
  await page.locator('input[name="code"]').waitFor();
}

async function say(page, code) {
  await page.locator('input[name="code"]').fill(code);
  await page.locator('form button[type="submit"]').click();
}

const logOut = async (page) => {
  await ask(page, "DELETE", "/session").catch(() => {});
  await page.context().clearCookies();
};

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  keeper = await openPage(browser, node.base);
  await logIn(keeper, node.logins.quantri);
  await settled(keeper);
  site = (await ask(keeper, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const agency = (await ask(keeper, "GET", "/agencies?limit=50")).items.find((a) => a.code === "CAT").id;
  await ask(keeper, "POST", "/users", { login: "haibuoc", name: "Lê Thị Hai Bước", agency, password: PASSWORD, role: "shift_leader", site });
  officer = await openPage(browser, node.base);
  officer.setDefaultTimeout(20_000);
  keeper.setDefaultTimeout(20_000);
  await logIn(officer, { login: "haibuoc", password: PASSWORD });
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("a second factor is set up with the first code of the telephone", async () => {
  await officer.goto("/me");
  await officer.getByRole("button", { name: "Thiết lập xác thực hai lớp" }).click();
  const dialog = officer.locator("dialog[open]");
  await dialog.getByLabel("Mật khẩu hiện tại").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Tiếp tục" }).click();
  await dialog.locator("svg.qr path").waitFor();
  seed = await dialog.locator("code.seed").innerText();
  assert.match(seed, /^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  assert.deepEqual(await axe(officer), []);
  await dialog.getByLabel("Mã trên điện thoại").fill("000000");
  await dialog.getByRole("button", { name: "Bật", exact: true }).click();
  await dialog.getByRole("alert").waitFor();
  used = Math.floor(Date.now() / STEP_MS);
  await dialog.getByLabel("Mã trên điện thoại").fill(codeOf(seed, used));
  await dialog.getByRole("button", { name: "Bật", exact: true }).click();
  await dialog.locator(".recovery li").first().waitFor();
  assert.equal(await dialog.locator(".recovery li").count(), 10);
  recovery = await dialog.locator(".recovery code").first().innerText();
  await dialog.getByRole("button", { name: "Đã cất, đóng" }).click();
  await officer.getByText("Đang bật").waitFor();
});

test("the door asks for a code and takes each once", async () => {
  await logOut(officer);
  await atTheDoor(officer);
  assert.deepEqual(await axe(officer), []);
  await say(officer, codeOf(seed, used));  // it has set the factor up
  await officer.getByRole("alert").waitFor();
  assert.equal(await officer.locator(".frame").count(), 0);
  used = Math.max(used + 1, Math.floor(Date.now() / STEP_MS));
  await say(officer, codeOf(seed, used));
  await officer.locator(".frame").waitFor();
  await logOut(officer);
  await atTheDoor(officer);
  await say(officer, codeOf(seed, used));
  await officer.getByRole("alert").waitFor();
  await say(officer, recovery);
  await officer.locator(".frame").waitFor();
  await logOut(officer);
  await atTheDoor(officer);
  await say(officer, recovery);
  await officer.getByRole("alert").waitFor();
});

test("a session is seen and ended from another", async () => {
  const elsewhere = await openPage(browser, node.base);
  await logIn(elsewhere, node.logins.quantri);
  await settled(elsewhere);
  await keeper.goto("/me");
  const lines = keeper.locator(".sessions li");
  await lines.nth(1).waitFor();
  assert.equal(await lines.filter({ hasText: "Phiên này" }).count(), 1);
  await lines.filter({ hasNotText: "Phiên này" }).first().getByRole("button", { name: "Kết thúc" }).click();
  await elsewhere.locator('input[name="login"]').waitFor();
  await elsewhere.context().close();
});

test("a role is given for a time, and somebody else confirms it", async () => {
  await keeper.goto("/admin");
  await keeper.getByRole("link", { name: "Lê Thị Hai Bước" }).click();
  await keeper.locator("#user-roles").waitFor();
  await keeper.locator("form select").first().selectOption("duty_officer");
  const tomorrow = new Date(Date.now() + 31 * 3600e3);
  const two = (n) => String(n).padStart(2, "0");
  const day = `${two(tomorrow.getUTCDate())}/${two(tomorrow.getUTCMonth() + 1)}/${tomorrow.getUTCFullYear()}`;
  await keeper.getByLabel("Kết thúc", { exact: false }).last().fill(`${day} 06:30`);
  await keeper.getByLabel("Lý do").fill("Trực thay");
  await keeper.getByRole("button", { name: "Giao vai trò" }).click();
  await keeper.locator(".held li", { hasText: `đến ${day} 06:30` }).waitFor();
  const line = (page) => page.locator(".changes li", { hasText: "Trực thay" });
  await line(keeper).waitFor();
  assert.equal(await line(keeper).getByRole("button").count(), 0);  // not who did it
  const auditor = await openPage(browser, node.base);
  await logIn(auditor, node.logins.thanhtra);
  await auditor.goto("/admin?view=changes&state=open");
  const row = auditor.getByRole("row", { name: /Trực thay/ });
  await row.getByRole("button", { name: "Xác nhận" }).click();
  await row.waitFor({ state: "detached" });
  await line(keeper).getByText("xác nhận").waitFor();
  assert.deepEqual([keeper, officer, auditor].flatMap((p) => p.faults), []);
});

test("a link that sends something out is looked at by a third", async () => {
  await ask(keeper, "POST", "/links", { kind: "webhook_out", name: "Báo ra ngoài", address: "https://x.invalid/bao" });
  const auditor = await openPage(browser, node.base);
  auditor.setDefaultTimeout(20_000);
  await logIn(auditor, node.logins.thanhtra);
  await auditor.goto("/admin?view=changes&state=open");
  const row = auditor.getByRole("row", { name: /Báo ra ngoài/ });
  await row.getByText(/x\.invalid/).waitFor();
  assert.deepEqual(await axe(auditor), []);
  await row.getByRole("button", { name: "Xác nhận" }).click();
  await row.waitFor({ state: "detached" });
  assert.deepEqual([...keeper.faults, ...auditor.faults], []);
  await auditor.context().close();
});

test("in English: an agency is renamed, and closed only when it has nothing left", async () => {
  const page = await openPage(browser, node.base, { lang: "en" });
  page.setDefaultTimeout(20_000);
  await logIn(page, node.logins.quantri);
  await ask(page, "POST", "/agencies", { code: "TMP", name: "Agency for a while" });
  await page.goto("/admin?view=agencies");
  const row = (name) => page.getByRole("row", { name });
  await row(/TMP/).getByRole("button", { name: "Rename" }).click();
  await page.locator("dialog[open] input").fill("Agency for a day");
  await page.locator("dialog[open] button[type=submit]").click();
  await row(/Agency for a day/).waitFor();
  await row(/NHNN/).getByRole("button", { name: "Close" }).click();
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator("dialog[open]").getByText("accounts are still in use").waitFor();
  await page.keyboard.press("Escape");
  await row(/TMP/).getByRole("button", { name: "Close" }).click();
  await page.locator("dialog[open] button[type=submit]").click();
  await row(/TMP/).getByText("closed").waitFor();
  await page.context().close();
});
