// SPDX-License-Identifier: Apache-2.0
// Look-ups in the console: the list of people has no telephone; a record is opened with a purpose, shown, hidden, not
// printed; editing is a look-up, too; the auditor of that agency reads the register, another agency's officer reads nothing.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

const WHO = "Vũ Đức Tùng";
let node, browser, staff, auditor, bank;
const row = (page, text) => page.locator(".vtable tbody tr", { hasText: text });
const record = () => staff.locator(".person-record");

async function open(login, path) {
  const page = await openPage(browser, node.base, { state: await sessionOf(browser, node, login) });
  page.setDefaultTimeout(15_000);
  await page.goto(path);
  await settled(page);
  return page;
}
const find = async (text) => {
  await staff.locator(".vtable").evaluate((e) => e.scrollTo(0, 0));
  for (let i = 0; i < 60 && !(await row(staff, text).count()); i++) {
    await staff.locator(".vtable").evaluate((e) => e.scrollBy(0, 400));
    await staff.waitForTimeout(50);
  }
  return row(staff, text).first();
};

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  staff = await open("thammuu", "/people");
  auditor = await open("thanhtra", "/people?view=lookups");
  bank = await open("nganhang", "/people?view=lookups");
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("the list of people tells no telephone", async () => {
  await staff.locator(".vtable tbody tr").first().waitFor();
  assert.doesNotMatch(await staff.locator(".vtable").innerText(), /0900/);
  const all = await staff.evaluate(async () => (await fetch("/api/v1/persons?limit=500")).text());
  assert.match(all, /Vũ Đức Tùng/);
  const members = JSON.parse(all).items.flatMap((row) => Object.entries(row));
  assert.deepEqual(members.filter(([name, value]) => /phone|since/.test(name) || /^0900/.test(String(value))), []);
});

test("a record is opened with a purpose, and hidden again", async () => {
  await (await find(WHO)).getByRole("button", { name: /^Xem hồ sơ/ }).click();
  const dialog = staff.locator("dialog[open]");
  await dialog.getByLabel("Mục đích").selectOption("inspection");
  assert.deepEqual(await axe(staff), []);
  await dialog.locator("button[type=submit]").click();
  assert.equal(await record().count(), 0, "no record without the words that are asked for");
  await dialog.getByLabel(/^Nội dung cụ thể/).fill("Kiểm tra danh bạ trực");
  await dialog.locator("button[type=submit]").click();
  await record().getByText("0900 000 001").waitFor();
  await record().getByText("01/09/2016").waitFor();
  assert.deepEqual(await axe(staff), []);
  await staff.emulateMedia({ media: "print" });
  assert.equal(await record().isVisible(), false);
  await staff.emulateMedia({ media: "screen" });
  await record().getByRole("button", { name: "Ẩn" }).click();
  await record().waitFor({ state: "detached" });
  assert.doesNotMatch(await staff.locator("body").innerText(), /0900 000 001/);
});

test("editing opens the record as it is, and says so", async () => {
  await (await find(WHO)).getByRole("button", { name: "Sửa" }).click();
  const dialog = staff.locator("dialog[open]");
  await dialog.getByLabel("Điện thoại").waitFor();
  assert.equal(await dialog.getByLabel("Điện thoại").inputValue(), "0900 000 001");
  await dialog.getByLabel("Cấp bậc").fill("Thượng úy");
  await dialog.locator("button[type=submit]").click();
  await dialog.waitFor({ state: "detached" });
  await row(staff, WHO).getByText("Thượng úy").waitFor();
});

test("the auditor reads who looked and why; another agency reads nothing", async () => {
  await row(auditor, "Kiểm tra danh bạ trực").getByText(WHO).waitFor();
  assert.match(await row(auditor, "Kiểm tra danh bạ trực").innerText(), /Kiểm tra, giám sát[^]*Đỗ Minh Tiệp/);
  await row(auditor, "Sửa hồ sơ").getByText(WHO).waitFor();
  assert.doesNotMatch(await auditor.locator("body").innerText(), /0900/);
  await auditor.getByLabel("Mục đích").selectOption("edit");
  await row(auditor, "Kiểm tra danh bạ trực").waitFor({ state: "detached" });
  assert.deepEqual(await axe(auditor), []);
  await bank.getByText("Chưa ai xem hồ sơ cá nhân").waitFor();
  assert.deepEqual([staff, auditor, bank].flatMap((p) => p.faults), []);
});

test("on a telephone the record can be opened, too", async () => {
  await staff.setViewportSize({ width: 390, height: 844 });
  await (await find(WHO)).getByRole("button", { name: /^Xem hồ sơ/ }).click();
  await staff.getByLabel("Mục đích").selectOption("subject");
  await staff.getByLabel(/^Nội dung cụ thể/).fill("Yêu cầu số 02");
  await staff.locator("dialog[open] button[type=submit]").click();
  await record().getByText("0900 000 001").waitFor();
  assert.deepEqual(await axe(staff), []);
});
