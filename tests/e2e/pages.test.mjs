// SPDX-License-Identifier: Apache-2.0
// Every page of pages.mjs in both themes, both languages, desk and phone: it comes up without a fault,
// axe finds nothing, no text key shows through, and nothing sticks out sideways.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, logIn, openBrowser, openPage, settled } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { addressOf, LANGS, PAGES, SIZES, THEMES } from "./pages.mjs";

let node, browser, state;

before(async () => {
  node = await startNode({ simulate: 60 });
  browser = await openBrowser();
  await sleep(5_000);
  await node.stopSimulator();
  const page = await openPage(browser, node.base);
  await logIn(page, node.logins.trucban ?? Object.values(node.logins)[0]);
  await settled(page);
  state = await page.context().storageState();
  await page.context().close();
});

after(async () => {
  await browser?.close();
  await node?.stop();
});

// The full product would be 12 visits a page; theme and language are crossed with the window instead.
const looks = SIZES.flatMap(([width, height], i) =>
  THEMES.map((theme, j) => ({ width, height, theme, lang: LANGS[(i + j) % LANGS.length] })));

for (const entry of PAGES) {
  for (const look of looks) {
    test(`${entry.name} ${look.width} ${look.theme} ${look.lang}`, async () => {
      const page = await openPage(browser, node.base, { ...look, state: entry.guest ? undefined : state });
      try {
        await page.goto("/");
        await settled(page);
        await page.goto(await addressOf(entry, page));
        await settled(page);
        await entry.act?.(page);
        assert.deepEqual(page.faults, []);
        assert.deepEqual(await axe(page), []);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px stick out sideways`);
        const keys = (await page.locator("body").innerText()).match(/\b(ui|err|status|signal)\.[a-z_]+(\.[a-z_]+)*\b/g);
        assert.equal(keys, null, "catalogue keys instead of words");
      } finally {
        await page.context().close();
      }
    });
  }
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
