// SPDX-License-Identifier: Apache-2.0
// The gate as a guard keeps it: a badge and a key, an answer in words, a reason against advice, a lost badge, a name, a
// plate; nothing but keys.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { asker, makeGate, says, scan } from "./gatekit.mjs";
import { startNode } from "./node.mjs";

let node, browser, chief, guard, gate;

const past = (page) => page.waitForTimeout(450); // the echo of a scanner's second key is not taken for a yes

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  chief = await openPage(browser, node.base);
  await logIn(chief, node.logins.chihuy);
  gate = await makeGate(asker(chief));
  guard = await openPage(browser, node.base);
  await logIn(guard, node.logins.canhgac);
  await guard.goto("/gate");
  await guard.getByRole("button", { name: "Cổng chính · Vào" }).click();
  await guard.locator(".gate-entry input").waitFor();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("a badge and a key let somebody in, and he is counted", async () => {
  await scan(guard, "T-0001");
  await says(guard, "ĐI");
  await guard.locator(".gate-body h2", { hasText: "Nguyễn Văn An" }).waitFor();
  await guard.keyboard.press("Enter"); // the echo
  await past(guard);
  await guard.locator(".gate-band").waitFor();
  await guard.keyboard.press("Enter");
  await guard.getByText("Đã cho qua: Nguyễn Văn An").waitFor();
  await guard.locator(".gate-inside dd", { hasText: "1" }).waitFor();
  await guard.locator(".gate-recent li", { hasText: "Nguyễn Văn An" }).waitFor();
});

test("against advice needs a reason, and a scan is none", async () => {
  await scan(guard, "T-0001");
  await says(guard, "DỪNG");
  await guard.getByText(/Đã vào lúc .*, chưa ra/).waitFor();
  await past(guard);
  await guard.keyboard.press("Enter");
  await guard.locator(".gate-why").waitFor();
  await scan(guard, "2123");
  await guard.waitForTimeout(300);
  await guard.locator(".gate-why").waitFor();
  await guard.locator(".gate-why input").fill("");
  await guard.keyboard.press("2");
  await guard.getByText("Đã cho qua: Nguyễn Văn An").waitFor();
  const items = (await asker(chief)("GET", "/passages?limit=200")).items.filter((p) => p.holder === gate.people.an.h);
  assert.equal(items[0].why, "Chỉ huy cho phép");
  assert.equal(items[0].flags, 1);
});

test("a lost badge stops, and turning away needs no reason then", async () => {
  await asker(chief)("POST", `/badges/${gate.people.be.badge}/end`, { state: "lost" });
  await scan(guard, "T-0002");
  await says(guard, "DỪNG");
  await guard.getByText("Thẻ đã báo mất").waitFor();
  await guard.keyboard.press("Delete");
  await guard.getByText("Đã không cho qua: Trần Thị Bé").waitFor();
  assert.equal((await asker(chief)("GET", "/refusals?limit=5")).items.length, 1);
});

test("a name without marks and a plate without dots find who it is", async () => {
  await scan(guard, "le cuong");
  await guard.getByRole("button", { name: /Lê Văn Cường/ }).waitFor();
  await past(guard);
  await guard.keyboard.press("Enter");
  await says(guard, "ĐI");
  await guard.keyboard.press("Escape");
  await scan(guard, "29C12345");
  await says(guard, "HỎI");
  await guard.locator(".gate-body h2", { hasText: "29C-123.45" }).waitFor();
  await guard.getByText("Quy tắc: Xe tải ngoài giờ").waitFor();
  await guard.keyboard.press("Escape");
  await scan(guard, "khong ai ca");
  await says(guard, "DỪNG");
  await guard.getByText("Thẻ không có trong sổ").waitFor();
  await guard.keyboard.press("Escape");
});

test("fingers in gloves find the keys, and nobody is kept out by his eyes", async () => {
  await scan(guard, "T-0003");
  await says(guard, "ĐI");
  for (const box of await guard.locator(".gate-middle .gate-key, .gate-entry input").all()) {
    assert.ok((await box.boundingBox()).height >= 56);
  }
  await settled(guard);
  assert.deepEqual(await axe(guard), []);
  await guard.keyboard.press("Escape");
  await chief.goto("/gate-register?view=places");
  await chief.getByText("Kho tiền số 2").first().waitFor();
  await settled(chief);
  assert.deepEqual(await axe(chief), []);
});

