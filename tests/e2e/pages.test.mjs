// SPDX-License-Identifier: Apache-2.0
// Every page of pages.mjs, in three windows, both themes, both languages: it comes up without a fault, no
// text key shows through, nothing sticks out sideways; and axe finds nothing at the desk and on the phone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser, openPage, sessionOf, settled } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { addressOf, furnish, LANGS, PAGES, ROLES, SIZES, THEMES } from "./pages.mjs";

let node, browser;
const states = {};
const open = new Map();  // "look role" -> the page that walks through all of that role's addresses

// A page is opened once for each look and role, and goes from address to address as by its own links.
async function show(look, entry) {
  const key = `${look.name} ${entry.as}`;
  let page = open.get(key);
  if (page) {
    page.faults.length = 0;
    const to = await addressOf(entry, page);
    await page.keyboard.press("Escape");
    await page.evaluate((path) => {
      history.pushState(null, "", path);
      dispatchEvent(new PopStateEvent("popstate"));
    }, to);
  } else {
    page = await openPage(browser, node.base, { ...look, state: states[entry.as] });
    open.set(key, page);
    await page.goto("/");
    if (entry.path !== "/") {
      await page.goto(await addressOf(entry, page));
    }
  }
  await settled(page);
  await entry.act?.(page);
  return page;
}

async function closeAll() {
  for (const page of open.values()) {
    await page.context().close();
  }
  open.clear();
}

before(async () => {
  node = await startNode({ simulate: 60 });
  browser = await openBrowser();
  await sleep(5_000);
  await node.stopSimulator();
  for (const role of ROLES) {
    states[role] = await sessionOf(browser, node, role);
    const page = await openPage(browser, node.base, { state: states[role] });
    await page.goto("/");
    await furnish(page, role);
    await page.context().close();
  }
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
      const page = await show(look, entry);
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
  test(`done with ${look.name}`, closeAll);
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
