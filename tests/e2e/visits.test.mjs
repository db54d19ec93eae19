// SPDX-License-Identifier: Apache-2.0
// Visitors as people see them: a planned one is through in three interactions, a walk-in who is near an entry of the ban
// list makes the gate ask and the guard says why he decides, and an entry that has ended asks nothing. The gate itself is
// spoken to as its terminal does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage, sessionOf } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";

let node, browser, officer, chief, guard, site, gate, known;
const at = (hours) => new Date(Date.now() + hours * 3600e3).toISOString();
const typed = (hours) => {
  const [day, time] = new Date(Date.now() + (hours + 7) * 3600e3).toISOString().split("T");
  return `${day.split("-").reverse().join("/")} ${time.slice(0, 5)}`;
};
const card = (name, n) => `001090${n}||${name}|01021990|Nam|Hà Nội|01012021`;

async function ask(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    const answer = await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) });
    return { status: answer.status, ...(await answer.json()) };
  }, [method, path, body]);
}
const atGate = (what, shown) => ask(guard, "POST", `/gate-points/${gate}/${what}`, { way: "in", ...shown });
const codes = (said) => said.reasons.map((r) => r.code);
const field = (page, label) => page.locator("dialog[open]").getByLabel(label);
const sure = async (page) => {
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
};

