// SPDX-License-Identifier: Apache-2.0
// As much YAML as rules are written in: documents, mappings and lists in both styles, scalars as the texts they
// are. What is beyond that (anchors, tags, block texts) is refused with its line, never guessed at: the server's
// reader is the judge, this one only fills a form.
export type Yaml = string | Yaml[] | YamlMap;
export interface YamlMap {
  [key: string]: Yaml;
}

export class YamlError extends Error {
  constructor(
    readonly line: number,
    readonly what: string,
  ) {
    super(`${what} (${line})`);
  }
}

interface Line {
  no: number;
  indent: number;
  text: string;
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", '"': '"', "\\": "\\", "/": "/" };

class Flow {
  at = 0;
  constructor(
    readonly s: string,
    readonly line: number,
  ) {}
  fail(what: string): never {
    throw new YamlError(this.line, what);
  }
  blanks(): void {
    while (/\s/.test(this.s[this.at] ?? "")) {
      this.at++;
    }
  }
  quoted(): string {
    const q = this.s[this.at++]!;
    let out = "";
    for (;;) {
      const c = this.s[this.at++];
      if (c === undefined) {
        this.fail("quote");
      }
      if (c === q) {
        if (q === "'" && this.s[this.at] === "'") {
          out += this.s[this.at++];
          continue;
        }
        return out;
      }
      if (q === '"' && c === "\\") {
        const e = ESCAPES[this.s[this.at++] ?? ""];
        if (e === undefined) {
          this.fail("escape");
        }
        out += e;
      } else {
        out += c;
      }
    }
  }
  plain(inFlow: boolean): string {
    const from = this.at;
    const stop = inFlow ? /[,[\]{}]/ : /$^/;
    while (this.at < this.s.length && !stop.test(this.s[this.at]!)) {
      const c = this.s[this.at]!;
      if (c === ":" && (this.at + 1 === this.s.length || /[\s,[\]{}]/.test(this.s[this.at + 1]!))) {
        break;
      }
      this.at++;
    }
    const text = this.s.slice(from, this.at).trim();
    if (/^[&*!|>%@`]/.test(text)) {
      this.fail(text[0]!);
    }
    return text;
  }
  value(inFlow: boolean): Yaml {
    this.blanks();
    const c = this.s[this.at];
    if (c === "{") {
      return this.map();
    }
    if (c === "[") {
      return this.list();
    }
    return c === '"' || c === "'" ? this.quoted() : this.plain(inFlow);
  }
  list(): Yaml[] {
    const out: Yaml[] = [];
    this.at++;
    for (;;) {
      this.blanks();
      if (this.s[this.at] === "]") {
        this.at++;
        return out;
      }
      out.push(this.value(true));
      this.next("]");
    }
  }
  map(): YamlMap {
    const out: YamlMap = {};
    this.at++;
    for (;;) {
      this.blanks();
      if (this.s[this.at] === "}") {
        this.at++;
        return out;
      }
      const key = this.value(true);
      this.blanks();
      if (typeof key !== "string" || this.s[this.at] !== ":") {
        this.fail("key");
      }
      this.at++;
      if (key in out) {
        this.fail(key);
      }
      out[key] = this.value(true);
      this.next("}");
    }
  }
  next(end: string): void {
    this.blanks();
    if (this.s[this.at] === ",") {
      this.at++;
    } else if (this.s[this.at] !== end) {
      this.fail(end);
    }
  }
  whole(): Yaml {
    const v = this.value(false);
    this.blanks();
    if (this.at < this.s.length) {
      this.fail(this.s.slice(this.at));
    }
    return v;
  }
}

// Without its comment, which begins outside of quotes after a blank.
function bare(s: string): string {
  let quote = "";
  for (let i = 0; i < s.length; i++) {
    const c = s[i]!;
    if (quote) {
      if (c === "\\" && quote === '"') {
        i++;
      } else if (c === quote) {
        quote = "";
      }
    } else if ((c === '"' || c === "'") && /(^|[\s,[{:])$/.test(s.slice(0, i))) {
      quote = c;
    } else if (c === "#" && (i === 0 || /\s/.test(s[i - 1]!))) {
      return s.slice(0, i).trimEnd();
    }
  }
  return s.trimEnd();
}

export const hasComment = (text: string): boolean =>
  text.split("\n").some((l) => bare(l) !== l.trimEnd());

// A flow value that goes on over lines is one value: how many brackets are open after s.
function depth(s: string): number {
  let n = 0;
  let quote = "";
  for (let i = 0; i < s.length; i++) {
    const c = s[i]!;
    if (quote) {
      if (c === "\\" && quote === '"') {
        i++;
      } else if (c === quote) {
        quote = "";
      }
    } else if ((c === '"' || c === "'") && /[\s,[{:]$/.test(s.slice(0, i))) {
      quote = c;
    } else if (c === "{" || c === "[") {
      n++;
    } else if (c === "}" || c === "]") {
      n--;
    }
  }
  return n;
}

function keyOf(l: Line): [string, string] | null {
  const f = new Flow(l.text, l.no);
  const c = l.text[0];
  const key = c === '"' || c === "'" ? f.quoted() : f.plain(false);
  return l.text[f.at] === ":" ? [key, l.text.slice(f.at + 1).trim()] : null;
}

class Block {
  at = 0;
  constructor(readonly lines: Line[]) {}
  flow(text: string, line: number): Yaml {
    while (depth(text) > 0 && this.at < this.lines.length) {
      text += " " + this.lines[this.at++]!.text;
    }
    return new Flow(text, line).whole();
  }
  value(indent: number): Yaml {
    const first = this.lines[this.at]!;
    if (first.text.startsWith("- ") || first.text === "-") {
      return this.list(first.indent);
    }
    return first.text.startsWith("{") || first.text.startsWith("[")
      ? (this.at++, this.flow(first.text, first.no))
      : this.map(indent);
  }
  list(indent: number): Yaml[] {
    const out: Yaml[] = [];
    while (this.lines[this.at]?.indent === indent && /^-( |$)/.test(this.lines[this.at]!.text)) {
      const l = this.lines[this.at++]!;
      out.push(this.flow(l.text.slice(1).trim(), l.no));
    }
    return out;
  }
  map(indent: number): YamlMap {
    const out: YamlMap = {};
    while (this.at < this.lines.length && this.lines[this.at]!.indent === indent) {
      const l = this.lines[this.at++]!;
      const kv = keyOf(l);
      if (!kv || kv[0] in out) {
        throw new YamlError(l.no, kv ? kv[0] : l.text);
      }
      const [key, rest] = kv;
      const next = this.lines[this.at];
      const below = next && (next.indent > indent || (next.indent === indent && /^-( |$)/.test(next.text)));
      out[key] = rest ? this.flow(rest, l.no) : below ? this.value(next.indent) : "";
    }
    if (this.at < this.lines.length && this.lines[this.at]!.indent > indent) {
      throw new YamlError(this.lines[this.at]!.no, this.lines[this.at]!.text);
    }
    return out;
  }
}

export interface Doc {
  value: Yaml;
  line: number;
}

export function parseYaml(text: string): Doc[] {
  const docs: Line[][] = [[]];
  text.split("\n").forEach((raw, i) => {
    if (/^---(\s|$)/.test(raw)) {
      docs.push([]);
    }
    const s = bare(/^---(\s|$)/.test(raw) ? raw.slice(3) : raw);
    if (s.includes("\t") && /^\s*\t/.test(s)) {
      throw new YamlError(i + 1, "tab");
    }
    if (s.trim()) {
      docs.at(-1)!.push({ no: i + 1, indent: s.length - s.trimStart().length, text: s.trim() });
    }
  });
  return docs
    .filter((d) => d.length)
    .map((d) => {
      const b = new Block(d);
      const value = b.value(d[0]!.indent);
      if (b.at < d.length) {
        throw new YamlError(d[b.at]!.no, d[b.at]!.text);
      }
      return { value, line: d[0]!.no };
    });
}

// A scalar as it can stand anywhere, in a flow list too.
export function scalar(s: string): string {
  const plain =
    /^[\p{L}\p{N}_][\p{L}\p{N} _.\/%+()-]*$/u.test(s) &&
    !s.endsWith(" ") &&
    !/^(true|false|null|yes|no|on|off)$/i.test(s);
  return plain ? s : `"${s.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\t/g, "\\t")}"`;
}
