// SPDX-License-Identifier: Apache-2.0
// A floor drawn from nothing by mouse and keys, as a site's officer would: rooms, walls, a door, a camera; saved,
// loaded again equal, its neighbours right. A draft survives the window; two who drew at once lose nothing; a
// picture with scripts is harmless; the map asks no other host and shows the two archipelagos.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, state, site;
const OFFICER = "nganhang";

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  state = await sessionOf(browser, node, OFFICER);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

async function open(path, more = {}) {
  const page = await openPage(browser, node.base, { state, ...more });
  await page.goto(path);
  await settled(page);
  return page;
}

const ask = (page, method, path, body) => page.evaluate(async ([m, p, b]) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
  const answer = await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) });
  return { status: answer.status, ...(await answer.json()) };
}, [method, path, body]);

const planOf = (page, id) => ask(page, "GET", `/drawings/${id}/plan`);
const byKind = (plan, kind) => plan.elements.filter((e) => e.kind === kind);
const sorted = (plan) => plan.elements.map((e) => JSON.stringify(e)).sort();

// A frame of 40 × 30 m: metres on the sheet to pixels on the screen, from what the board shows.
async function ruler(page) {
  const box = await page.locator(".b-sheet").boundingBox();
  return ([x, y]) => [box.x + (x / 40) * box.width, box.y + (y / 30) * box.height];
}

async function click(page, at, point) {
  await page.mouse.move(...at(point));
  await page.mouse.click(...at(point));
}

// Moves the cursor to a point by arrow keys: half a metre a step, five with Shift.
async function arrows(page, from, to) {
  for (const [axis, less, more] of [[0, "ArrowLeft", "ArrowRight"], [1, "ArrowUp", "ArrowDown"]]) {
    let steps = Math.round((to[axis] - from[axis]) * 2);
    const key = steps < 0 ? less : more;
    for (steps = Math.abs(steps); steps >= 10; steps -= 10) {
      await page.keyboard.press(`Shift+${key}`);
    }
    for (; steps > 0; steps--) {
      await page.keyboard.press(key);
    }
  }
}

