// SPDX-License-Identifier: Apache-2.0
// The form and the text are one thing: what the form writes it reads again, whatever the type and however odd the
// words; what a text holds beyond the form is named and never lost in silence; the shipped rules all have a form.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { emptyEvent, emptyForm, FIELDS, formOf, NoForm, textOf, TYPES, VERBS, type EventForm, type RuleForm } from "../src/lib/ruletext.ts";
import { hasComment, parseYaml } from "../src/lib/yaml.ts";

const root = join(import.meta.dirname, "..", "..");
const seed = Number(process.env.VG_SEED ?? Date.now() % 1e9);
let state = seed;
const next = (n: number) => {  // splitmix in 32 bits: products of doubles would lose their low bits and run in a circle
  state = (state + 0x9e3779b9) | 0;
  let x = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) % n;
};
const pick = <T>(v: readonly T[]): T => v[next(v.length)]!;
const some = <T>(v: readonly T[], least = 0): T[] => {
  const out = v.filter(() => next(3) === 0);
  return out.length >= least ? out : [pick(v)];
};
const ODD = ["Cửa kho: bị cạy", 'nói "dừng"', "a # b", "it's", "true", "- x", "[x]", "{y}", "back\\slash", " lead", "x,y", "Đột nhập", "12", "a: b", "zone.class == \"vault\""];
const span = () => `${1 + next(90)}${pick(["s", "m", "h", "d"])}`;
const maybe = (f: () => string) => (next(2) ? f() : "");

function anEvent(i: number): EventForm {
  return { ...emptyEvent(`e${i}`), kinds: some(["fire", "smoke", "intrusion"], 1), verbs: some(VERBS), sites: some(["s1", "s2"]),
    zones: some(["z1", "z 2"]), devices: some(ODD), authenticated: next(2) === 0, where: maybe(() => pick(ODD)) };
}

// Only what the type has: the rest is not written and stays as in an empty form.
function aForm(): RuleForm {
  const f = emptyForm();
  const type = pick(TYPES);
  const count = ["event_count", "value_count", "x-neighbours"].includes(type);
  const timed = !["event", "x-rate-anomaly"].includes(type);
  const names = ["e0", "e1", "other_rule"];
  return { ...f, type, events: [anEvent(0), anEvent(1)], name: "r.1-x", title: pick(ODD).trim(), titleEn: maybe(() => pick(ODD)),
    level: pick(["low", "medium", "high", "critical"]), rules: some(names, 1), group: some(FIELDS, 1),
    span: timed ? span() : "", count: count ? String(1 + next(99)) : "", field: type === "value_count" ? pick(FIELDS) : f.field,
    pick: type === "temporal_ordered" ? pick(["latest", "first"]) : f.pick,
    consume: type.startsWith("temporal") ? pick(["true", "false"]) : f.consume,
    refire: count ? pick(["after-window", "reset", "each"]) : f.refire,
    window: type === "x-suppress" ? pick(["from-first", "from-last"]) : f.window,
    keepCount: ["event", "x-suppress"].includes(type) ? pick(["", "true", "false"]) : "",
    dedupe: type === "event" ? maybe(span) : "", offline: type === "x-absence" && next(2) === 0,
    ratio: type === "x-rate-anomaly" ? "2.5" : f.ratio, threshold: type === "x-rate-anomaly" ? "7" : f.threshold,
    activeWhen: maybe(() => pick(ODD)), clears: type === "x-rate-anomaly" ? [] : some(names), incidentKey: some(FIELDS), situation: maybe(() => "fire"),
    unless: next(2) ? { rules: some(names, 1), before: span(), after: maybe(span) } : f.unless,
    recovery: next(2) ? { rules: some(names, 1), hold: maybe(span) } : f.recovery,
    escalate: next(2) ? { medium: maybe(span), high: span(), critical: maybe(span) } : f.escalate };
}

test(`form, text, form: the same (VG_SEED=${seed})`, () => {
  const seen = new Set<string>();
  for (let i = 0; i < 500; i++) {
    const f = aForm();
    seen.add(f.type);
    const text = textOf(f);
    assert.deepEqual(formOf(text), f, text);
    assert.equal(textOf(formOf(text)), text);
  }
  assert.equal(seen.size, TYPES.length);
});

test("every shipped rule has a form that writes the same meaning", () => {
  let n = 0;
  for (const file of readdirSync(join(root, "rules")).filter((f) => f.endsWith(".yaml"))) {
    const docs = readFileSync(join(root, "rules", file), "utf8").split(/^---$/m);
    for (const doc of docs.filter((d) => /^correlation:/m.test(d))) {
      const f = formOf(doc);
      assert.deepEqual(formOf(textOf(f)), f);
      n++;
    }
  }
  assert.ok(n > 20, String(n));
});

test("every type and option of the language's own test file has a form", () => {
  const docs = readFileSync(join(root, "tests/data/mixed_rules.yaml"), "utf8").split(/^---$/m);
  for (const doc of docs.filter((d) => /^correlation:/m.test(d))) {
    const f = formOf(doc);
    assert.deepEqual(formOf(textOf(f)), f);
  }
});

test("what the form cannot show is named with its line", () => {
  const why = (text: string) => {
    try {
      formOf(text);
    } catch (e) {
      assert.ok(e instanceof NoForm);
      return `${e.why} ${e.word} ${e.line}`;
    }
    return "shown";
  };
  assert.equal(why("name: a\nfrobnicate: 1\ncorrelation: { type: event }\n"), "key frobnicate 1");
  assert.equal(why("name: a\ncorrelation: { type: odd }\n"), "value odd 1");
  assert.equal(why("name: a\n"), "shown");
  assert.equal(why("name: &x a\n"), "syntax & 1");
  assert.equal(why("name: a\n---\nname: b\n"), "rules 2 1");
  assert.equal(why("name: a\n  title: x\n"), "syntax title: x 2");
  assert.equal(why("a: [b\n"), "syntax ] 1");
});

test("comments are seen, and not in quotes", () => {
  assert.equal(hasComment("a: b # c\n"), true);
  assert.equal(hasComment('a: "b # c"\n'), false);
  assert.deepEqual(parseYaml("a: 'x # y' # z\nb:\n- c\n- d\n")[0]!.value, { a: "x # y", b: ["c", "d"] });
  assert.deepEqual(parseYaml("a: { b: [c,\n  d], e: f }\n")[0]!.value, { a: { b: ["c", "d"], e: "f" } });
});
