// SPDX-License-Identifier: Apache-2.0
// Every page of pages.mjs: it comes up without a fault, no text key shows through, nothing sticks out sideways; and axe
// finds nothing at the desk and on the phone. Two looks a page hold each size, theme and language once: the phone in
// the light and in Vietnamese, the desk in the dark and in English. The rest of three windows by two themes is left to ./test full,
// which sets VG_MORE. Two files share the looks, so that two browsers work at once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { axe, openBrowser } from "./browser.mjs";
import { sleep, startNode } from "./node.mjs";
import { BY_ROLE, LANGS, SIZES, THEMES } from "./pages.mjs";
import { startWalk } from "./walk.mjs";

// The full product would be 12 visits a page; theme and language are crossed with the window instead.
const looks = SIZES.flatMap(([width, height], i) => THEMES.flatMap((theme, j) => {
  const lang = LANGS[(i + j) % LANGS.length];
  const short = width === 390 ? theme === "light" : width === 1440 && theme === "dark";
  return short || process.env.VG_MORE ? [{ name: `${width} ${theme} ${lang}`, width, height, theme, lang, axe: short }] : [];
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
    for (const entry of BY_ROLE) {
      test(`${entry.name} ${look.name}`, () => looksRight(walk, look, entry));
    }
    test(`done with ${look.name}`, () => walk.close());
  }
}