test("who makes the pair and who is first in: put on a list, and off it", async () => {
  const to = asker(chief), listed = async () => (await to("GET", `/gate-lists?area=${gate.vault}&limit=50`)).items;
  await chief.goto("/gate-register?view=places");
  await chief.getByText("Chưa có ai trong danh sách").waitFor();
  for (const [name, list] of [["tran thi be", "b"], ["le van cuong", "first"]]) {
    await chief.getByRole("button", { name: "Thêm vào danh sách" }).click();
    const dialog = chief.locator("dialog[open]");
    await dialog.getByLabel("Khu vực").selectOption(gate.vault);
    await dialog.getByLabel("Danh sách").selectOption(list);
    await dialog.getByLabel("Tên hoặc biển số").fill(name);
    await dialog.locator(".choice").first().click();
    assert.deepEqual(await axe(chief), []);
    await dialog.locator("button[type=submit]").click();
    await dialog.waitFor({ state: "detached" });
  }
  const row = chief.getByRole("row", { name: /Trần Thị Bé.*B, người thứ hai của đôi/ });
  await row.waitFor();
  assert.deepEqual((await listed()).map((l) => l.list).sort(), ["b", "first"]);
  // Nobody of the list is inside: whoever is on none is stopped at the door.
  const door = (badge) => to("POST", `/gate-points/${gate.door}/ask`, { way: "in", badge });
  assert.ok((await door("T-0001")).reasons.some((r) => r.code === "first_not_in"));
  assert.ok(!(await door("T-0003")).reasons.some((r) => r.code === "first_not_in"));
  for (const name of [/Trần Thị Bé/, /Lê Văn Cường/]) {
    await chief.getByRole("row", { name }).getByText(name).click();
    await chief.locator("dialog[open]").getByText(/bỏ khỏi danh sách/).waitFor();
    await chief.locator("dialog[open] button[type=submit]").click();
    await chief.locator("dialog[open]").waitFor({ state: "detached" });
  }
  await chief.getByText("Chưa có ai trong danh sách").waitFor();
  assert.deepEqual(await listed(), []);
  await settled(chief);
  assert.deepEqual(await axe(chief), []);
});

test("the registers: a badge is issued and lost, a rule is said back, a violation forgiven", async () => {
  await chief.goto("/gate-register?view=holders");
  await chief.getByText("Nguyễn Văn An").first().click();
  const dialog = chief.locator("dialog[open]");
  await dialog.getByRole("button", { name: "Báo mất" }).click();
  await dialog.locator("button[type=submit]").click();
  await dialog.getByText("Đã mất").waitFor();
  await dialog.getByRole("button", { name: "Cấp thẻ" }).click();
  await dialog.locator("input").first().fill("T-0101");
  await dialog.locator("button[type=submit]").click();
  await dialog.getByText("T-0101").waitFor();
  await dialog.getByRole("button", { name: "Bỏ qua vi phạm" }).click();
  await dialog.locator("input").first().fill("Ra cổng phụ lúc mất điện");
  await dialog.locator("button[type=submit]").click();
  await dialog.getByRole("button", { name: "Cấp thẻ" }).waitFor();
  await chief.keyboard.press("Escape");
  await chief.goto("/gate-register?view=rules");
  await chief.getByRole("button", { name: "Thêm quy tắc" }).click();
  await chief.locator("dialog[open] select").first().selectOption(gate.site);
  await chief.locator("dialog[open] input[type=text]").first().fill("Nhà thầu ban đêm");
  await chief.locator("dialog[open] textarea").fill('holder.kind = "contractor" and time in 22:00..05:00');
  await chief.getByText(/^Đúng khi: /).waitFor();
  await chief.locator("dialog[open] button[type=submit]").click();
  await chief.getByText("Nhà thầu ban đêm").waitFor();
  await chief.goto("/gate-register");
  await chief.getByText("Bỏ qua vi phạm").first().waitFor();
  await scan(guard, "T-0101");
  await says(guard, "ĐI");
  await guard.keyboard.press("Escape");
  assert.deepEqual([...guard.faults, ...chief.faults], []);
});
