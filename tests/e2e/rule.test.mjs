// SPDX-License-Identifier: Apache-2.0
// A rule from an empty form to being in force: a staff officer writes it by form, a slip in the text is shown at its
// line, the trial over the recorded day finds what the journal holds, the writer cannot approve it, the commander
// of the site can; a device's frame sets it off, and what the duty officer says of three alerts is its record on the
// fourth; withdrawn by two commanders, it is gone. A card let in is a sign no shipped rule looks at.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { logIn, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { frame, send } from "./panel.mjs";

let node, browser, writer, chief, chief2, duty, site;
let seq = 7000;
const kind = "badge_granted";
const NAME = "thu_tin_hieu";

const ask = (page, path) => page.evaluate(async (p) => (await fetch(`/api/v1${p}`)).json(), path);
const pickOf = (page, label) => page.getByLabel(`${label}: Thêm…`).first();
const ours = async () => (await ask(writer, `/rule-texts?name=${NAME}`)).items;

async function badge() {
  const d = JSON.parse(readFileSync(join(node.data, "demo-devices.json"), "utf8")).devices.find((x) => x.name === "bank_doors");
  const answer = await send(node.dc09, frame({ account: d.address, key: Buffer.from(d.key, "hex"), seq: ++seq, code: "DG", point: "002" }));
  assert.match(answer, /"\*ACK"/);
}

