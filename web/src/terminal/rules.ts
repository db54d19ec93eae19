// SPDX-License-Identifier: Apache-2.0
// Access rules without the node: the part of the expression language (docs/expression.md) that gates use. What is not in
// that part is not guessed at: compile() throws, and the gate says that the rule could not be checked.
export type Tri = boolean | null; // null: unknown
export interface Case {
  text: Record<string, string | undefined>; // holder.kind, holder.class, point, area, from, way
  atUs: number;
}
export type Rule = (c: Case) => Tri;

const VN_S = 7 * 3600;
const DAY_S = 86_400;
const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
type Kind = "text" | "number" | "clock" | "day" | "date" | "yes";
interface Value {
  kind: Kind;
  of: (c: Case) => string | number | boolean | undefined; // undefined: unknown
}
type Scalar = string | number | boolean;
type Test = (v: Scalar) => boolean;

const TOKEN =
  /\s*(?:("(?:[^"\\]|\\["\\])*")|(\d{4}-\d\d-\d\d)|(\d\d:\d\d(?::\d\d)?)|(\d+(?:\.\d+)?)(?![\w:-])|([a-z_]+(?:\.[a-z_]+)*)|(\.\.|!=|<=|>=|[=<>(){},]))/y;

function tokens(text: string): string[] {
  const out: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const m = TOKEN.exec(text);
    if (!m) {
      throw new SyntaxError(text);
    }
    out.push(m[0].trim());
  }
  return out;
}

const clockOf = (t: string): number => {
  const [h, m, s] = t.split(":").map(Number);
  return h! * 3600 + m! * 60 + (s ?? 0);
};
const local = (c: Case): number => Math.floor(c.atUs / 1e6) + VN_S;
const NAMES: Record<string, Value> = {
  time: { kind: "clock", of: (c) => local(c) % DAY_S },
  day: { kind: "day", of: (c) => new Date(local(c) * 1000).getUTCDay() },
  date: { kind: "date", of: (c) => Math.floor(local(c) / DAY_S) },
};
for (const name of ["holder.kind", "holder.class", "point", "area", "from", "way"]) {
  NAMES[name] = { kind: "text", of: (c) => c.text[name] };
}

function literal(t: string): Value | null {
  const made = (kind: Kind, v: string | number | boolean): Value => ({ kind, of: () => v });
  if (t.startsWith('"')) {
    return made("text", t.slice(1, -1).replace(/\\(["\\])/g, "$1"));
  }
  if (/^\d{4}-/.test(t)) {
    return made("date", Date.parse(t) / 86_400_000);
  }
  if (/^\d\d:/.test(t)) {
    return made("clock", clockOf(t));
  }
  if (/^\d/.test(t)) {
    return made("number", Number(t));
  }
  if (t === "true" || t === "false") {
    return made("yes", t === "true");
  }
  return DAYS.includes(t) ? made("day", DAYS.indexOf(t)) : null;
}

const NONE: Case = { text: {}, atUs: 0 };
const and = (a: Tri, b: Tri): Tri => (a === false || b === false ? false : a === null || b === null ? null : true);
const not = (a: Tri): Tri => (a === null ? null : !a);

// A range holds both its ends, but of times of day the second not; those and days may pass their end.
function range(kind: Kind, from: number, to: number): Test {
  if (kind === "clock") {
    return (v) => (from < to ? Number(v) >= from && Number(v) < to : Number(v) >= from || Number(v) < to);
  }
  if (kind === "day") {
    const from1 = (from + 6) % 7;
    const to1 = (to + 6) % 7;
    return (v) => {
      const v1 = (Number(v) + 6) % 7;
      return from1 <= to1 ? v1 >= from1 && v1 <= to1 : v1 >= from1 || v1 <= to1;
    };
  }
  return (v) => Number(v) >= from && Number(v) <= to;
}

class Parser {
  private at = 0;
  constructor(private readonly t: string[]) {}

  private is(...words: string[]): boolean {
    if (words.every((w, i) => this.t[this.at + i] === w)) {
      this.at += words.length;
      return true;
    }
    return false;
  }
  private fail(): never {
    throw new SyntaxError(this.t[this.at] ?? "end");
  }
  whole(): Rule {
    const r = this.or();
    return this.at === this.t.length ? r : this.fail();
  }
  private or(): Rule {
    const parts = [this.and()];
    while (this.is("or")) {
      parts.push(this.and());
    }
    return parts.length === 1 ? parts[0]! : (c) => not(parts.map((p) => not(p(c))).reduce(and));
  }
  private and(): Rule {
    const parts = [this.not()];
    while (this.is("and")) {
      parts.push(this.not());
    }
    return parts.length === 1 ? parts[0]! : (c) => parts.map((p) => p(c)).reduce(and);
  }
  private not(): Rule {
    if (this.is("not")) {
      const r = this.not();
      return (c) => not(r(c));
    }
    return this.relation();
  }
  private value(): Value {
    const word = this.t[this.at++] ?? "";
    return literal(word) ?? NAMES[word] ?? this.fail();
  }
  private relation(): Rule {
    if (this.is("(")) {
      const r = this.or();
      return this.is(")") ? r : this.fail();
    }
    if (this.is("known")) {
      const v = this.value();
      return (c) => v.of(c) !== undefined;
    }
    const v = this.value();
    const turned = this.is("not", "in");
    if (turned || this.is("in")) {
      const test = this.set(v.kind);
      return (c) => {
        const x = v.of(c);
        return x === undefined ? null : test(x) !== turned;
      };
    }
    return this.compare(v);
  }
  private compare(a: Value): Rule {
    const op = this.t[this.at];
    if (!op || !/^(=|!=|<=?|>=?)$/.test(op)) {
      return a.kind === "yes" ? (c) => (a.of(c) as boolean | undefined) ?? null : this.fail();
    }
    this.at++;
    const b = this.value();
    if (a.kind !== b.kind || (!op.endsWith("=") && a.kind === "text") || (op.length === 2 && op !== "!=" && a.kind === "text")) {
      this.fail();
    }
    const tests: Record<string, (x: number, y: number) => boolean> = {
      "=": (x, y) => x === y,
      "!=": (x, y) => x !== y,
      "<": (x, y) => x < y,
      "<=": (x, y) => x <= y,
      ">": (x, y) => x > y,
      ">=": (x, y) => x >= y,
    };
    const test = tests[op]!;
    return (c) => {
      const x = a.of(c);
      const y = b.of(c);
      return x === undefined || y === undefined ? null : test(x as number, y as number);
    };
  }
  private member(kind: Kind): Test {
    const a = literal(this.t[this.at++] ?? "");
    if (!a || a.kind !== kind) {
      this.fail();
    }
    const from = a.of(NONE);
    if (!this.is("..")) {
      return (v) => v === from;
    }
    const b = literal(this.t[this.at++] ?? "");
    return b && b.kind === kind && kind !== "text" ? range(kind, from as number, b.of(NONE) as number) : this.fail();
  }
  private set(kind: Kind): Test {
    if (!this.is("{")) {
      return this.member(kind);
    }
    const tests = [this.member(kind)];
    while (this.is(",")) {
      tests.push(this.member(kind));
    }
    return this.is("}") ? (v) => tests.some((x) => x(v)) : this.fail();
  }
}

export const compile = (text: string): Rule => new Parser(tokens(text)).whole();
