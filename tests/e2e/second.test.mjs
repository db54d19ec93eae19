// SPDX-License-Identifier: Apache-2.0
// Two administrators, the second made at the machine (whom the first makes is no second person beside him until somebody
// else has looked); from then on nobody is made an administrator by one. What was
// asked is said to be waiting and not done, shows at the other's as a sentence, and is done when he approves.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { after, before, test } from "node:test";
import { logIn, openBrowser, openPage } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, first, second, subject;
const SECOND = { login: "quantri2", password: "mot cau du dai de vao" };

async function ask(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    return (await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) })).json();
  }, [method, path, body]);
}
const rolesOf = async (login) => (await ask(first, "GET", "/users?limit=100")).items.find((u) => u.login === login).roles.map((r) => r.role);

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  first = await openPage(browser, node.base);
  await logIn(first, node.logins.quantri);
  const { items } = await ask(first, "GET", "/users?limit=100");
  subject = items.find((u) => u.login === "trucban");
  const made = spawnSync(process.env.VG_BIN, ["user", "add", "--login", SECOND.login, "--name", "Người thứ hai", "--agency", subject.agency,
    "--role", "custodian", "--data", node.data], { input: SECOND.password, encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  second = await openPage(browser, node.base);
  await logIn(second, SECOND);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("what one administrator asks for waits, and is said to wait", async () => {
  assert.deepEqual(await rolesOf("quantri2"), ["custodian"]);
  await first.goto("/admin");
  await first.getByRole("row").filter({ hasText: "trucban" }).getByRole("button", { name: "Vai trò" }).click();
  await first.locator("dialog[open] select").first().selectOption("custodian");
  await first.locator("dialog[open] form button[type=submit]").click();
  await first.locator(".toast", { hasText: "Đã gửi, chờ người thứ hai duyệt" }).waitFor();
  assert.deepEqual(await rolesOf("trucban"), ["duty_officer"]);
  await first.goto("/second");
  const line = first.locator("section[aria-labelledby=second-asked] li");
  await line.getByText(`Cấp vai trò Quản trị hệ thống tại Mọi mục tiêu cho ${subject.name}`).waitFor();
  assert.equal(await first.getByRole("button", { name: "Xem và quyết định" }).count(), 0);
});

test("the other sees what it is, approves, and it is done", async () => {
  await second.goto("/second");
  await second.getByRole("button", { name: "Xem và quyết định" }).click();
  const dialog = second.locator("dialog[open]");
  await dialog.getByText(`cho ${subject.name}`).waitFor();
  await dialog.getByText("Duyệt, thực hiện ngay").click();
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "detached" });
  assert.deepEqual((await rolesOf("trucban")).sort(), ["custodian", "duty_officer"]);
  await first.locator("section[aria-labelledby=second-decided] li", { hasText: "Người thứ hai" }).waitFor();
  assert.deepEqual([...first.faults, ...second.faults], []);
});
