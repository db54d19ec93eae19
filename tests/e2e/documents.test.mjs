// SPDX-License-Identifier: Apache-2.0
// Two nodes without a wire between them: each enters the other by its card and two persons; a secret paper with its file
// is sent, carried as a file, taken in with its level and term, and the receipt comes home. A spoilt file is refused in
// words. Lowering a level waits for the second person.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage } from "./browser.mjs";
import { startNode } from "./node.mjs";

let browser, folder;
const sides = [];
const PASSWORD = "mot cau du dai de vao";

async function ask(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    return (await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) })).json();
  }, [method, path, body]);
}
const sure = async (page) => {
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
};
const kept = async (page, act) => {
  const [file] = await Promise.all([page.waitForEvent("download"), act()]);
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  return path;
};

// A node with two officers of the police who may see what is secret.
async function openSide() {
  const node = await startNode({ profile: "standalone" });
  const side = { node };
  sides.push(side);
  const chief = await openPage(browser, node.base);
  await logIn(chief, node.logins.quantri);
  const { items } = await ask(chief, "GET", "/users?limit=100");
  const { agency } = items.find((u) => u.login === "trucban");
  for (const login of ["vanthu", "vanthu2"]) {
    await ask(chief, "POST", "/users", { login, name: `Văn thư ${login}`, agency, password: PASSWORD, role: "agency_officer", clearance: 1 });
    side[login] = await openPage(browser, node.base);
    side[login].setDefaultTimeout(15_000);
    await logIn(side[login], { login, password: PASSWORD });
  }
  side.card = (await ask(side.vanthu, "GET", "/own-card")).card;
  return side;
}

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "vonggac-papers-"));
  browser = await openBrowser();
  await openSide();
  await openSide();
});

after(async () => {
  await browser?.close();
  for (const s of sides) {
    await s.node.stop();
  }
  rmSync(folder, { recursive: true, force: true });
});

test("each enters the other by its card, and a second person approves", async () => {
  for (const [i, { vanthu, vanthu2 }] of sides.entries()) {
    const card = join(folder, `card-${i}.json`);
    writeFileSync(card, JSON.stringify(sides[1 - i].card));
    await vanthu.goto("/documents?view=peers");
    await vanthu.locator(".page-head .button.primary").click();
    await vanthu.getByLabel("Tên nơi trao đổi").fill(`Nút ${1 - i}`);
    await vanthu.locator("dialog[open] input[type=file]").setInputFiles(card);
    await sure(vanthu);
    await vanthu.locator(".toast", { hasText: "chờ người thứ hai" }).waitFor();
    await vanthu2.goto("/second");
    await vanthu2.getByRole("button", { name: "Xem và quyết định" }).click();
    await vanthu2.locator("dialog[open]").getByText(`Thêm nơi trao đổi văn bản Nút ${1 - i}`).waitFor();
    await vanthu2.getByText("Duyệt, thực hiện ngay").click();
    await sure(vanthu2);
    await vanthu.locator(".privacy-rows > li", { hasText: `Nút ${1 - i}` }).waitFor();
    assert.deepEqual(await axe(vanthu), []);
  }
});

test("a secret paper is entered with its term, gets its file and is sent", async () => {
  const { vanthu } = sides[0];
  await vanthu.goto("/documents");
  await vanthu.getByRole("button", { name: "Ghi văn bản" }).click();
  await vanthu.getByLabel("Số, ký hiệu").fill("07/PA-NH");
  await vanthu.getByLabel(/^Ngày văn bản/).fill("05/01/2026");
  await vanthu.getByLabel("Trích yếu").fill("Phương án bảo vệ kho tiền");
  await vanthu.getByLabel("Độ mật").selectOption("1");
  await sure(vanthu);
  await vanthu.locator(".stamp-line", { hasText: "MẬT" }).waitFor();
  await vanthu.getByText("Đến hết 05/01/2036").waitFor();
  const pdf = join(folder, "phuong-an.pdf");
  writeFileSync(pdf, "%PDF-1.4 nội dung");
  await vanthu.getByRole("button", { name: "Đính kèm tệp" }).click();
  await vanthu.locator("dialog[open] input[type=file]").setInputFiles(pdf);
  await sure(vanthu);
  await vanthu.getByRole("button", { name: "Gửi", exact: true }).click();
  await vanthu.getByLabel("Nơi nhận").selectOption({ label: "Nút 1" });
  await vanthu.getByLabel("Người nhận").fill("Trưởng phòng");
  sides.paper = await kept(vanthu, () => sure(vanthu));
  assert.match(sides.paper, /CG-.*\.vgp$/);
  assert.ok(!readFileSync(sides.paper).includes("kho tiền"));
  assert.deepEqual(await axe(vanthu), []);
});

