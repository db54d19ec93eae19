// SPDX-License-Identifier: Apache-2.0
// Reads po/<lang>/*.po into {vi: {key: text}, en: {…}} for tests and builds without meson; the product's
// build gets the same from tools/catalogue.py, which also checks that nothing is missing.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export function parsePo(text) {
  const row = {};
  const texts = {};
  let last = null;
  const keep = () => {
    if (row.msgid) {
      texts[row.msgid] = row.msgstr ?? "";
    }
  };
  for (const raw of text.split("\n")) {
    const line = raw.trim();
    const m = /^(msgid|msgstr) (".*")$/.exec(line);
    if (m) {
      last = m[1];
      if (last === "msgid") {
        keep();
        delete row.msgstr;
      }
      row[last] = JSON.parse(m[2]);
    } else if (last && line.startsWith('"')) {
      row[last] += JSON.parse(line);
    }
  }
  keep();
  return texts;
}

export function readPo(folder) {
  const all = {};
  for (const lang of ["vi", "en"]) {
    all[lang] = {};
    for (const file of readdirSync(join(folder, lang))
      .filter((f) => f.endsWith(".po"))
      .sort()) {
      Object.assign(all[lang], parsePo(readFileSync(join(folder, lang, file), "utf8")));
    }
  }
  return all;
}
