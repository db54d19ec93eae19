// SPDX-License-Identifier: Apache-2.0
// Bundles every test/*.test.ts into one module (node 18 cannot read TypeScript) and hands it to node's runner.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), "vonggac-web-"));
const entries = readdirSync(here).filter((f) => f.endsWith(".test.ts"));
await esbuild.build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: out,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  logLevel: "warning",
  define: { "import.meta.dirname": JSON.stringify(here) },
});
const done = spawnSync(
  process.execPath,
  ["--test", ...entries.map((f) => join(out, f.replace(/\.ts$/, ".mjs")))],
  { stdio: "inherit" },
);
rmSync(out, { recursive: true, force: true });
process.exit(done.status ?? 1);
