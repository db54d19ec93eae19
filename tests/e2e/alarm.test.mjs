// SPDX-License-Identifier: Apache-2.0
// The main job, as its users do it: a panel's frames over a real socket, one explained alert on the duty
// officer's screen, an incident, its log, its closing record; and a journal that still proves itself.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { frame, send } from "./panel.mjs";

let node, browser, devices;

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  devices = JSON.parse(readFileSync(join(node.data, "demo-devices.json"), "utf8")).devices;
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

function panel(name) {
  const d = devices.find((x) => x.name === name);
  return { account: d.address, key: Buffer.from(d.key, "hex") };
}

const report = async (name, message) => {
  const answer = await send(node.dc09, frame({ ...panel(name), ...message }));
  assert.match(answer, /"\*ACK"/, `no acknowledgement for ${JSON.stringify(message)}: ${JSON.stringify(answer)}`);
};

// The commander, whose agency set it up, lets alerts tell nothing of the sensor at the fence.
async function fenceUntold() {
  const page = await openPage(browser, node.base, { lang: "vi" });
  await logIn(page, node.logins.chihuy);
  const list = await page.evaluate(async () => (await (await fetch("/api/v1/sources?limit=200")).json()).items);
  await page.goto(`/sources?source=${list.find((s) => s.address === panel("bank_fence").account).id}`);
  await page.getByLabel("Báo động nêu tên và nội dung của nguồn tin này").click();
  await page.getByText("Báo động từ nay không nêu tên").waitFor();
  assert.equal(await page.getByLabel("Báo động nêu tên và nội dung của nguồn tin này").isChecked(), false);
  assert.deepEqual(page.faults, []);
  await page.context().close();
}

test("one alarm, from the frame to the closed incident", async () => {
  await fenceUntold();
  const page = await openPage(browser, node.base, { lang: "vi" });
  await logIn(page, node.logins.trucban);
  await settled(page);
  assert.equal(await page.locator("#detail .what h2").count(), 0, "the desk is calm before");

  // 10:12 fence vibration, then the vault corridor's door is forced: one alert with two pieces of evidence
  await report("bank_fence", { seq: 1, code: "BA", point: "002", text: "HANG RAO" });
  await page.locator("#detail .what h2").waitFor({ timeout: 5_000 });
  const sent = Date.now();
  await report("bank_alarm", { seq: 1, code: "BA", point: "004", text: "CUA HANH LANG" });
  const title = page.locator("#detail h2", { hasText: "hàng rào, sau đó cửa" });
  await title.waitFor({ timeout: 5_000 });
  console.log(`# frame sent to alert shown: ${Date.now() - sent} ms`);
  assert.equal(await page.locator("#detail .evidence li").count(), 2);
  assert.equal(await page.locator("#detail .evidence li", { hasText: "nguồn tin không nêu tên" }).count(), 1);
  assert.equal(await page.locator("#detail .evidence", { hasText: "HANG RAO" }).count(), 0);
  assert.equal(await page.locator("#detail .evidence", { hasText: "CUA HANH LANG" }).count(), 1);
  const open = await page.evaluate(async () => (await (await fetch("/api/v1/alerts?state=open")).json()).total);
  assert.equal(open, 1, "one happening is one alert");

  // A acknowledges; then the incident
  await page.keyboard.press("a");
  await page.locator("#detail .what", { hasText: "Đã tiếp nhận" }).waitFor();
  await page.locator("#detail").getByRole("button", { name: "Mở vụ việc" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator('button[type="submit"]').click();
  await page.waitForURL(/\/incidents\//);
  await page.locator(".incident-head .num", { hasText: /VV-.+-0001/ }).waitFor();

  // its log, and a second officer sees it live
  const other = await openPage(browser, node.base, { lang: "vi" });
  await logIn(other, node.logins.chihuy);
  await other.goto(new URL(page.url()).pathname);
  await settled(other);
  await page.locator("section.log textarea").fill("Đã điều tổ tuần tra tới hành lang kho tiền");
  await page.locator('section.log button[type="submit"]').click();
  await other.locator(".log-list", { hasText: "Đã điều tổ tuần tra" }).waitFor({ timeout: 5_000 });

  // he takes evidence of it, and the file proves itself without the node
  await other.locator(".incident-head").getByRole("button", { name: "Xuất hồ sơ chứng cứ" }).click();
  await other.locator("dialog[open] textarea").fill("theo yêu cầu số 12/YC");
  const [bundle] = await Promise.all([
    other.waitForEvent("download"),
    other.locator('dialog[open] button[type="submit"]').click(),
  ]);
  assert.match(bundle.suggestedFilename(), /^chung-cu-VV-.+-0001\.zip$/);
  const proof = spawnSync(process.env.VG_BIN, ["evidence", "check", await bundle.path(), "--json"], { encoding: "utf8" });
  assert.equal(proof.status, 0, proof.stderr);
  assert.ok(JSON.parse(proof.stdout).events >= 3);
  await other.locator("dialog[open]").waitFor({ state: "detached" });
  assert.deepEqual(other.faults, []);
  await other.context().close();

  // closing asks for everything the record needs
  await page.locator(".incident-head").getByRole("button", { name: "Kết thúc vụ việc" }).click();
  const submit = dialog.locator('button[type="submit"]');
  assert.ok(await submit.isDisabled(), "nothing closes without its record");
  await dialog.locator('input[type="text"]').first().fill("Rung hàng rào phía sau");
  for (const [group, value] of [["found", "sensor"], ["surprise", "no"], ["harm", "none"]]) {
    await dialog.locator(`input[name="${group}"][value="${value}"]`).check({ force: true });
  }
  await dialog.locator("textarea").fill("Kiểm tra hiện trường: không có người đột nhập, khoá cửa hỏng.");
  await submit.click();
  await page.locator(".closing", { hasText: "Rung hàng rào phía sau" }).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a lost link is said at once and mended by itself", async () => {
  const page = await openPage(browser, node.base, { lang: "vi" });
  await logIn(page, node.logins.trucban);
  await settled(page);
  await page.context().setOffline(true);
  node.serve.kill("SIGSTOP");
  await page.locator(".lost-bar").first().waitFor({ timeout: 5_000 });
  node.serve.kill("SIGCONT");
  await page.context().setOffline(false);
  await page.locator(".lost-bar").first().waitFor({ state: "detached", timeout: 10_000 });
  await page.context().close();
});

test("afterwards the journal verifies and the tables equal a rebuild", async () => {
  await sleep(1_200);  // the seal of the last second
  for (const verb of [["verify"], ["rebuild", "--check"]]) {
    const run = spawnSync(process.env.VG_BIN, [...verb, "--data", node.data, "--json"], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    assert.ok(JSON.parse(run.stdout).ok);
  }
});
