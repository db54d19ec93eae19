// SPDX-License-Identifier: Apache-2.0
// Goes through the pages of pages.mjs on one node: a log-in for each role, something to look at, and one
// browser page for each look and role that moves from address to address as by its own links.
import { openPage, sessionOf, settled } from "./browser.mjs";
import { addressOf, furnish, ROLES } from "./pages.mjs";

export async function startWalk(browser, node) {
  const states = {};
  for (const role of ROLES) {
    states[role] = await sessionOf(browser, node, role);
    const page = await openPage(browser, node.base, { state: states[role] });
    await page.goto("/");
    await furnish(page, role, node);
    await page.context().close();
  }
  const open = new Map();  // "width theme lang role" -> its page

  async function show(look, entry) {
    const key = [look.width, look.theme, look.lang, entry.as].join(" ");
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

  async function close() {
    for (const page of open.values()) {
      await page.context().close();
    }
    open.clear();
  }
  return { show, close };
}
