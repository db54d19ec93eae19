// SPDX-License-Identifier: Apache-2.0
// What arrives by itself: requests as the makers' devices send them (tests/data/device), over the real port. A plate is on
// the terminal, one key takes it up, one lets it in; what a reader let through is in the register without anybody.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { asker, deviceSays, makeGate, plateRead, says, scan } from "./gatekit.mjs";
import { sleep, startNode } from "./node.mjs";

const KEY = "000102030405060708090a0b0c0d0e0f";
let node, browser, chief, guard, gate, ask, camera, turnstile;

const past = (page) => page.waitForTimeout(450); // the echo of a scanner's second key is not taken for a yes
const until = async (what) => {
  for (let i = 0; i < 200; i++) {
    const got = await what();
    if (got) {
      return got;
    }
    await sleep(100);
  }
  throw new Error("not within 20 s");
};
const passages = async (holder) =>
  (await ask("GET", "/passages?limit=200")).items.filter((p) => !holder || p.holder === holder);

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  chief = await openPage(browser, node.base);
  await logIn(chief, node.logins.chihuy);
  ask = asker(chief);
  gate = await makeGate(ask);
  const source = async (name, proto, address, more) =>
    (await ask("POST", "/sources", { site: gate.site, name, proto, address, ...more })).id;
  camera = await source("Camera cổng chính", "hikvision", "02:00:5E:10:00:01", { key: KEY });
  turnstile = await source("Cửa xoay", "hikvision", "02:00:5E:10:00:02", { key: KEY });
  await ask("POST", `/gate-points/${gate.main}`, { source: camera });
  await ask("POST", `/gate-points/${gate.door}`, { source: turnstile, auto: "records" });
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

const addressOf = async (id) => node.device() + (await ask("GET", `/sources/${id}/device-setup`)).path;

test("a plate the camera reads is on the terminal, two keys let it in", async () => {
  await ask("POST", "/gate-holders", { site: gate.site, kind: "vehicle", class: "van", name: "51A-123.45" });
  await plateRead(await addressOf(camera), "51A12345");
  const row = guard.locator(".gate-arrival");
  await row.filter({ hasText: "51A-123.45" }).waitFor();
  await guard.locator(".gate-arrival.green", { hasText: "ĐI" }).waitFor();
  await row.filter({ hasText: /camera đọc biển · \d\d:\d\d:\d\d · xe đã đăng ký/ }).waitFor();
  await settled(guard);
  assert.deepEqual(await axe(guard), []);
  await past(guard);
  await guard.keyboard.press("Enter"); // takes it up
  await says(guard, "ĐI");
  await guard.locator(".gate-body h2", { hasText: "51A-123.45" }).waitFor();
  await past(guard);
  await guard.keyboard.press("Enter");
  await guard.getByText("Đã cho qua: 51A-123.45").waitFor();
  await row.filter({ hasText: "51A-123.45" }).waitFor({ state: "detached" });
  const [p] = await passages();
  assert.equal(p.name, "51A-123.45");
  assert.equal(p.source, null);
  assert.ok(p.asked && Date.parse(p.moved) - Date.parse(p.asked) >= 400);
});

test("a truck is asked about, its rule is said, and nothing is left waiting when it is turned away", async () => {
  await plateRead(await addressOf(camera), "29C12345");
  await guard.locator(".gate-arrival.ask", { hasText: "Quy tắc: Xe tải ngoài giờ" }).click();
  await says(guard, "HỎI");
  await guard.keyboard.press("Delete");
  await guard.getByText("Đã không cho qua: 29C-123.45").waitFor();
  await guard.locator(".gate-arrival").waitFor({ state: "detached" });
});

test("one that is expected says who receives it; one that was misread is asked about", async () => {
  const hour = (h) => new Date(Date.now() + h * 3600e3).toISOString();
  await ask("POST", "/expected-vehicles", { site: gate.site, plate: "30F-888.88", starts: hour(-1), ends: hour(1), goods: "Giấy in", host: "Phòng Hành chính" });
  const due = guard.locator(".gate-due .gate-key", { hasText: "30F-888.88" });
  await due.filter({ hasText: "Giấy in · người đón: Phòng Hành chính" }).waitFor();
  await scan(guard, "30f8888b"); // an 8 typed as a B
  await guard.getByRole("button", { name: /30F-888.88 · có thể đọc nhầm/ }).waitFor();
  await past(guard);
  await guard.keyboard.press("Enter");
  await says(guard, "ĐI");
  await guard.locator(".gate-body", { hasText: "người đón: Phòng Hành chính" }).waitFor();
  await past(guard);
  await guard.keyboard.press("Enter");
  await guard.getByText("Đã cho qua: 30F-888.88").waitFor();
  await due.waitFor({ state: "detached" }); // ticked off by itself
  await scan(guard, "43B98765");
  await says(guard, "HỎI");
  await guard.getByText("Biển không có trong sổ, không hẹn").waitFor();
  await guard.keyboard.press("Escape");
});

test("what the turnstile let through is a passage, what it refused a refusal, each once", async () => {
  const to = await addressOf(turnstile);
  await ask("POST", "/badges", { holder: gate.people.an.h, code: "207", kind: "card" });
  const at = Date.now() - 60_000;
  for (let i = 0; i < 2; i++) { // sent again, as devices do
    await deviceSays(to, "hik_access_face_multipart", { at });
    await deviceSays(to, "hik_access_denied", { at: at + 5000 });
  }
  const [p] = await until(async () => (await passages(gate.people.an.h)).length && passages(gate.people.an.h));
  assert.equal(p.source, turnstile);
  assert.equal(p.source_name, "Cửa xoay");
  assert.equal(p.decided_by_name, null);
  assert.equal(p.point_name, "Cửa kho");
  const refused = await until(async () => {
    const all = (await ask("GET", "/refusals?limit=20")).items.filter((r) => r.source === turnstile);
    return all.length && all;
  });
  assert.equal(refused.length, 1);
  assert.equal((await passages(gate.people.an.h)).length, 1);
  await chief.goto("/gate-register");
  await chief.getByText("Nguyễn Văn An").first().waitFor();
  await settled(chief);
  await chief.getByText("Thiết bị: Cửa xoay").first().waitFor();
  await guard.locator(".gate-recent li", { hasText: "thiết bị tự ghi" }).first().waitFor();
});

test("a point is told its device at the register; how long people waited stands in the figures", async () => {
  await chief.goto("/gate-register?view=places");
  await chief.getByText("Cửa kho").first().click();
  const dialog = chief.locator("dialog[open]");
  await dialog.getByLabel("Thiết bị của điểm").waitFor();
  assert.equal(await dialog.getByLabel("Ai quyết định").inputValue(), "records");
  await settled(chief);
  assert.deepEqual(await axe(chief), []);
  await chief.keyboard.press("Escape");
  await chief.goto(`/gate-figures?days=7&site=${gate.site}`);
  await chief.getByText("Thời gian chờ trả lời").waitFor();
  assert.deepEqual([...guard.faults, ...chief.faults], []);
});
