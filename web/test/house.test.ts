// SPDX-License-Identifier: Apache-2.0
// What the pages promise as a whole: texts in both languages, nothing inline, no other host, a small first load.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync } from "node:zlib";
import { SIGNALS } from "../src/pages/signals.ts";
import { readPo } from "../po.mjs";

const web = join(import.meta.dirname, "..");
const out = mkdtempSync(join(tmpdir(), "vonggac-build-"));
after(() => rmSync(out, { recursive: true, force: true }));
execFileSync(process.execPath, [join(web, "build.mjs"), out], {
  env: { ...process.env, VG_CATALOGUE: "" },
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
    e.isDirectory()
      ? sources(join(folder, e.name))
      : /\.tsx?$/.test(e.name)
        ? [join(folder, e.name)]
        : [],
  );
}
const code = sources(join(web, "src"))
  .map((f) => readFileSync(f, "utf8"))
  .join("\n");
const texts = readPo(join(web, "..", "po"));
const assets = readdirSync(join(out, "assets"));
const asset = (name: RegExp) =>
  readFileSync(
    join(
      out,
      "assets",
      assets.find((f) => name.test(f))!,
    ),
    "utf8",
  );

test("every key the console names has a text in both languages", () => {
  const keys = new Set([...code.matchAll(/\bt\(\s*"(ui\.[a-z0-9_.]+)"/g)].map((m) => m[1]!));
  assert.ok(keys.size > 200);
  for (const lang of ["vi", "en"]) {
    assert.deepEqual(
      [...keys].filter((k) => !texts[lang]![k]),
      [],
      lang,
    );
  }
});

test("every set of words is there, and no key of ours is unused", () => {
  const sets = new Set(
    [...code.matchAll(/\b(?:word\(\s*"|t\(\s*`)(ui\.[a-z0-9_.]+?)(?:"|\.?\$\{)/g)].map(
      (m) => m[1]!,
    ),
  );
  const named = new Set([...code.matchAll(/"(ui\.[a-z0-9_.]+)"/g)].map((m) => m[1]!));
  const mine = Object.keys(texts.vi!).filter((k) => k.startsWith("ui."));
  for (const s of sets) {
    assert.ok(
      mine.some((k) => k.startsWith(s)),
      `no text under ${s}`,
    );
  }
  assert.deepEqual(
    mine.filter((k) => !named.has(k) && ![...sets].some((s) => k.startsWith(s))),
    [],
  );
});

test("placeholders are the same in both languages", () => {
  const holes = (s: string) =>
    [...s.matchAll(/\{\w+\}/g)]
      .map((m) => m[0])
      .sort()
      .join();
  for (const k of Object.keys(texts.vi!).filter((k) => k.startsWith("ui."))) {
    assert.equal(holes(texts.vi![k]!), holes(texts.en![k]!), k);
  }
});

test("the meanings offered are those of the core", () => {
  const def = readFileSync(join(web, "..", "src", "core", "signal_kinds.def"), "utf8");
  assert.deepEqual(
    SIGNALS,
    [...def.matchAll(/^X\((\w+)/gm)].map((m) => m[1]),
  );
});

test("every event of the journal has a name", () => {
  const sources = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((e) =>
      e.isDirectory() ? sources(join(folder, e.name)) : e.name.endsWith(".c") ? [join(folder, e.name)] : [],
    );
  const kinds = sources(join(web, "..", "src"))
    .filter((f) => !f.endsWith("_test.c"))
    .flatMap((f) => [...readFileSync(f, "utf8").matchAll(/\{"([a-z_]+\.[a-z_]+)", \d+, \w+_on_/g)])
    .map((m) => `ui.kind.${m[1]}`);
  assert.ok(kinds.length > 100, `${kinds.length} kinds found`);
  assert.deepEqual(
    kinds.filter((k) => !texts.vi![k]),
    [],
  );
});

test("nothing inline and no other host", () => {
  const page = readFileSync(join(out, "index.html"), "utf8");
  assert.doesNotMatch(page, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=/i);
  assert.doesNotMatch(page.replace(/xmlns="[^"]*"/g, ""), /https?:|\/\//);
  assert.doesNotMatch(asset(/^console-.*\.css$/), /https?:|@import/);
  assert.doesNotMatch(code, /innerHTML|dangerouslySet|\beval\(|new Function|style="/);
});

test("the first load is at most 180 KB of script, gzipped", () => {
  const page = readFileSync(join(out, "index.html"), "utf8");
  const first = [...page.matchAll(/\/assets\/([\w-]+\.js)/g)].map((m) => m[1]!);
  const size = first.reduce((n, f) => n + gzipSync(readFileSync(join(out, "assets", f))).length, 0);
  assert.ok(first.length > 1 && size > 20 * 1024 && size < 180 * 1024, `${size} bytes`);
});

test("what is named by its content does not change between builds", () => {
  const again = mkdtempSync(join(tmpdir(), "vonggac-build-"));
  try {
    execFileSync(process.execPath, [join(web, "build.mjs"), again], {
      env: { ...process.env, VG_CATALOGUE: "" },
    });
    assert.deepEqual(readdirSync(join(again, "assets")), assets);
  } finally {
    rmSync(again, { recursive: true, force: true });
  }
});
