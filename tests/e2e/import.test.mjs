// SPDX-License-Identifier: Apache-2.0
// A messy list from a spreadsheet, as the staff officer brings it: read, its wrong cells named, applied, taken
// back; and lists given out again as files.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { startNode } from "./node.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
let node, browser, folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "vonggac-import-"));
  // Debian's own Python: openpyxl comes from its package
  const made = spawnSync("/usr/bin/python3", [join(HERE, "messy_list.py"), join(folder, "danh sách.xlsx")], { encoding: "utf8" });
  assert.equal(made.status, 0, made.stderr);
  node = await startNode();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await node?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const persons = (page) => page.evaluate(async () => (await (await fetch("/api/v1/persons?limit=500")).json()).items);

test("a messy list, applied and taken back", async () => {
  const page = await openPage(browser, node.base, { lang: "vi" });
  await logIn(page, node.logins.thammuu);
  await settled(page);
  const before_n = (await persons(page)).length;
  await page.goto("/people");
  await settled(page);
  await page.getByRole("link", { name: "Nhập danh sách" }).click();
  await page.locator("input[type=file]").setInputFiles(join(folder, "danh sách.xlsx"));
  await page.locator(".import-begin button[type=submit]").click();
  await page.locator(".import-problems").waitFor({ timeout: 15_000 });

  // what is wrong is said by cell, and nothing can be applied
  const problems = page.locator(".import-problems tbody tr");
  await problems.filter({ hasText: "E10" }).filter({ hasText: "Đội không có" }).waitFor();
  await problems.filter({ hasText: "C10" }).filter({ hasText: "công thức" }).waitFor();
  const apply = page.getByRole("button", { name: "Áp dụng 3 dòng" });
  assert.ok(await apply.isDisabled());
  assert.deepEqual(await axe(page), []);
  assert.equal((await persons(page)).length, before_n, "a preview changes nothing");

  await page.getByRole("button", { name: "Bỏ qua tất cả các dòng sai" }).click();
  await page.locator(".import-problems").waitFor({ state: "detached" });
  await apply.click();
  await page.locator(".import-state.applied").waitFor({ timeout: 15_000 });
  const now = await persons(page);
  assert.equal(now.length, before_n + 3);
  const first = now.find((p) => p.code === "0351001");
  assert.equal(first.name, "Nguyễn Văn Thí Điểm".normalize("NFC"));
  const record = await page.evaluate(async (id) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    return (await fetch(`/api/v1/persons/${id}/look`, { method: "POST", body: '{"purpose":"edit"}',
      headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf } })).json();
  }, first.id);
  assert.equal(record.phone, "0912 000 111");
  assert.match(record.since, /^2024-03-05T00:00:00/);
  assert.ok(now.filter((p) => /^0?35100[123]$/.test(p.code)).every((p) => p.unit_name === "Tổ bảo vệ mục tiêu số 1"));

  await page.getByRole("button", { name: "Hoàn tác" }).click();
  await page.locator(".import-state.undone").waitFor({ timeout: 15_000 });
  assert.equal((await persons(page)).length, before_n);
  assert.deepEqual(page.faults, []);
  await page.context().close();
});

test("a list as CSV and XLSX is what its reader may see", async () => {
  const page = await openPage(browser, node.base, { lang: "vi" });
  await logIn(page, node.logins.thammuu);
  await settled(page);
  await page.goto("/people");
  await settled(page);
  const shown = (await persons(page)).length;
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /Tải .* dạng CSV/ }).click(),
  ]);
  const text = readFileSync(await file.path(), "utf8");
  assert.ok(text.startsWith("\ufeff"), "Excel takes it for UTF-8");
  const lines = text.trim().split("\r\n");
  assert.equal(lines.length, shown + 1);
  assert.match(lines[0], /Số hiệu,Họ và tên,Cấp bậc/);
  assert.match(text, /,\d\d\/\d\d\/20\d\d /);
  const [book] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: /Tải .* dạng XLSX/ }).click(),
  ]);
  await book.saveAs(join(folder, "ra.xlsx"));
  const read = spawnSync("/usr/bin/python3", ["-c",
    "import sys,openpyxl;s=openpyxl.load_workbook(sys.argv[1]).active;print(s.max_row,s['B1'].value)", join(folder, "ra.xlsx")],
    { encoding: "utf8" });
  assert.equal(read.stdout.trim(), `${shown + 1} Họ và tên`, read.stderr);
  await page.context().close();
});

test("afterwards the journal verifies and the tables equal a rebuild", async () => {
  await new Promise((done) => setTimeout(done, 1_200));
  for (const verb of [["verify"], ["rebuild", "--check"]]) {
    const run = spawnSync(process.env.VG_BIN, [...verb, "--data", node.data, "--json"], { encoding: "utf8" });
    assert.equal(run.status, 0, run.stderr);
    assert.ok(JSON.parse(run.stdout).ok);
  }
});
