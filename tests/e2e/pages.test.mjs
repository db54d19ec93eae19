// SPDX-License-Identifier: Apache-2.0
// Every page of pages.mjs, in three windows, both themes, both languages: it comes up without a fault, no
// text key shows through, nothing sticks out sideways; and axe finds nothing at the desk and on the phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { LANGS, PAGES, SIZES, THEMES } from "./pages.mjs";
import { startWalk } from "./walk.mjs";

let node, browser, walk;

before(async () => {
  node = await startNode({ simulate: 60 });
  browser = await openBrowser();
  await sleep(5_000);
  await node.stopSimulator();
  walk = await startWalk(browser, node);
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

// The full product would be 12 visits a page; theme and language are crossed with the window instead.
const looks = SIZES.flatMap(([width, height], i) => THEMES.map((theme, j) => {
  const lang = LANGS[(i + j) % LANGS.length];
  return { name: `${width} ${theme} ${lang}`, width, height, theme, lang, axe: width === 390 ? theme === "light" : width === 1440 && theme === "dark" };
}));

for (const look of looks) {
  for (const entry of PAGES) {
    test(`${entry.name} ${look.name}`, async () => {
      const page = await walk.show(look, entry);
      if (look.axe) {
        assert.deepEqual(await axe(page), []);
      }
      assert.deepEqual(page.faults, []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px stick out sideways`);
      const keys = (await page.locator("body").innerText()).match(/\b(ui|err|status|signal)\.[a-z_]+(\.[a-z_]+)*\b/g);
      assert.equal(keys, null, "catalogue keys instead of words");
    });
  }
  test(`done with ${look.name}`, () => walk.close());
}

test("a wrong password is refused in words", async () => {
  const page = await openPage(browser, node.base, { lang: "vi" });
  await page.goto("/");
  await page.locator('input[name="login"]').fill("nobody");
  await page.locator('input[name="password"]').fill("not the password");
  await page.locator('form button[type="submit"]').click();
  await page.locator('[role="alert"]').first().waitFor();
  assert.ok((await page.locator('[role="alert"]').first().innerText()).length > 5);
  await page.context().close();
});