before(async () => {
  node = await startNode({ simulate: 120 });
  browser = await openBrowser();
  const as = async (login) => openPage(browser, node.base, { state: await sessionOf(browser, node, login) });
  writer = await as("thammuu");
  chief = await as("chihuy");
  await writer.goto("/rules");
  await settled(writer);
  site = (await ask(writer, "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  duty = await as("trucban");
  const { agency } = (await ask(writer, "/session")).user;
  const keeper = await as("quantri");
  await keeper.goto("/");
  const SECOND = { login: "chihuy2", password: "mot cau du dai de vao" };
  await keeper.evaluate(async (body) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
    await fetch("/api/v1/users", { method: "POST", headers, body: JSON.stringify(body) });
  }, { ...SECOND, name: "Người thứ hai", agency, role: "site_commander", site });
  await keeper.context().close();
  chief2 = await openPage(browser, node.base);
  await logIn(chief2, SECOND);
  await sleep(3_000);  // a part of the demo's day
  await node.stopSimulator();
  await badge();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("written by form, the text beside it", async () => {
  await writer.getByRole("button", { name: "Soạn quy tắc" }).click();
  await writer.getByLabel("Tiêu đề", { exact: true }).fill("Tín hiệu thử: có dấu hai chấm");
  await writer.getByLabel("Mã quy tắc").fill(NAME);
  await writer.getByRole("button", { name: "Thêm sự kiện" }).click();
  await pickOf(writer, "Tín hiệu").selectOption(kind);
  await pickOf(writer, "Diễn biến").selectOption("any");
  await pickOf(writer, "Mục tiêu").selectOption(site);
  const text = writer.locator(".text-pane textarea");
  const value = await text.inputValue();
  assert.match(value, new RegExp(`kind: ${kind}\\n {4}verb: any\\n {4}site: ${site}`));
  assert.match(value, /title: "Tín hiệu thử: có dấu hai chấm"/);
  await writer.locator(".rule-check.good").waitFor();
  // the text changes the form; what the form cannot show it says
  await text.fill(value.replace("level: medium", "level: high"));
  await writer.waitForFunction(() => [...document.querySelectorAll("select")].some((s) => s.value === "high"));
  await text.fill(value.replace("level: medium", "levle: medium"));
  await writer.locator(".note-box").waitFor();
  await writer.locator(".rule-check.bad", { hasText: "levle" }).waitFor();
  const line = value.split("\n").findIndex((l) => l.startsWith("level:")) + 1;
  assert.equal((await writer.locator(".gutter .wrong").innerText()).trim(), String(line));
  await text.fill(value);
  await writer.locator(".rule-check.good").waitFor();
  await writer.getByRole("button", { name: "Lưu bản thảo" }).click();
  await writer.locator(".rule-sentence").waitFor();
  assert.deepEqual((await ours()).map((x) => x.state), ["draft"]);
});

test("tried on the recorded day, against nothing in force", async () => {
  await writer.getByRole("button", { name: "Chạy thử" }).click();
  await writer.locator("dialog[open] button[type=submit]").click();
  await writer.locator(".counts").waitFor({ timeout: 30_000 });
  const found = (await ask(writer, "/rule-trial-sites")).items.filter((s) => s.current);
  assert.equal(found.length, 1);
  for (const s of found) {
    assert.equal(s.site, site);
    assert.equal(s.only_active + s.both, 0);
    assert.ok(s.examples.length > 0);
  }
  assert.equal(await writer.locator(".counts dd").first().innerText(), String(found[0].only_draft));
  assert.ok(await writer.locator(".examples li").count() > 0);
});

test("tried on a file: a bad line is said at the field, a good one compared, and nothing stays", async () => {
  const file = (line) => ({ name: "mau.csv", mimeType: "text/csv", buffer: Buffer.from(`\uFEFFtime;site;kind\n${line}\n`) });
  const before = (await ours())[0];
  await writer.getByRole("button", { name: "Chạy thử" }).click();
  await writer.getByRole("button", { name: "Tệp sự kiện" }).click();
  const input = writer.locator("dialog[open] input[type=file]");
  await input.setInputFiles(file(`hôm qua;${site};${kind}`));
  await writer.locator("dialog[open] button[type=submit]").click();
  await writer.locator("dialog[open] .field.wrong .error", { hasText: "Dòng 2" }).waitFor();
  assert.equal(await writer.locator("dialog[open] p.error").count(), 0);
  await input.setInputFiles(file(`2026-11-22T22:01:05+07:00;${site};${kind}\n2026-11-22T22:09:00+07:00;Nơi khác;${kind}`));
  await writer.locator("dialog[open] button[type=submit]").click();
  const found = writer.locator("section[aria-labelledby=rule-file]");
  await found.getByText("Đã đọc 2 sự kiện").waitFor();
  assert.deepEqual(await found.locator(".counts dd").allInnerTexts(), ["1", "0", "1", "0", "0"]);
  assert.match(await found.locator(".examples li").innerText(), /22:01:05.* 2$/);
  assert.equal(await found.locator(".examples a").count(), 0);
  const after = (await ours())[0];
  assert.deepEqual([after.trial_state, after.trial_from], [before.trial_state, before.trial_from]);
});

test("the writer cannot approve it, the commander can", async () => {
  assert.equal(await writer.getByRole("button", { name: "Phê duyệt" }).count(), 0);
  await chief.goto(`/rules/${NAME}`);
  await chief.getByRole("button", { name: "Phê duyệt" }).click();
  const over = (await ours())[0].trial_over;
  if (over) {
    await chief.locator("dialog[open] textarea").fill("Tuần thử nghiệm");
  }
  await chief.locator("dialog[open] button[type=submit]").click();
  await chief.locator("dialog[open]").waitFor({ state: "detached" });
  await chief.goto("/rules?view=active");
  await chief.locator(`#rule-${NAME}`, { hasText: "đang chạy" }).waitFor();
  assert.equal((await ours())[0].approver_name, node.logins.chihuy ? "Trần Hữu Nghĩa" : null);
});

test("a frame sets it off, and three dispositions are its record", async () => {
  await duty.goto("/");
  await settled(duty);
  const said = ["false_device", "real", "false_person"];
  for (let i = 0; i <= said.length; i++) {
    await badge();
    await duty.locator(".queue .item", { hasText: "Tín hiệu thử" }).click();
    const detail = duty.locator("#detail");
    await detail.locator(".evidence li").first().waitFor();
    if (i < said.length) {
      await detail.getByRole("button", { name: "Đóng báo động" }).click();
      await duty.locator("dialog[open] select").selectOption(said[i]);
      await duty.locator("dialog[open] button[type=submit]").click();
      await duty.locator(".queue .item", { hasText: "Tín hiệu thử" }).waitFor({ state: "detached" });
    } else {
      await detail.getByText("3 lần đã kết luận: 1 đúng, 2 giả.").waitFor();
    }
  }
  const { items: [a] } = await ask(duty, `/alerts?rule=${NAME}&state=open`);
  assert.deepEqual([a.record_n, a.record_false, a.evidence[0].kind], [3, 2, kind]);
});

test("withdrawn with a reason and by a second person, it is in force no more", async () => {
  await chief.goto(`/rules/${NAME}`);
  await chief.getByRole("button", { name: "Ngừng quy tắc" }).click();
  await chief.locator("dialog[open] textarea").fill("Hết thử");
  await chief.locator("dialog[open] button[type=submit]").click();
  await chief.locator(".toast", { hasText: "chờ người thứ hai duyệt" }).waitFor();
  assert.equal((await ours())[0].state, "active");
  await chief2.goto("/second");
  await chief2.getByText("Ngừng quy tắc báo động Tín hiệu thử: có dấu hai chấm").waitFor();
  await chief2.getByRole("button", { name: "Xem và quyết định" }).click();
  await chief2.getByText("Duyệt, thực hiện ngay").click();
  await chief2.locator("dialog[open] button[type=submit]").click();
  for (let i = 0; i < 50 && (await ours())[0].state !== "retired"; i++) {
    await sleep(100);
  }
  assert.equal((await ours())[0].ended_why, "Hết thử");
  assert.deepEqual([...writer.faults, ...chief.faults, ...chief2.faults, ...duty.faults], []);
});
