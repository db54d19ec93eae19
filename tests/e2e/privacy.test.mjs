// SPDX-License-Identifier: Apache-2.0
// Personal data in the console of a bank's officer: a request is recorded and answered, a breach that is late asks for
// its reason, a notice is a draft until it is confirmed and prints as a sheet; another agency's custodian sees none of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openBrowser, openPage, sessionOf } from "./browser.mjs";
import { startNode } from "./node.mjs";

let node, browser, bank, police;
const sure = async (page) => {
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator("dialog[open]").waitFor({ state: "detached" });
};
const item = (text) => bank.locator(".privacy-rows > li", { hasText: text });

async function open(login) {
  const page = await openPage(browser, node.base, { state: await sessionOf(browser, node, login) });
  page.setDefaultTimeout(15_000);
  await page.goto("/privacy");
  return page;
}

before(async () => {
  node = await startNode();
  browser = await openBrowser();
  bank = await open("nganhang");
  police = await open("quantri");
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

test("a request is recorded, acknowledged and answered", async () => {
  await bank.getByRole("button", { name: "Ghi yêu cầu" }).click();
  await bank.getByLabel("Yêu cầu gì").selectOption("deletion");
  await bank.getByLabel("Họ tên người yêu cầu").fill("Mạc Thị Thử");
  await bank.getByLabel(/^Nội dung yêu cầu/).fill("Xóa tên tôi trong sổ ra vào");
  await sure(bank);
  await item("Mạc Thị Thử").getByText(/Trả lời: hạn hết ngày/).waitFor();
  await item("Mạc Thị Thử").getByRole("button", { name: "Đã báo nhận" }).click();
  await item("Mạc Thị Thử").getByText(/báo đã nhận lúc/).waitFor();
  await item("Mạc Thị Thử").getByRole("button", { name: "Trả lời" }).click();
  await bank.getByLabel("Kết quả").selectOption("refused");
  await bank.getByLabel(/^Lý do/).fill("Sổ còn trong thời hạn lưu giữ");
  await sure(bank);
  await item("Mạc Thị Thử").waitFor({ state: "detached" });
});

test("a breach found long ago is late, and says why", async () => {
  const day = new Date(Date.now() - 4 * 86400e3 + 7 * 3600e3).toISOString().slice(0, 10).split("-").reverse().join("/");
  await bank.getByRole("button", { name: "Ghi vi phạm" }).click();
  await bank.getByLabel(/^Phát hiện lúc/).fill(`${day} 08:00`);
  await bank.getByLabel(/^Việc gì đã xảy ra/).fill("Mất một cuốn sổ ra vào");
  await bank.getByLabel("Họ tên", { exact: true }).check();
  await bank.getByLabel("Khách", { exact: true }).check();
  await sure(bank);
  await item("Mất một cuốn sổ ra vào").getByText(/Quá hạn: Báo cơ quan có thẩm quyền/).waitFor();
  await item("Mất một cuốn sổ ra vào").getByRole("button", { name: "Ghi đã báo" }).click();
  await bank.getByLabel("Số văn bản").fill("61/CV");
  await bank.getByLabel(/^Lý do chậm/).fill("Cuối tuần mới kiểm kê");
  await sure(bank);
  await item("Mất một cuốn sổ ra vào").getByText("Đã báo đủ, chưa kết thúc").waitFor();
});

test("what is deleted and what is only written down is told apart", async () => {
  await bank.getByRole("button", { name: "Thời hạn lưu giữ" }).click();
  const row = (name) => bank.locator(".privacy-table tr", { hasText: name });
  await row("Ảnh do thiết bị gửi").getByText("Chương trình tự xóa").first().waitFor();
  await row("Sổ theo dõi người ra vào").getByText("Cơ quan quyết định").waitFor();
  await row("Sổ theo dõi người ra vào").getByText("Chương trình tự xóa").first().waitFor();
  await row("Hồ sơ vụ việc").getByText("Chỉ ghi, chưa tự xóa").waitFor();
});

test("a notice is a draft until somebody confirms it", async () => {
  await bank.getByRole("button", { name: "Thông báo cho khách" }).click();
  await bank.getByRole("button", { name: "Soạn bản mới" }).click();
  await bank.locator("dialog[open]").getByLabel(/^Liên hệ/).fill("Phòng bảo vệ, tầng 1");
  await sure(bank);
  await bank.getByRole("link", { name: "Đọc và xác nhận" }).click();
  await bank.getByText("BẢN NHÁP, CHƯA XÁC NHẬN").waitFor();
  await bank.emulateMedia({ media: "print" });
  assert.equal(await bank.locator(".page-head").isVisible(), false);
  assert.equal(await bank.locator(".notice-sheet").isVisible(), true);
  await bank.emulateMedia({ media: "screen" });
  await bank.getByRole("button", { name: "Xác nhận dùng" }).click();
  await bank.locator(".notice-sheet.confirmed").waitFor();
  assert.equal(await bank.locator(".notice-draft").count(), 0);
});

test("in English: the program says what it deletes, and the breaches print as a register", async () => {
  const page = await openPage(browser, node.base, { lang: "en", state: await sessionOf(browser, node, "nganhang") });
  page.setDefaultTimeout(15_000);
  await page.goto("/privacy?view=retention");
  await page.getByText("The program itself clears 8 of 10 classes").waitFor();
  await page.locator(".privacy-table tr", { hasText: "Incident records" }).getByText("Recorded only, not deleted").waitFor();
  await page.goto("/privacy?view=breaches");
  await page.locator(".privacy-rows > li").first().waitFor();
  await page.evaluate(() => { window.print = () => {}; });
  await page.getByRole("button", { name: "Print register" }).click();
  await page.emulateMedia({ media: "print" });
  await page.getByText("Register of breaches of personal data").waitFor();
  assert.equal(await page.locator(".paper-register tbody tr").count(), await page.locator(".privacy-rows > li").count());
  assert.equal(await page.locator(".privacy-rows").isVisible(), false);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("another agency sees its own only", async () => {
  await police.getByRole("button", { name: "Sổ hoạt động xử lý" }).click();
  await police.getByText("Danh sách cán bộ, chiến sĩ", { exact: true }).waitFor();
  assert.equal(await police.locator(".privacy-rows > li").count(), 1);
  for (const view of ["Yêu cầu", "Vi phạm"]) {
    await police.getByRole("button", { name: view, exact: true }).click();
    await police.getByText("Chưa ghi mục nào").waitFor();
  }
  assert.deepEqual([bank, police].flatMap((p) => p.faults), []);
});
