// SPDX-License-Identifier: Apache-2.0
// `./run gallery [PAGE...]`: one contact sheet per page, themes x languages across, windows down, into
// out/gallery/PAGE.png; the single pictures beside it in out/gallery/PAGE/. The node runs on fresh demo
// data, the simulator a while at speed and then at the pace of life, so that all show nearly one state.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { openBrowser } from "./browser.mjs";
import { startNode, sleep } from "./node.mjs";
import { BY_ROLE, LANGS, PAGES, SIZES, THEMES } from "./pages.mjs";
import { startWalk } from "./walk.mjs";

const OUT = resolve(dirname(fileURLToPath(import.meta.url)), "../../out/gallery");
const SPEED = 60;
const SIMULATE_MS = 15_000;
const THUMB = 460;  // width of a desk picture on the sheet; the phone's keeps the same scale

const LOOKS = SIZES.flatMap(([width, height]) => THEMES.flatMap((theme) => LANGS.map((lang) => ({ width, height, theme, lang }))));

const wanted = process.argv.slice(2);
const unknown = wanted.filter((w) => !PAGES.some((p) => p.name === w));
if (unknown.length) {
  console.error(`no such page: ${unknown.join(" ")} (tests/e2e/pages.mjs)`);
  process.exit(2);
}
const entries = BY_ROLE.filter((p) => !wanted.length || wanted.includes(p.name));

async function shoot(walk, entry, look) {
  const page = await walk.show(look, entry);
  const file = join(OUT, entry.name, `${look.width}-${look.theme}-${look.lang}.png`);
  await page.screenshot({ path: file });
  return { ...look, file, faults: page.faults.slice() };
}

function sheetHtml(entry, shots) {
  const rows = SIZES.map(([width, height]) => {
    const cells = shots.filter((s) => s.width === width).map((s) => {
      const w = Math.round(THUMB * Math.min(1, width / 1280 * (width < 600 ? 1.6 : 1)));
      const data = readFileSync(s.file).toString("base64");
      return `<figure><img width="${w}" src="data:image/png;base64,${data}"><figcaption>${s.theme} · ${s.lang}</figcaption></figure>`;
    });
    return `<h2>${width}×${height}</h2><div>${cells.join("")}</div>`;
  });
  return `<!doctype html><meta charset="utf-8"><style>
    body { font: 13px sans-serif; margin: 12px; background: #808080; color: #fff; width: ${4 * (THUMB + 10)}px }
    h1, h2 { margin: 8px 0 4px; font-size: 15px } div { display: flex; gap: 10px; align-items: flex-start }
    figure { margin: 0; width: ${THUMB}px } img { display: block }</style>
    <h1>${entry.name}</h1>${rows.join("")}`;
}

async function sheet(browser, entry, shots) {
  const page = await browser.newPage({ viewport: { width: 4 * (THUMB + 10) + 24, height: 800 } });
  await page.setContent(sheetHtml(entry, shots), { waitUntil: "load" });
  await page.screenshot({ path: join(OUT, `${entry.name}.png`), fullPage: true });
  await page.close();
}

const node = await startNode({ simulate: SPEED });
const browser = await openBrowser();
let failed = 0;
try {
  await sleep(SIMULATE_MS);
  await node.stopSimulator();
  node.startSimulator(1);  // no source may fall silent while the pictures are taken
  const walk = await startWalk(browser, node);
  const shots = new Map(entries.map((entry) => [entry, []]));
  for (const entry of entries) {
    rmSync(join(OUT, entry.name), { recursive: true, force: true });
    mkdirSync(join(OUT, entry.name), { recursive: true });
  }
  for (const look of LOOKS) {
    for (const entry of entries) {
      shots.get(entry).push(await shoot(walk, entry, look));
    }
    await walk.close();
  }
  for (const entry of entries) {
    await sheet(browser, entry, shots.get(entry));
    const faults = [...new Set(shots.get(entry).flatMap((s) => s.faults))];
    failed += faults.length > 0;
    console.log(`out/gallery/${entry.name}.png${faults.map((f) => `\n  ${f}`).join("")}`);
  }
} finally {
  await browser.close();
  await node.stop();
}
console.log(`${entries.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