async function takeIn(page, path, receipt = false) {
  await page.goto("/documents");
  await page.getByRole("button", { name: "Nhận tệp" }).click();
  if (receipt) {
    await page.getByText("Biên nhận (.vgr)").click();
  }
  await page.locator("dialog[open] input[type=file]").setInputFiles(path);
  await page.locator("dialog[open] button[type=submit]").click();
}

test("a spoilt file is refused in words; the whole one is taken in once", async () => {
  const { vanthu } = sides[1];
  const bytes = readFileSync(sides.paper);
  bytes[bytes.length >> 1] ^= 1;
  const bad = join(folder, "bad.vgp");
  writeFileSync(bad, bytes);
  await takeIn(vanthu, bad);
  await vanthu.locator("dialog[open]").getByText(/Không mở được: tệp bị hỏng/).waitFor();
  vanthu.faults.length = 0; // the refusal is what was asked for
  await takeIn(vanthu, sides.paper);
  await vanthu.locator(".stamp-line", { hasText: "MẬT" }).waitFor();
  await vanthu.getByText("Đến hết 05/01/2036").waitFor();
  sides.receipt = await kept(vanthu, () => vanthu.getByRole("link", { name: "Tải biên nhận" }).click());
  const got = await kept(vanthu, () => vanthu.getByRole("link", { name: "Tải tệp" }).click());
  assert.equal(readFileSync(got, "utf8"), "%PDF-1.4 nội dung");
  await takeIn(vanthu, sides.paper);
  await vanthu.locator("dialog[open]").getByText(/Văn bản này đã nhận rồi, số TN-/).waitFor();
  vanthu.faults.length = 0;
});

test("the receipt comes home and stands in the register", async () => {
  const { vanthu } = sides[0];
  await takeIn(vanthu, sides.receipt, true);
  await vanthu.locator("dialog[open]").waitFor({ state: "detached" });
  await vanthu.locator("tr, [role=row]", { hasText: "07/PA-NH" }).getByText(/TN-.*Văn thư vanthu/).first().waitFor();
  assert.deepEqual(await axe(vanthu), []);
  const kinds = async (page) => (await ask(page, "GET", "/events?limit=200")).items.map((e) => e.kind);
  assert.ok((await kinds(vanthu)).includes("documents.receipted"));
  assert.ok((await kinds(sides[1].vanthu)).includes("documents.received"));
});

test("lowering the level waits for the second person", async () => {
  const { vanthu, vanthu2 } = sides[0];
  await vanthu.goto("/documents");
  await vanthu.getByRole("link", { name: "07/PA-NH" }).click();
  await vanthu.getByRole("button", { name: "Đổi độ mật" }).click();
  await vanthu.locator("dialog[open] select").selectOption("0");
  await vanthu.locator("dialog[open] textarea").fill("Hết cần giữ mật");
  await sure(vanthu);
  await vanthu.locator(".stamp-line").waitFor();
  await vanthu2.goto("/second");
  await vanthu2.getByText("Hạ độ mật của văn bản 07/PA-NH xuống Thường").first().waitFor();
  await vanthu2.getByRole("button", { name: "Xem và quyết định" }).click();
  await vanthu2.getByText("Duyệt, thực hiện ngay").click();
  await sure(vanthu2);
  await vanthu.locator(".stamp-line").waitFor({ state: "detached" });
  await vanthu.getByText("Giải mật").first().waitFor();
  assert.deepEqual([...vanthu.faults, ...vanthu2.faults], []);
});