async function newZone(page, name, kind) {
  await page.locator(".chosen-box").getByRole("button", { name: "Thêm khu vực" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator('input[name="name"]').fill(name);
  await dialog.locator('select[name="class"]').selectOption(kind);
  await dialog.locator('button[type="submit"]').click();
  await dialog.waitFor({ state: "detached" });
  await page.locator(".b-area .b-name", { hasText: name }).waitFor();
}

let floor;

test("a floor from nothing, by mouse and keys, saved and equal again", async () => {
  const page = await open("/sites");
  site = (await ask(page, "GET", "/sites?code=NHNN")).items[0].id;
  await page.goto(`/sites/${site}?view=drawings`);
  await settled(page);
  await page.getByRole("button", { name: "Thêm tầng" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator('input[name="name"]').fill("Tầng hầm");
  await dialog.locator('input[name="floor"]').fill("Hầm");
  await dialog.locator('input[name="width"]').fill("40");
  await dialog.locator('input[name="height"]').fill("30");
  await dialog.locator('button[type="submit"]').click();
  await page.waitForURL(/\/plan\//);
  floor = page.url().split("/").pop();
  await page.locator(".b-sheet").waitFor();
  const at = await ruler(page);

  // a room by two clicks of the mouse
  await page.locator(".board").focus();
  await page.keyboard.press("r");
  await click(page, at, [5, 5]);
  await click(page, at, [15, 15]);
  await newZone(page, "Kho hầm", "vault");

  // its neighbour by keys alone: four corners, Enter on each, the first again closes
  await page.locator(".board").focus();
  await page.keyboard.press("z");
  let cursor = null;
  const here = await page.locator(".draw-foot .num").innerText();
  cursor = here.match(/[\d.]+/g).map(Number);
  for (const corner of [[15, 5], [25, 5], [25, 15], [15, 15]]) {
    await arrows(page, cursor, corner);
    await page.keyboard.press("Enter");
    cursor = corner;
  }
  await arrows(page, cursor, [15, 5]);
  await page.keyboard.press("Enter");
  await page.locator(".chosen-box h2", { hasText: "Khu vực" }).waitFor();
  await page.waitForFunction(() => document.activeElement.name === "object");  // the choice of the thing has the focus
  await newZone(page, "Hành lang hầm", "corridor");

  // a wall between them, snapped to the corners although the mouse is a little off; then a door put on it
  await page.locator(".board").focus();
  await page.keyboard.press("w");
  await click(page, at, [15.1, 5.12]);
  await click(page, at, [14.92, 14.9]);
  await page.keyboard.press("f");
  await page.keyboard.press("d");
  await click(page, at, [15.1, 10]);

  // a camera by the mouse, aimed by typing; the thing it is, chosen from the list
  await page.keyboard.press("c");
  await click(page, at, [20, 14]);
  const side = page.locator(".chosen-box");
  const source = await side.locator('select[name="object"] option').nth(1).getAttribute("value");
  await side.locator('select[name="object"]').selectOption(source);
  for (const [name, value] of [["angle", "315"], ["view", "60"], ["range", "8"]]) {
    await side.locator(`input[name="${name}"]`).fill(value);
    await side.locator(`input[name="${name}"]`).press("Enter");
  }

  // a word too much, taken back, given again, taken back
  await page.locator(".board").focus();
  await page.keyboard.press("t");
  await click(page, at, [30, 20]);
  await page.locator(".faults", { hasText: "cần có chữ" }).waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".board").focus();
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Control+y");
  await page.keyboard.press("Control+z");
  assert.equal(await page.locator(".faults").count(), 0);

  assert.deepEqual(await axe(page), []);
  await page.locator(".save-state", { hasText: "bản nháp giữ trên máy này" }).waitFor();
  await page.keyboard.press("Control+s");
  await page.locator(".save-state", { hasText: "Đã lưu" }).waitFor();
  const plan = await planOf(page, floor);
  const zones = Object.fromEntries((await ask(page, "GET", `/zones?site=${site}&limit=200`)).items.map((z) => [z.name, z.id]));
  const room = (name) => byKind(plan, "zone").find((e) => e.object === zones[name]).points;
  assert.deepEqual(room("Kho hầm"), [[5, 5], [15, 5], [15, 15], [5, 15]]);
  assert.deepEqual(room("Hành lang hầm"), [[15, 5], [25, 5], [25, 15], [15, 15]]);
  assert.deepEqual(byKind(plan, "wall").map((e) => e.points), [[[15, 5], [15, 15]]]);
  const door = byKind(plan, "door")[0].points;
  assert.ok(door.every(([x]) => x === 15) && Math.abs(Math.hypot(door[0][0] - door[1][0], door[0][1] - door[1][1]) - 0.9) < 0.011);
  const [camera] = byKind(plan, "camera");
  assert.deepEqual([camera.object, camera.angle, camera.view, camera.range], [source, 315, 60, 8]);
  assert.equal(byKind(plan, "note").length, 0);

  const links = (await ask(page, "GET", `/zone-links?drawing=${floor}`)).items;
  assert.deepEqual(links.map((l) => [l.kind, [l.zone_a_name, l.zone_b_name].sort()]), [["door", ["Hành lang hầm", "Kho hầm"]]]);
  await page.reload();
  await settled(page);
  await page.locator(".b-sheet").waitFor();
  assert.equal(await page.locator(".b-area").count(), 2);
  await page.locator(".neighbours li", { hasText: "Hành lang hầm" }).waitFor();
  assert.deepEqual(sorted(await planOf(page, floor)), sorted(plan), "loaded again, it is the same");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a draft outlives the window, and can be given up", async () => {
  const page = await open(`/plan/${floor}`);
  await page.locator(".board").focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("ArrowRight");
  await page.locator(".save-state", { hasText: "bản nháp giữ trên máy này" }).waitFor();
  const before_ = sorted(await planOf(page, floor));
  await page.reload();
  await page.locator(".draw-note", { hasText: "bản nháp chưa lưu" }).waitFor();
  await page.getByRole("button", { name: "Bỏ bản nháp" }).click();
  await page.locator(".save-state", { hasText: "Đã lưu" }).waitFor();
  assert.deepEqual(sorted(await planOf(page, floor)), before_, "nothing was saved by that");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("two who drew at once: told who and what, and together nothing is lost", async () => {
  const mine = await open(`/plan/${floor}`);
  const other = await open(`/plan/${floor}`);
  for (const [page, x] of [[mine, 30], [other, 35]]) {
    const at = await ruler(page);
    await page.locator(".board").focus();
    await page.keyboard.press("b");
    await click(page, at, [x, 5]);
    await click(page, at, [x, 25]);
    await page.keyboard.press("f");
  }
  await other.keyboard.press("Control+s");
  await other.locator(".save-state", { hasText: "Đã lưu" }).waitFor();
  await mine.locator(".draw-note", { hasText: "Có bản mới hơn" }).waitFor();
  await mine.keyboard.press("Control+s");
  const dialog = mine.getByRole("dialog");
  await dialog.locator("li", { hasText: "Hàng rào" }).first().waitFor();
  assert.deepEqual(await axe(mine), []);
  await dialog.getByRole("button", { name: "Gộp cả hai" }).click();
  await mine.keyboard.press("Control+s");
  await mine.locator(".save-state", { hasText: "Đã lưu" }).waitFor();
  const fences = byKind(await planOf(mine, floor), "barrier").map((e) => e.points[0][0]).sort();
  assert.deepEqual(fences, [30, 35]);
  // who was not changing anything simply sees the new one
  await other.waitForFunction(() => document.querySelectorAll(".p-barrier:not(.ticks)").length === 2);
  assert.deepEqual([...mine.faults, ...other.faults], []);
  await mine.context().close();
  await other.context().close();
});

test("what is refused is said in words, and where", async () => {
  const page = await open(`/plan/${floor}`);
  const bad = { elements: [{ id: "a", kind: "zone", object: "0000000000000000", points: [[0, 0], [9, 9], [9, 0], [0, 9]] }] };
  const headers = await page.evaluate(async ([id, body]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const plan = await (await fetch(`/api/v1/drawings/${id}/plan`)).json();
    const send = (match) => fetch(`/api/v1/drawings/${id}/plan`, { method: "POST", body: JSON.stringify(body),
      headers: { "Content-Type": "application/json", "Accept-Language": "vi", "X-CSRF-Token": csrf, "If-Match": match } });
    const one = await send(`"${plan.version}"`), two = await send(`"${plan.version - 1}"`);
    return [[one.status, await one.json()], [two.status, await two.json()]];
  }, [floor, bad]);
  assert.equal(headers[0][0], 400);
  assert.equal(headers[0][1].field, "elements[0].points");
  assert.match(JSON.stringify(headers[0][1]), /tự cắt/);
  assert.equal(headers[1][0], 412);
  await page.context().close();
});

test("a picture with scripts comes through without them; one that is no picture is refused", async () => {
  const page = await open(`/plan/${floor}`);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300" onload="globalThis.bad=1"><script>globalThis.bad=1</script><image href="http://192.0.2.1/x.png"/><rect width="400" height="300" fill="#eee"/><a href="javascript:bad()"><text x="9" y="20">x</text></a></svg>`;
  await page.locator("summary", { hasText: "Ảnh nền" }).click();
  await page.locator('.draw input[type="file"]').setInputFiles({ name: "a.svg", mimeType: "image/svg+xml", buffer: Buffer.from(svg) });
  await page.locator("image.b-picture").waitFor();
  const kept = (await ask(page, "GET", `/drawings/${floor}/content`)).svg;
  assert.doesNotMatch(kept, /script|onload|href|192\.0\.2/);
  assert.match(kept, /<rect/);
  assert.equal(await page.evaluate(() => globalThis.bad), undefined);
  const worse = await ask(page, "POST", `/drawings/${floor}/picture`, { svg: "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>" });
  assert.equal(worse.status, 400);

  // its scale by two points: 10 m on the sheet are 5 m in the world, so the picture becomes half as wide
  const at = await ruler(page);
  await page.locator(".board").focus();
  await page.keyboard.press("k");
  await click(page, at, [10, 20]);
  await click(page, at, [20, 20]);
  const dialog = page.getByRole("dialog");
  await dialog.locator('input[name="metres"]').fill("5");
  await dialog.locator('button[type="submit"]').click();
  await dialog.waitFor({ state: "detached" });
  assert.equal(await page.locator("image.b-picture").getAttribute("width"), "20");
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a phone shows the floor and does not edit it", async () => {
  const page = await open(`/plan/${floor}`, { width: 390, height: 844 });
  await page.locator(".empty", { hasText: "điện thoại chỉ xem" }).waitFor();
  await page.getByRole("link", { name: "Xem bản vẽ" }).click();
  await page.locator(".floor svg .m.zone").first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("the desk begins on the ground and follows what is pointed at", async () => {
  const page = await open(`/?site=${site}`);
  const floors = page.locator(".plan .filters .filter");
  assert.deepEqual(await floors.allInnerTexts(), ["Tầng 1", "Tầng 2", "Hầm"]);
  assert.equal(await floors.nth(0).getAttribute("aria-pressed"), "true");
  await page.locator(".zone-lines button", { hasText: "Kho lưu trữ tầng 2" }).click();
  await page.locator('.plan .filter[aria-pressed="true"]', { hasText: "Tầng 2" }).waitFor();
  await page.locator(".m.zone", { hasText: "Kho lưu trữ tầng 2" }).first().waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("the map: sites at their places, both archipelagos, no other host; the operator's tiles when there are any", async () => {
  const page = await open("/map");
  await page.locator(".map-site").first().waitFor();
  assert.equal(await page.locator(".map-site").count(), 1, "an officer of one site sees that site");
  const seas = () => page.locator(".map-sea").allInnerTexts();
  assert.deepEqual((await seas()).sort(), ["QĐ. Hoàng Sa (Việt Nam)", "QĐ. Trường Sa (Việt Nam)"]);
  await page.getByRole("button", { name: "Thấy cả nước" }).click();
  for (const name of await page.locator(".map-sea").all()) {
    assert.ok(await name.isVisible());
  }
  assert.deepEqual(await axe(page), []);
  assert.deepEqual(page.faults, []);
  await page.context().close();

  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  for (const [z, n] of [[5, 32], [6, 64]]) {
    for (let x = Math.floor(n * 0.75); x < Math.floor(n * 0.85); x++) {
      mkdirSync(join(node.data, "tiles", String(z), String(x)), { recursive: true });
      for (let y = Math.floor(n * 0.4); y < Math.floor(n * 0.55); y++) {
        writeFileSync(join(node.data, "tiles", String(z), String(x), `${y}.png`), png);
      }
    }
  }
  const tiled = await open("/map?view=country");
  await tiled.locator("img.leaflet-tile-loaded").first().waitFor();
  assert.equal(await tiled.locator(".map-sea").count(), 2);
  assert.equal(await tiled.locator(".chart-note").count(), 0);
  await tiled.context().close();
});
