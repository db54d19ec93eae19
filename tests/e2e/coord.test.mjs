// SPDX-License-Identifier: Apache-2.0
// Two agencies agree on a regulation, each by two of its officers, in their browsers. With that the police read the
// bank's sources; "họ thấy gì" tells the bank the very same number; the bank withdraws and the sources are gone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { logIn, openBrowser, openPage, sessionOf } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, bank, bank2, police, police2, site, cat, nhnn, before_n;
const PASSWORD = "mot cau du dai de vao";

async function ask(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    return (await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) })).json();
  }, [method, path, body]);
}

const sources = async () => (await ask(police, "GET", `/sources?site=${site}`)).total;
// dd/MM/yyyy 23:00, so many days from now.
const inDays = (n) => {
  const [y, m, d] = new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10).split("-");
  return `${d}/${m}/${y} 23:00`;
};

const sure = async (page) => {
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
};

async function open(login) {
  const page = await openPage(browser, node.base, { state: await sessionOf(browser, node, login) });
  page.setDefaultTimeout(15_000);
  await page.goto("/coord");
  return page;
}

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  const keeper = await openPage(browser, node.base);
  await logIn(keeper, node.logins.quantri);
  site = (await ask(keeper, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const agencies = (await ask(keeper, "GET", "/agencies?limit=50")).items;
  [cat, nhnn] = ["CAT", "NHNN"].map((code) => agencies.find((a) => a.code === code).id);
  for (const [login, agency, role] of [["nganhang2", nhnn, "agency_officer"], ["chihuy2", cat, "site_commander"]]) {
    await ask(keeper, "POST", "/users", { login, name: `Người thứ hai ${login}`, agency, password: PASSWORD, role, site });
    node.logins[login] = { login, password: PASSWORD };
  }
  await keeper.context().close();
  bank = await open("nganhang");
  bank2 = await open("nganhang2");
  police = await open("chihuy");
  police2 = await open("chihuy2");
  before_n = await sources();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("a regulation is drafted, kept over a reload, and sent", async () => {
  await bank.goto("/coord/new");
  await bank.getByLabel("Số", { exact: true }).fill("27/QCPH");
  await bank.getByLabel("Tên quy chế").fill("Phối hợp bảo vệ trụ sở Chi nhánh");
  await bank.getByLabel("Công an tỉnh Mẫu").check();
  await bank.getByLabel("Có hiệu lực từ").fill("01/01/2026");
  await bank.getByLabel(/^Hết hiệu lực/).fill("31/12/2098");
  await bank.getByLabel("Phải rà soát trước").fill("31/12/2099");
  await bank.reload();
  await bank.getByLabel("Bên cho xem").selectOption(nhnn);
  await bank.getByLabel("Bên được xem").selectOption(cat);
  await bank.getByLabel(/^Mục tiêu/).selectOption(site);
  await bank.getByLabel(/^Khi nào/).selectOption("always");
  await bank.locator(".coord-sentence").getByText("cho Công an tỉnh Mẫu xem phương tiện").waitFor();
  await bank.getByLabel("Xem gì").selectOption("sensors");
  await bank.locator(".coord-sentence").getByText("xem “Thiết bị cảm biến” (toàn bộ phần phương tiện)").waitFor();
  assert.equal(await bank.getByLabel("Đến độ mật").count(), 0);  // the name says it
  await bank.getByLabel(/^Ngày ký văn bản giấy/).fill("20/12/2025");
  await bank.getByLabel("Người ký").fill("Hai thủ trưởng");
  await bank.getByLabel("Số văn bản đã ký").fill("27/QC-GIAY");
  await bank.getByRole("button", { name: "Lưu bản nháp" }).click();
  await bank.locator(".field.wrong", { hasText: "Phải rà soát trước" }).waitFor();  // after its end: said at the field
  await bank.getByLabel("Phải rà soát trước").fill("01/12/2098");
  await bank.getByRole("button", { name: "Lưu bản nháp" }).click();
  await bank.getByRole("button", { name: "Gửi các bên" }).click();
  await sure(bank);
  await bank.locator(".coord-state").getByText("Chờ đồng ý").waitFor();
  await bank.getByText("27/QC-GIAY · 20/12/2025 · Hai thủ trưởng").waitFor();
});

// Two officers of one agency: the first proposes and cannot agree with himself, the second agrees.
async function consent(first, second) {
  for (const page of [first, second]) {
    await page.goto("/coord");
    await page.getByRole("link", { name: "Phối hợp bảo vệ trụ sở Chi nhánh" }).click();
    await page.locator(".coord-state").waitFor();
  }
  await first.getByRole("button", { name: "Đề nghị đồng ý" }).click();
  await sure(first);
  await first.getByText("Cần một người khác của cơ quan").waitFor();
  assert.equal(await first.getByRole("button", { name: "Đồng ý", exact: true }).count(), 0);
  await second.getByRole("button", { name: "Đồng ý", exact: true }).click();
  await sure(second);
}

test("each side agrees by two people; then it is in force", async () => {
  await consent(bank, bank2);
  await bank.locator(".coord-state").getByText("Chờ Công an tỉnh Mẫu đồng ý").waitFor();
  assert.equal(await sources(), before_n);
  await consent(police, police2);
  await bank.locator(".coord-state").getByText("Đang có hiệu lực đến 31/12/2098").waitFor();
});

test("the partner sees what was agreed, and the bank sees that he does", async () => {
  const now_n = await sources();
  assert.ok(now_n > before_n, `${before_n} sources before, ${now_n} now`);
  await bank.goto(`/coord/view?agency=${cat}&role=site_commander&site=${site}`);
  const count = bank.locator("[data-resource=sources]");
  await count.waitFor();
  await bank.locator(".coord-rows").getByText("xem “Thiết bị cảm biến”").waitFor();  // under which name
  assert.equal(Number(await count.locator(".n").innerText()), now_n - before_n);
  await count.click();
  await bank.locator(".coord-table tbody tr").first().waitFor();
  assert.equal(await bank.locator(".coord-table tbody tr").count(), now_n - before_n);
});

// The police declare a posture; the clause that waits for it opens, and shuts when two of them step down.
test("a posture opens what a regulation says, and stepping down shuts it", async () => {
  const day = (n) => new Date(Date.now() + n * 86_400_000).toISOString();
  const clauses = [{ from: nhnn, to: cat, compartment: "vulnerability", site, condition: "posture", posture: "cao_diem" }];
  await bank.goto("/coord/new");
  await bank.getByLabel("Công an tỉnh Mẫu").check();
  await bank.getByLabel(/^Khi nào/).selectOption("posture");
  await bank.getByLabel("Bên cho xem").selectOption(nhnn);
  await bank.getByLabel("Bên được xem").selectOption(cat);
  await bank.getByLabel("Tư thế từ mức").selectOption("cao_diem");
  await bank.locator(".coord-sentence").getByText("khi tư thế tại mục tiêu từ mức “Cao điểm” trở lên").waitFor();
  const { id } = await ask(bank, "POST", "/regulations", {
    number: "28/QCPH", title: "Khi cao điểm", parties: [nhnn, cat], clauses,
    valid_from: day(-1), valid_until: day(30), review_due: day(20),
  });
  await ask(bank, "POST", `/regulations/${id}/offer`);
  const mine = async (page) => (await ask(page, "GET", "/regulations?limit=50")).items.find((r) => r.number === "28/QCPH").id;
  for (const page of [bank, bank2, police, police2]) {
    await ask(page, "POST", `/regulations/${await mine(page)}/agree`);
  }
  const openings = async () => (await ask(bank, "GET", "/openings?open=true")).items.filter((o) => o.posture);
  assert.deepEqual(await openings(), []);
  await police.goto("/posture");
  await police.getByRole("button", { name: "Công bố tư thế" }).click();
  const form = police.locator("dialog[open]");
  await form.getByLabel("Mức").selectOption("cao_diem");
  await form.getByLabel(/^Mục tiêu/).selectOption(site);
  await form.getByLabel(/^Đến lúc/).fill(inDays(20));
  await form.getByLabel("Lý do").fill("Đoàn khách đến làm việc");
  await form.getByText("Mở theo quy chế:").waitFor();
  await sure(police);
  await police.locator(".posture-mark").getByText("Cao điểm").waitFor();
  await bank.goto("/coord");
  await bank.locator(".coord-rows .open").getByText("xem sơ hở, thiếu sót").waitFor();
  await bank.locator(".posture-mark").waitFor();
  assert.equal((await openings()).length, 1);
  await police.getByRole("button", { name: "Hạ tư thế" }).click();
  await police.locator("dialog[open] textarea").fill("Đoàn đã về");
  await sure(police);
  await police2.goto("/second");
  await police2.getByText("Hạ tư thế Cao điểm").waitFor();
  await police2.locator(".second-rows .mine .button").first().click();
  await police2.getByText("Duyệt, thực hiện ngay").click();
  await police2.locator("dialog[open] button[type=submit]").click();
  await police.locator(".posture-mark").waitFor({ state: "detached" });
  await bank.locator(".coord-rows .open").waitFor({ state: "detached" });
  assert.deepEqual(await openings(), []);
  await bank.getByText("tư thế đã kết thúc").waitFor({ state: "attached" });
});

test("the regulations print as a register", async () => {
  await bank.evaluate(() => { window.print = () => {}; });
  await bank.getByRole("button", { name: "In sổ" }).click();
  await bank.getByLabel("Mở, niêm từ ngày").waitFor();
  await sure(bank);
  await bank.emulateMedia({ media: "print" });
  await bank.getByText("Sổ quy chế phối hợp").waitFor();
  await bank.getByText("Thủ trưởng đơn vị").waitFor();
  const tables = bank.locator(".paper-register table");
  for (const [i, name] of ["regulations", "clauses", "openings"].entries()) {
    assert.equal(await tables.nth(i).locator("tbody tr").count(), (await ask(bank, "GET", `/${name}?limit=200`)).total, name);
  }
  await tables.nth(0).getByText("27/QC-GIAY · 20/12/2025 · Hai thủ trưởng").waitFor();
  const clause = tables.nth(1).locator("tr", { hasText: "27/QCPH, 1" });
  for (const part of ["Công an tỉnh Mẫu", "“Thiết bị cảm biến”", "trong suốt thời hạn quy chế", "Không mật"]) {
    assert.equal(await clause.getByText(part).count(), 1, part);
  }
  await tables.nth(2).locator("tr", { hasText: "tư thế đã kết thúc" }).getByText("sơ hở, thiếu sót").waitFor();
  assert.equal(await bank.locator(".coord-rows").first().isVisible(), false);
  await bank.emulateMedia({ media: "screen" });
  await bank.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await bank.locator(".paper-register").count(), 0);
});

test("in English: a clause names several sites", async () => {
  const page = await openPage(browser, node.base, { lang: "en", state: await sessionOf(browser, node, "thammuu") });
  page.setDefaultTimeout(15_000);
  await page.goto("/coord/new");
  await page.getByLabel(/^Ngân hàng Nhà nước/).check();
  await page.getByLabel("Who gives").selectOption(nhnn);
  await page.getByLabel("Who reads").selectOption(cat);
  await page.getByLabel(/^When/).selectOption("always");
  const where = page.locator(".coord-clause").getByLabel(/^Site/);
  await where.locator("option").nth(2).waitFor({ state: "attached" });
  const names = (await where.locator("option").allInnerTexts()).slice(1, 3);
  for (const name of names) {
    await where.selectOption({ label: name });
  }
  await page.locator(".coord-sentence").getByText(`at ${names.join(", ")}`).waitFor();
  await page.getByRole("button", { name: `Remove site ${names[0]}` }).click();
  await page.locator(".coord-sentence").getByText(`at ${names[1]},`).waitFor();
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

// What the server would refuse is not offered: evidence of the bank's incident by a desk of the police.
test("evidence is offered to whom the server would give it", async () => {
  const { id } = await ask(police, "POST", "/incidents", { site, situation: "fire" });
  const desk = await open("trucban");
  for (const [page, n] of [[desk, 0], [police, 1], [bank2, 1]]) {
    await page.goto(`/incidents/${id}`);
    await page.locator(".incident-head").waitFor();
    assert.equal(await page.getByRole("button", { name: "Xuất hồ sơ chứng cứ" }).count(), n);
  }
  await desk.close();
});

test("a point of contact is given by one side and called by the other", async () => {
  const row = (page) => page.locator("li", { hasText: "Ngân hàng Nhà nước chi nhánh tỉnh Mẫu" }).filter({ hasText: "0912 345 678" });
  for (const page of [bank2, police]) {
    await page.goto("/coord");
    await page.getByRole("link", { name: "Phối hợp bảo vệ trụ sở Chi nhánh" }).click();
  }
  await bank2.getByRole("button", { name: "Ghi đầu mối" }).click();
  await bank2.getByLabel(/^Đầu mối/).fill("Trực ban");
  await bank2.getByLabel("Số máy trực").fill("0912345678");
  await sure(bank2);
  await row(bank2).waitFor();
  assert.equal(await row(bank2).getByRole("button", { name: "Đã trả lời" }).count(), 0);  // one's own number
  await row(police).getByText("Chưa gọi thử lần nào").waitFor();
  await row(police).getByRole("button", { name: "Đã trả lời" }).click();
  await row(police).getByText(/^Trả lời lần gần nhất/).waitFor();
});

test("one officer withdraws, and it is closed", async () => {
  await bank2.goto("/coord");
  await bank2.getByRole("link", { name: "Phối hợp bảo vệ trụ sở Chi nhánh" }).click();
  await police.goto("/coord");
  await police.getByRole("link", { name: "Phối hợp bảo vệ trụ sở Chi nhánh" }).click();
  await bank.goto(`/coord/view?agency=${cat}&role=site_commander&site=${site}`);
  await bank2.getByRole("button", { name: "Rút khỏi quy chế" }).click();
  await bank2.locator("dialog[open] textarea").fill("Chi nhánh thay hệ thống cửa");
  await sure(bank2);
  await police.locator(".coord-state").getByText("Ngân hàng Nhà nước chi nhánh tỉnh Mẫu đã rút").waitFor();
  assert.equal(await sources(), before_n);
  await bank.getByRole("button", { name: "Xem lại" }).click();
  await bank.locator("[data-resource=sources]").waitFor({ state: "detached" });
  assert.deepEqual([bank, bank2, police, police2].flatMap((p) => p.faults), []);
});
