// SPDX-License-Identifier: Apache-2.0
// A marshal's telephone that opens his list again while it has no connection: the list as last known with its time, taps
// that are kept and reach the node once, and nothing of it left when he logs out or the evacuation is over.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { asker, makeGate } from "./gatekit.mjs";
import { startLine } from "./line.mjs";
import { startNode } from "./node.mjs";

const NAMES = ["Nguyễn Văn An", "Trần Thị Bé", "Lê Văn Cường"];
let node, line, browser, to, phone, site, muster;

const declare = async (reason) => (await to("POST", "/musters", { site, kind: "real", reason })).id;
const people = async () => (await to("GET", `/muster-people?muster=${muster}&limit=50`)).items;
// Those who have a mark at the node, once there are n of them.
const marked = async (n) => {
  for (let i = 0; ; i++) {
    const all = (await people()).filter((p) => p.marks > 0);
    if (all.length >= n || i > 100) {
      return all;
    }
    await phone.waitForTimeout(200);
  }
};
const row = (name) => phone.locator(".marshal-row", { hasText: name });
const off = () => phone.locator(".lost-bar", { hasText: "Không có mạng. Danh sách lúc" });
const openList = async () => {
  await phone.goto(`/musters/${muster}/list`);
  await row("Phạm Văn Dũng").waitFor();
};
// What lies in the browser: names of evacuations' lists, and whether a name of a person stands anywhere in the clear.
const kept = () => phone.evaluate(async () => {
  const of = (r) => new Promise((done) => { r.onsuccess = () => done(r.result); });
  const db = await of(indexedDB.open("vonggac-gate"));
  const shelf = db.transaction("shelf").objectStore("shelf");
  const [keys, values] = [await of(shelf.getAllKeys()), await of(shelf.getAll())];
  db.close();
  return { lists: keys.filter((k) => k.startsWith("muster/")), clear: /Nguyễn|Trần/.test(JSON.stringify(values) + JSON.stringify(localStorage)) };
});
const keeps = async (n) => {
  for (let i = 0; ; i++) {
    const { lists } = await kept();
    if (lists.length === n || i > 50) {
      return assert.equal(lists.length, n);
    }
    await phone.waitForTimeout(100);
  }
};

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  const board = await openPage(browser, node.base, { state: await sessionOf(browser, node, "chihuy") });
  await board.goto("/musters");
  to = asker(board);
  const gate = await makeGate(to);
  site = gate.site;
  const dung = (await to("POST", "/gate-holders", { site, kind: "staff", name: "Phạm Văn Dũng" })).id;
  for (const { h } of [gate.people.an, gate.people.be, gate.people.cuong, { h: dung }]) {
    await to("POST", `/gate-points/${gate.main}/pass`, { holder: h, way: "in", why: "x" });
  }
  muster = await declare("Khói ở tầng 2");
  line = await startLine(node.base);
  phone = await openPage(browser, line.base, { width: 390, height: 844 });
  await logIn(phone, node.logins.canhgac);
});

after(async () => {
  await browser?.close();
  await line?.cut();
  await node?.stop();
});

test("the list opens again without a connection and takes three taps", async () => {
  await openList();
  await phone.waitForFunction(async () => !!(await navigator.serviceWorker.ready).active && (await caches.keys()).length === 1);
  await keeps(1);
  assert.equal((await kept()).clear, false);
  await line.cut();
  await phone.reload();
  await off().waitFor();
  assert.equal(await phone.locator(".marshal-row").count(), 4);
  await settled(phone);
  assert.deepEqual(await axe(phone), []);
  for (const name of NAMES) {
    await row(name).getByRole("button", { name: "An toàn", exact: true }).click();
  }
  await phone.reload(); // once more: the taps are still there
  await off().waitFor();
  assert.equal(await phone.locator(".marshal-row").count(), 1);
  await phone.getByText("3 chưa gửi", { exact: true }).waitFor();
});

test("back again the node has three marks, each once", async () => {
  assert.ok((await people()).every((p) => p.marks === 0));
  await line.mend();
  await off().waitFor({ state: "detached", timeout: 20_000 });
  const all = await marked(NAMES.length);
  assert.deepEqual(all.map((p) => p.name).sort(), [...NAMES].sort());
  assert.ok(all.every((p) => p.marks === 1 && p.state === "safe" && p.state_by_name === "Phạm Quốc Sỹ"));
});

test("with a mark that waits nobody logs out; logged out nothing stays", async () => {
  await row("Phạm Văn Dũng").waitFor();
  await phone.locator(".waiting").first().waitFor({ state: "detached" });
  await line.cut();
  await phone.locator(".frame.stale").waitFor();
  await row("Phạm Văn Dũng").getByRole("button", { name: "Chưa an toàn" }).click();
  const logOut = async () => {
    await phone.locator("header.top .menu > button").click();
    await phone.getByRole("menuitem", { name: "Đăng xuất" }).click();
  };
  await logOut();
  await phone.getByText("Còn 1 lần điểm danh chưa gửi được").waitFor();
  await line.mend();
  assert.equal((await marked(NAMES.length + 1)).length, NAMES.length + 1);
  await phone.locator(".waiting").first().waitFor({ state: "detached", timeout: 20_000 });
  await keeps(1);
  await logOut();
  await phone.locator('input[name="password"]').waitFor();
  await keeps(0);
  await line.cut();
  await phone.reload();
  await phone.getByText("Không nối được với máy chủ").waitFor();
  assert.equal(await phone.locator(".marshal-row").count(), 0);
  await line.mend();
});

test("when the evacuation is over its list goes, on another page too", async () => {
  await logIn(phone, node.logins.canhgac);
  await openList();
  await keeps(1);
  await phone.goto("/gate");
  await settled(phone);
  await to("POST", `/musters/${muster}/end`, { reason: "Đã rà từng phòng" });
  await keeps(0);
});
