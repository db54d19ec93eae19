// SPDX-License-Identifier: Apache-2.0
// Every page of pages.mjs, in three windows, both themes, both languages: it comes up without a fault, no
// text key shows through, nothing sticks out sideways; and axe finds nothing at the desk and on the phone.
// Two files share the looks between them, so that two browsers work at once. The window between desk and phone is left to
// ./test full, which sets VG_MORE.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { LANGS, PAGES, SIZES, THEMES } from "./pages.mjs";
import { startWalk } from "./walk.mjs";

// The full product would be 12 visits a page; theme and language are crossed with the window instead.
const MIDDLE = 1280;
const looks = SIZES.flatMap(([width, height], i) => THEMES.flatMap((theme, j) => {
  const lang = LANGS[(i + j) % LANGS.length];
  return width === MIDDLE && !process.env.VG_MORE ? [] : { name: `${width} ${theme} ${lang}`, width, height, theme, lang, axe: width === 390 ? theme === "light" : width === 1440 && theme === "dark" };
}));

async function looksRight(walk, look, entry) {
  const page = await walk.show(look, entry);
  if (look.axe) {
    assert.deepEqual(await axe(page), []);
  }
  assert.deepEqual(page.faults, []);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px stick out sideways`);
  const keys = (await page.locator("body").innerText()).match(/\b(ui|err|status|signal)\.[a-z_]+(\.[a-z_]+)*\b/g);
  assert.equal(keys, null, "catalogue keys instead of words");
}

export function testLooks(theme) {
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
  for (const look of looks.filter((l) => l.theme === theme)) {
    for (const entry of PAGES) {
      test(`${entry.name} ${look.name}`, () => looksRight(walk, look, entry));
    }
    test(`done with ${look.name}`, () => walk.close());
  }
}
