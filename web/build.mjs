// SPDX-License-Identifier: Apache-2.0
// Bundles the console: `node build.mjs OUTDIR`, the catalogue's path in VG_CATALOGUE.
// Writes OUTDIR/index.html, assets/* (names carry the hash of their content) and locale.json.
// The page holds no inline script or style and names no other host: the server sends a strict CSP.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import { readPo } from "./po.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "dist"));
const assets = join(out, "assets");
mkdirSync(assets, { recursive: true });

const catalogue =
  process.env.VG_CATALOGUE && existsSync(process.env.VG_CATALOGUE)
    ? JSON.parse(readFileSync(process.env.VG_CATALOGUE, "utf8"))
    : readPo(join(here, "..", "po"));

function hashed(name, ext, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 10);
  writeFileSync(join(assets, `${name}-${hash}.${ext}`), text);
  return `/assets/${name}-${hash}.${ext}`;
}

writeFileSync(join(out, "locale.json"), JSON.stringify(catalogue));
const locales = Object.fromEntries(
  ["vi", "en"].map((lang) => [
    lang,
    hashed(`locale-${lang}`, "json", JSON.stringify(catalogue[lang])),
  ]),
);

const common = {
  absWorkingDir: here,
  outdir: assets,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2021", "chrome109", "firefox115", "safari16"],
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".woff2": "file", ".woff": "empty", ".svg": "file", ".png": "empty" },
  metafile: true,
  legalComments: "none",
  logLevel: "warning",
};
const nameIn = (result, entry, ext) => {
  const file = Object.keys(result.metafile.outputs).find(
    (f) => basename(f).startsWith(`${entry}-`) && f.endsWith(ext),
  );
  if (!file) {
    throw new Error(`no ${entry}*${ext} was made`);
  }
  return `/assets/${basename(file)}`;
};

// The map's library and the reader of QR codes stand apart: only who looks at a map, or through a camera, fetches them.
// The theme is set before anything is drawn.
const apart = await esbuild.build({
  ...common,
  entryPoints: { leaflet: "src/pages/map-leaflet.ts", qrread: "src/pages/gate/qr-read.ts", theme: "src/theme.ts" },
});
// The second load (pages-late.ts) is a part of its own, and so is what both loads share.
const result = await esbuild.build({
  ...common,
  format: "esm",
  splitting: true,
  chunkNames: "part-[hash]",
  entryPoints: { console: "src/main.tsx" },
  define: {
    VG_LOCALES: JSON.stringify(locales),
    VG_MAP_JS: JSON.stringify(nameIn(apart, "leaflet", ".js")),
    VG_QR_JS: JSON.stringify(nameIn(apart, "qrread", ".js")),
  },
});

// The parts that the console cannot begin without.
function firstParts() {
  const { outputs } = result.metafile;
  const names = [Object.keys(outputs).find((f) => `/assets/${basename(f)}` === nameIn(result, "console", ".js"))];
  for (const name of names) {
    names.push(...outputs[name].imports.filter((i) => i.kind === "import-statement" && !names.includes(i.path)).map((i) => i.path));
  }
  return names.slice(1).map((f) => `/assets/${basename(f)}`).sort();
}
const parts = firstParts();

const icon = hashed("icon", "svg", readFileSync(join(here, "src", "icon.svg"), "utf8"));
const page = readFileSync(join(here, "src", "index.html"), "utf8")
  .replace("{icon}", icon)
  .replace("{theme.js}", nameIn(apart, "theme", ".js"))
  .replace("{console.js}", nameIn(result, "console", ".js"))
  .replace("{console.css}", nameIn(result, "console", ".css"))
  .replace("{parts}", parts.map((p) => `<link rel="modulepreload" href="${p}">`).join("\n"))
  .replace("{locale.vi}", locales.vi);
writeFileSync(join(out, "index.html"), page);

// A gate's terminal opens without a connection: what the first page needs is kept by sw.js, under a name that changes
// with it. It lies at the root so that it speaks for every page.
const shell = ["/", icon, ...Object.values(locales), ...parts, ...readdirSync(assets)
  .filter((f) => /^(console|theme|qrread)-.*\.(js|css)$|\.woff2$/.test(f)).map((f) => `/assets/${f}`)].sort();
const version = createHash("sha256").update(page + shell.join()).digest("hex").slice(0, 10);
await esbuild.build({ ...common, entryPoints: { sw: "src/terminal/sw.ts" }, outdir: out, entryNames: "[name]",
  metafile: false, define: { VG_SHELL: JSON.stringify(shell), VG_SHELL_NAME: JSON.stringify(`vonggac-${version}`) } });
writeFileSync(join(out, "manifest.webmanifest"), JSON.stringify({ name: "Vọng gác", short_name: "Vọng gác",
  start_url: "/gate", scope: "/", display: "standalone", lang: "vi", background_color: "#101418", theme_color: "#101418",
  icons: [{ src: icon, sizes: "any", type: "image/svg+xml", purpose: "any" }] }));

// "name.gz" beside "name": the server sends it to whoever accepts it. What shrinks too little stays alone.
for (const folder of [out, assets]) {
  for (const name of readdirSync(folder).filter((f) => /\.(js|css|json|svg|html)$/.test(f))) {
    const raw = readFileSync(join(folder, name));
    const small = gzipSync(raw, { level: 9 });
    if (small.length < raw.length * 0.9) {
      writeFileSync(join(folder, `${name}.gz`), small);
    }
  }
}
