// SPDX-License-Identifier: Apache-2.0
// Goes through the pages of pages.mjs on one node: a log-in for each role, something to look at, and one browser page
// that moves from address to address as by its own links while look and role stay. Another role's is opened anew: pages
// that stay open hear the stream and draw, and a dozen of them cost more than the one that is looked at.
import { openPage, sessionOf, settled } from "./browser.mjs";
import { addressOf, furnish, ROLES } from "./pages.mjs";

export async function startWalk(browser, node) {
  const states = {};
  for (const role of ROLES) {
    states[role] = await sessionOf(browser, node, role);
    const page = await openPage(browser, node.base, { state: states[role] });
    await page.goto("/manifest.webmanifest"); // to ask from; the console need not come up for it
    await furnish(page, role, node);
    await page.context().close();
  }
  let open = { key: "", page: null };  // key: "width theme lang role"

  async function show(look, entry) {
    const key = [look.width, look.theme, look.lang, entry.as].join(" ");
    let { page } = open;
    if (open.key === key) {
      page.faults.length = 0;
      const to = await addressOf(entry, page);
      await page.keyboard.press("Escape");
      await page.evaluate((path) => {
        history.pushState(null, "", path);
        dispatchEvent(new PopStateEvent("popstate"));
      }, to);
    } else {
      await close();
      page = await openPage(browser, node.base, { ...look, state: states[entry.as] });
      open = { key, page };
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
    await open.page?.context().close();
    open = { key: "", page: null };
  }
  return { show, close };
}