async function open(login) {
  const page = await openPage(browser, node.base, { state: await sessionOf(browser, node, login) });
  page.setDefaultTimeout(20_000);
  await page.goto("/");
  return page;
}

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  officer = await open("nganhang");
  chief = await open("chihuy");
  guard = await open("canhgac");
  site = (await ask(officer, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const yard = (await ask(officer, "POST", "/gate-areas", { site, name: "Khuôn viên" })).id;
  gate = (await ask(officer, "POST", "/gate-points", { site, name: "Cổng chính", inner: yard })).id;
  // one of the bank's people of the demonstration
  [{ name: known }] = (await ask(officer, "GET", "/persons?limit=1")).items;
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("a visit is planned, its guest invited", async () => {
  await officer.goto("/visits");
  await officer.getByRole("button", { name: "Đăng ký khách" }).click();
  await field(officer, /^Mục tiêu/).selectOption(site);
  await field(officer, /^Nội dung làm việc/).fill("Kiểm kê quý");
  await field(officer, /^Đến/).fill(typed(3));
  await field(officer, /^Người tiếp/).fill(known);
  await officer.locator("dialog[open] label.choice", { hasText: known }).first().click();
  await officer.locator("dialog[open] button[type=submit]").click();
  await officer.getByRole("heading", { name: "Kiểm kê quý" }).waitFor();
  await officer.getByText(known).first().waitFor();
  await officer.getByRole("button", { name: "Thêm khách" }).click();
  await field(officer, /^Quét căn cước/).fill(card("Đinh Công Mẫu", "000011"));
  await field(officer, /^Quét căn cước/).press("Enter");
  await officer.waitForFunction(() => [...document.querySelectorAll("dialog[open] input")].some((i) => i.value === "Đinh Công Mẫu"));
  await sure(officer);
  await officer.locator(".privacy-rows li", { hasText: "Đinh Công Mẫu" }).getByText("…0011").waitFor();
  await officer.getByRole("button", { name: "Ghi đã phổ biến nội quy" }).click();
  await officer.locator(".privacy-rows li").getByText("· Đã phổ biến nội quy").waitFor();
  await officer.getByRole("button", { name: "Cấp giấy mời" }).click();
  await officer.locator("dialog[open] .button.primary").click();
  await officer.locator("dialog[open] svg.qr path").waitFor();
  assert.deepEqual(await axe(officer), []);
});

test("the expected visitor is through in three interactions", async () => {
  const said = await atGate("ask", { paper: card("Đinh Công Mẫu", "000011") }); // one: his card is scanned
  assert.equal(said.say, "green", JSON.stringify(said)); // two: the guard sees who it is
  assert.equal(said.name, "Đinh Công Mẫu");
  assert.equal((await atGate("pass", { paper: card("Đinh Công Mẫu", "000011") })).status, 200); // three: he confirms
  await officer.goto("/visits");
  await officer.locator(".vtable tr", { hasText: "Kiểm kê quý" }).getByText("Đang ở trong").waitFor();
});

test("a record of the gate is of one of the agency's people", async () => {
  await officer.goto("/gate-register?view=holders");
  await officer.getByRole("button", { name: "Ghi thêm người, xe" }).click();
  await field(officer, /^Mục tiêu/).selectOption(site);
  await field(officer, /^Là ai trong danh sách/).fill(known);
  await officer.locator("dialog[open] label.choice", { hasText: known }).first().click();
  await field(officer, /^Họ và tên/).fill(known);
  assert.deepEqual(await axe(officer), []);
  await sure(officer);
  await officer.locator(".vtable tr", { hasText: known }).first().waitFor();
});

test("two officials put somebody on the list", async () => {
  await ask(officer, "POST", "/incidents", { site, situation: "other", title: "Gây rối tại quầy" });
  await officer.goto("/bans");
  await officer.getByRole("button", { name: "Đề nghị không cho vào" }).click();
  await field(officer, /^Mục tiêu/).selectOption(site);
  await field(officer, /^Lý do/).selectOption("disorder");
  await field(officer, /^Vụ việc làm chứng cứ/).selectOption({ index: 1 });
  await field(officer, /^Họ và tên/).fill("Khuất Duy Thạch");
  await field(officer, /^Năm sinh/).fill("1990");
  await field(officer, /^Hết hạn/).fill(typed(24 * 60));
  await officer.locator("dialog[open] button[type=submit]").click();
  await officer.getByText("Mình đề nghị nên không tự duyệt").waitFor();
  assert.deepEqual(await axe(officer), []);
  await chief.goto(new URL(officer.url()).pathname);
  await chief.getByRole("button", { name: "Xem người" }).click();
  await sure(chief);
  await chief.getByText("Khuất Duy Thạch").waitFor();
  assert.deepEqual(await axe(chief), []);
  await chief.getByRole("button", { name: "Duyệt", exact: true }).click();
  await chief.getByText("Hiệu lực").first().waitFor();
});

test("a walk-in near an entry: the guard decides and says why", async () => {
  await guard.goto("/visits");
  await guard.getByRole("button", { name: "Khách vãng lai" }).click();
  await field(guard, /^Mục tiêu/).selectOption(site);
  await field(guard, /^Họ và tên/).fill("Khuat Duy Thach");
  await field(guard, /^Năm sinh/).fill("1990");
  await field(guard, /^Nội dung làm việc/).fill("Giao hàng");
  await sure(guard);
  const { holder } = (await ask(guard, "GET", "/visit-guests?limit=50")).items.find((g) => g.name === "Khuat Duy Thach");
  const said = await atGate("ask", { holder });
  assert.equal(said.say, "ask");
  assert.ok(codes(said).includes("ban_name"), JSON.stringify(said));
  assert.deepEqual([said.bans[0].name, said.bans[0].reason, said.bans[0].born], ["Khuất Duy Thạch", "disorder", 1990]);
  assert.ok(said.bans[0].why.includes("no_marks") && said.bans[0].why.includes("year_same"));
  assert.equal((await atGate("pass", { holder })).status, 400);
  assert.equal((await atGate("pass", { holder, why: "Căn cước khác người" })).status, 200);
  const { items } = await ask(officer, "GET", "/passages?limit=10");
  assert.equal(items.find((p) => p.holder === holder).why, "Căn cước khác người");
});

test("an entry that has ended asks nothing", async () => {
  const { items } = await ask(officer, "GET", "/incidents?limit=5");
  const { id } = await ask(officer, "POST", "/bans", { site, reason: "theft", incident: items[0].id, name: "Giáp Duy Khiêm",
    born: 1990, expires: at(6 / 3600) });
  await ask(chief, "POST", `/bans/${id}/decide`, { decision: "approved" });
  assert.ok(codes(await atGate("ask", { paper: card("Giáp Duy Khiêm", "000033") })).includes("ban_name"));
  await sleep(6_500);
  assert.deepEqual(codes(await atGate("ask", { paper: card("Giáp Duy Khiêm", "000033") })), ["paper_unknown"]);
  await officer.goto(`/bans/${id}`);
  await officer.getByText("Hết hạn").first().waitFor();
  assert.deepEqual([...officer.faults, ...chief.faults, ...guard.faults], []);
});
