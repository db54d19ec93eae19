// SPDX-License-Identifier: Apache-2.0
// An evacuation with 140 people inside: declared, everybody unknown; a badge, a marshal's telephone that loses its network
// and gets it back, somebody on nobody's list, one who stays on duty; who is still inside on paper; ended by the
// commander with a reason, a late mark kept and flagged; and an exercise beside the real one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, board, phone, muster;
const PEOPLE = 140;
const site = { id: "", gate: "", store: "" };

const ask = (page, method, path, body) => page.evaluate(async ([m, p, b]) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
  const answer = await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) });
  if (!answer.ok) {
    throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`);
  }
  return answer.json();
}, [method, path, body]);

// 140 people through the gate, every tenth on into the store.
const fill = (page) => page.evaluate(async ([n, s]) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const post = async (path, body) => {
    const answer = await fetch(`/api/v1${path}`, { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() } });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()).id;
  };
  const one = async (i) => {
    const name = `Nguyễn Văn ${String(i).padStart(3, "0")}`, code = `S-${i}`;
    const holder = await post("/gate-holders", { site: s.id, kind: i % 5 ? "staff" : "visitor", name });
    await post("/badges", { holder, code, kind: "card" });
    await post(`/gate-points/${s.gate}/pass`, { badge: code, way: "in", why: "x" });
    if (i % 10 === 0) {
      await post(`/gate-points/${s.store}/pass`, { badge: code, way: "in", why: "x" });
    }
  };
  for (let i = 0; i < n; i += 20) {
    await Promise.all(Array.from({ length: Math.min(20, n - i) }, (_, k) => one(i + k)));
  }
}, [PEOPLE, site]);

const people = async () => {
  const { items } = await ask(board, "GET", `/muster-people?muster=${muster}&limit=200`);
  return items;
};
const count = (state) => board.locator(`.muster-counts .${state} dd`);
const shows = (state, n) => count(state).filter({ hasText: new RegExp(`^${n}$`) }).waitFor();
const row = (name) => phone.locator(".marshal-row", { hasText: name });
const touch = (name, words) => row(name).getByRole("button", { name: words, exact: true }).click();

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  board = await openPage(browser, node.base, { state: await sessionOf(browser, node, "chihuy") });
  phone = await openPage(browser, node.base, { width: 390, height: 844, state: await sessionOf(browser, node, "canhgac") });
  await board.goto("/musters");
  await settled(board);
  site.id = (await ask(board, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const yard = (await ask(board, "POST", "/gate-areas", { site: site.id, name: "Khuôn viên" })).id;
  const store = (await ask(board, "POST", "/gate-areas", { site: site.id, name: "Kho tiền", parent: yard })).id;
  site.gate = (await ask(board, "POST", "/gate-points", { site: site.id, name: "Cổng chính", inner: yard })).id;
  site.store = (await ask(board, "POST", "/gate-points", { site: site.id, name: "Cửa kho", outer: yard, inner: store })).id;
  await fill(board);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("declared: everybody inside is unknown, by area", async () => {
  await board.getByRole("button", { name: "Ra lệnh sơ tán" }).click();
  const dialog = board.locator("dialog[open]");
  await dialog.locator("select").first().selectOption(site.id);
  await dialog.getByLabel("Vì sao sơ tán").fill("Khói ở tầng 2");
  await dialog.locator("button[type=submit]").click();
  await board.waitForURL(/\/musters\/[a-z0-9]{16}$/);
  muster = board.url().split("/").pop();
  await shows("unknown", PEOPLE);
  await board.getByRole("heading", { name: "Khuôn viên · 126" }).waitFor();
  await board.getByRole("heading", { name: "Kho tiền · 14" }).waitFor();
  assert.deepEqual(await axe(board), []);
});

test("a badge at the assembly point is seen on the board at once", async () => {
  await phone.goto(`/musters/${muster}/list`);
  await settled(phone);
  assert.equal(await phone.locator(".marshal-row").count(), PEOPLE);
  assert.deepEqual(await axe(phone), []);
  await phone.getByLabel("Điểm tập kết").selectOption({ label: "Điểm tập kết sân trước" });
  await phone.getByLabel("Mã thẻ").fill("S-10");
  await phone.getByLabel("Mã thẻ").press("Enter");
  await shows("safe", 1);
  await board.locator(".muster-points li", { hasText: "Điểm tập kết sân trước: 1" }).waitFor();
});

test("a telephone without network keeps its marks, and they arrive once with their own moment", async () => {
  await phone.context().setOffline(true);
  const cut = Date.now();
  await touch("Nguyễn Văn 001", "An toàn");
  await touch("Nguyễn Văn 002", "An toàn");
  await touch("Nguyễn Văn 003", "Chưa an toàn");
  await touch("Nguyễn Văn 003", "Chưa an toàn");  // a second time: told twice
  await phone.getByLabel("Mã thẻ").fill("S-20");
  await phone.getByLabel("Mã thẻ").press("Enter");
  await phone.getByRole("button", { name: "Thêm người" }).click();
  await phone.locator("dialog[open]").getByLabel("Họ tên").fill("Thợ điện");
  await phone.locator("dialog[open] button[type=submit]").click();
  await phone.getByRole("button", { name: /^Tất cả/ }).click();
  await row("Thợ điện").getByText("Chưa gửi được").waitFor();
  await touch("Thợ điện", "Chưa an toàn");  // of somebody whom the node does not know yet
  await touch("Thợ điện", "An toàn");
  await phone.waitForTimeout(1500);
  assert.equal((await people()).filter((p) => p.state !== "unknown").length, 1);
  // Meanwhile somebody else finds one of them elsewhere, later: that holds.
  const one = (await people()).find((p) => p.name === "Nguyễn Văn 002");
  await ask(board, "POST", `/musters/${muster}/marks`, { person: one.id, state: "not_here" });
  await phone.context().setOffline(false);
  await phone.locator(".waiting").first().waitFor({ state: "detached", timeout: 20_000 });
  await shows("safe", 4);  // the first tap, 001, the badge taken offline, the electrician
  await shows("unsafe", 1);
  await shows("not_here", 1);
  const all = await people();
  assert.equal(all.length, PEOPLE + 1);
  const told = all.find((p) => p.name === "Nguyễn Văn 001");
  assert.ok(Date.parse(told.state_at) - cut < 1500, told.state_at);
  assert.equal(all.filter((p) => p.origin === "added").length, 1);
});

test("who is still inside, and where last seen, on paper", async () => {
  await board.emulateMedia({ media: "print" });
  const lines = board.locator("section[aria-labelledby=muster-inside] tbody tr");
  assert.equal(await lines.count(), PEOPLE - 4);
  const line = lines.filter({ hasText: "Nguyễn Văn 030" });
  await line.getByText(/Kho tiền · Cửa kho · \d\d\/\d\d\/\d{4} \d\d:\d\d/).waitFor();
  await board.getByText(/^In lúc/).waitFor();
  assert.equal(await board.locator(".page-head .button").first().isVisible(), false);
  assert.ok((await board.pdf()).length > 20_000);
  await board.emulateMedia({ media: null });
});

test("one stays on duty; ended with a reason; what comes late is kept and flagged", async () => {
  await board.getByRole("row", { name: /Nguyễn Văn 040/ }).getByRole("button", { name: "Cho ở lại" }).click();
  await board.locator("dialog[open]").getByLabel("Ở lại làm gì").fill("Trực lò hơi");
  await board.locator("dialog[open] button[type=submit]").click();
  await shows("excluded", 1);
  await board.getByRole("button", { name: "Kết thúc sơ tán" }).click();
  await board.locator("dialog[open]").getByText(`Còn ${PEOPLE - 5} người`).waitFor();
  await board.locator("dialog[open]").getByLabel("Lý do").fill("Đã rà từng phòng, không còn ai");
  await board.locator("dialog[open] button[type=submit]").click();
  await board.getByText(/^Kết thúc \d\d/).waitFor();
  await phone.getByText("Cuộc sơ tán đã kết thúc").waitFor();
  await phone.waitForTimeout(1500); // what is told is told by the telephone's clock, put right to within a little
  await touch("Nguyễn Văn 050", "An toàn");
  await shows("safe", 5);
  const late = (await people()).find((p) => p.name === "Nguyễn Văn 050");
  assert.equal(late.after_end, true);
});

test("an exercise is told apart, and counts for itself", async () => {
  await board.goto("/musters");
  await board.getByRole("button", { name: "Ra lệnh sơ tán" }).click();
  const dialog = board.locator("dialog[open]");
  await dialog.locator("select").nth(0).selectOption(site.id);
  await dialog.locator("select").nth(1).selectOption({ label: "Khuôn viên · Kho tiền" });
  await dialog.getByText("Diễn tập", { exact: true }).click();
  await dialog.getByLabel("Vì sao sơ tán").fill("Thực tập phương án");
  await dialog.locator("button[type=submit]").click();
  await board.waitForURL(/\/musters\/[a-z0-9]{16}$/);
  await board.locator(".page.drill .chip.drill").waitFor();
  await shows("unknown", 14);
  assert.deepEqual(await axe(board), []);
});

test("a gate test shows in the rate once it is over, and a plate perhaps misread is to be asked about", async () => {
  const at = (hours) => new Date(Date.now() + hours * 3600e3).toISOString();
  const plan = { site: site.id, point: site.gate, kind: "expired_pass", what: "Thẻ hết hạn", tester: "Tổ 2", starts: at(-1), ends: at(1) };
  await ask(board, "POST", "/gate-tests", plan);
  await phone.goto(`/gate-figures?site=${site.id}`);
  await phone.getByText("Chưa có lần thử nào trong khoảng này").waitFor();
  assert.equal(await phone.getByText("Tổ 2").count(), 0);  // who keeps the gate
  await board.goto(`/gate-figures?site=${site.id}`);
  await board.getByRole("button", { name: "Ghi kết quả" }).click();
  await board.locator("dialog[open]").getByText("Không phát hiện").click();
  const about = board.locator("dialog[open]").getByLabel("Lượt qua liên quan");
  const [move] = (await ask(board, "GET", `/passages?site=${site.id}&point=${site.gate}&limit=1`)).items;
  await about.locator(`option[value="${move.id}"]`).waitFor({ state: "attached" });
  await about.selectOption(move.id);
  await board.locator("dialog[open] button[type=submit]").click();
  await board.getByRole("cell", { name: "0% (95 %: 0%–79%)" }).waitFor();
  await board.getByText("Sơ hở, thiếu sót do thử cổng: 1").waitFor();
  await board.locator(".tight-rows", { hasText: "Lượt qua liên quan: " }).waitFor();
  const [closed] = (await ask(board, "GET", "/gate-tests?limit=5")).items;
  assert.deepEqual([closed.passage, closed.stopped], [move.id, false]);
  assert.deepEqual(await axe(board), []);
  const van = (await ask(board, "POST", "/gate-holders", { site: site.id, kind: "vehicle", name: "30F-888.88" })).id;
  await ask(board, "POST", `/gate-points/${site.gate}/pass`, { holder: van, way: "in", why: "x" });
  await ask(board, "POST", `/gate-points/${site.gate}`, { lane: "both" });
  await phone.goto("/vehicles");
  await phone.locator(".plate-form input").fill("30F8888B");
  await phone.getByRole("button", { name: "Tra biển số" }).click();
  await phone.locator(".plate-found li", { hasText: "30F-888.88 · có thể" }).waitFor();
  assert.deepEqual(await axe(phone), []);
  assert.deepEqual([...board.faults, ...phone.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED/.test(f))], []);
});

// Asked for by HTTP, in the session of somebody who says so; whoever stands in the real world sees and counts none of it.
test("a drill's own world leaves the real one's figures alone, and every page says where one is", async () => {
  const figures = async (page) => {
    const all = (await ask(page, "GET", `/musters?site=${site.id}&limit=50`)).items;
    const inside = await ask(page, "GET", `/gate/inside?site=${site.id}`);
    const people = inside.areas.filter((a) => a.kind !== "vehicle").reduce((n, a) => n + a.inside, 0);
    return { inside: people, musters: all.map((m) => [m.id, m.unknown, m.safe, m.unsafe, m.not_here, m.excluded]).sort() };
  };
  const before = await figures(phone);
  const [staff, tab] = [await board.context().newPage(), board];  // two tabs of one browser
  await staff.goto("/musters");
  await settled(staff);
  assert.equal(await staff.locator(".drill-bar").count(), 0);
  await staff.locator("header.top .menu > button").click();
  await staff.getByRole("menuitem", { name: "Vào diễn tập" }).click();
  await staff.locator("dialog[open]").getByLabel("Số cuộc diễn tập").fill("31");
  assert.deepEqual(await axe(staff), []);
  await staff.locator("dialog[open] button[type=submit]").click();
  for (const page of [staff, tab]) {
    await page.locator(".drill-bar", { hasText: "DIỄN TẬP SỐ 31" }).waitFor();
  }
  await settled(staff);
  assert.deepEqual(await axe(staff), []);
  await staff.getByRole("button", { name: "Ra lệnh sơ tán" }).click();
  const dialog = staff.locator("dialog[open]");
  await dialog.locator("select").first().selectOption(site.id);
  await dialog.getByLabel("Vì sao sơ tán").fill("Diễn tập phương án 3");
  await dialog.locator("button[type=submit]").click();
  await staff.waitForURL(/\/musters\/[a-z0-9]{16}$/);
  await staff.locator(".muster-counts .unknown dd", { hasText: new RegExp(`^${before.inside}$`) }).waitFor();
  const drill = staff.url().split("/").pop();
  await ask(staff, "POST", `/musters/${drill}/marks`, { badge: "S-60", state: "safe" });
  await staff.locator(".muster-counts .safe dd", { hasText: /^1$/ }).waitFor();
  // A register cannot be changed from here.
  await assert.rejects(ask(staff, "POST", "/gate-areas", { site: site.id, name: "Nhà mới" }), /: 403 .*diễn tập/);
  // A real one cannot be marked from here, and the drill's is not there for those outside.
  await assert.rejects(ask(staff, "POST", `/musters/${muster}/marks`, { badge: "S-60", state: "safe" }), /: 409 /);
  await assert.rejects(ask(phone, "GET", `/musters/${drill}`), /: 404 /);
  assert.deepEqual(await figures(phone), before);
  await staff.getByRole("button", { name: "Rời diễn tập" }).click();
  await staff.locator(".drill-bar").waitFor({ state: "detached" });
  await tab.locator(".drill-bar").waitFor({ state: "detached" });
  assert.deepEqual(await figures(staff), before);
});
