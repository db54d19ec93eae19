// SPDX-License-Identifier: Apache-2.0
// A rule as a form and as the text it stands for. The form writes the text; what of a text it cannot show it names,
// and leaves that text alone. Which fields a type has is one table, the same as the engine's (rule_keys.c).
import { parseYaml, scalar, YamlError, type Yaml, type YamlMap } from "./yaml.ts";

export const TYPES = [
  "event",
  "temporal_ordered",
  "temporal",
  "event_count",
  "value_count",
  "x-absence",
  "x-suppress",
  "x-neighbours",
  "x-rate-anomaly",
] as const;
export type RuleType = (typeof TYPES)[number];
export const FIELDS = ["site", "zone", "device", "source", "kind"];
export const VERBS = ["raise", "restore", "arm", "disarm", "bypass", "unbypass", "test", "poll", "other", "any"];
export const RULE_LEVELS = ["low", "medium", "high", "critical"];

export interface EventForm {
  name: string;
  kinds: string[];
  verbs: string[]; // none: raise
  sites: string[];
  zones: string[];
  devices: string[];
  authenticated: boolean;
  where: string;
}
export interface RuleForm {
  events: EventForm[];
  name: string;
  title: string;
  titleEn: string;
  level: string;
  type: RuleType;
  rules: string[];
  across: boolean; // of all sites together, not site by site
  group: string[];
  span: string;
  count: string;
  field: string;
  pick: string;
  consume: string; // "true", "false"
  refire: string;
  window: string;
  keepCount: string;
  dedupe: string;
  offline: boolean; // hold while the source is silent
  ratio: string;
  threshold: string;
  activeWhen: string;
  clears: string[];
  incidentKey: string[];
  situation: string;
  unless: { rules: string[]; before: string; after: string };
  recovery: { rules: string[]; hold: string };
  escalate: { medium: string; high: string; critical: string };
}

export type Part =
  | "span" | "count" | "field" | "pick" | "consume" | "refire" | "window" | "keepCount" | "dedupe" | "offline" | "ratio" | "clears" | "across";
// What a type has besides what all have.
export const PARTS: Record<RuleType, Part[]> = {
  event: ["dedupe", "keepCount", "clears"],
  temporal_ordered: ["span", "pick", "consume", "clears", "across"],
  temporal: ["span", "consume", "clears", "across"],
  event_count: ["span", "count", "refire", "clears", "across"],
  value_count: ["span", "count", "field", "refire", "clears", "across"],
  "x-absence": ["span", "offline", "clears"],
  "x-suppress": ["span", "window", "keepCount", "clears"],
  "x-neighbours": ["span", "count", "refire", "clears"],
  "x-rate-anomaly": ["ratio"],
};
export const has = (f: { type: RuleType }, p: Part): boolean => PARTS[f.type].includes(p);

export const emptyEvent = (name: string): EventForm => ({
  name, kinds: [], verbs: [], sites: [], zones: [], devices: [], authenticated: false, where: "",
});
export const emptyForm = (): RuleForm => ({
  events: [], name: "", title: "", titleEn: "", level: "medium", type: "event", rules: [], across: false, group: ["site"],
  span: "", count: "", field: "device", pick: "latest", consume: "true", refire: "after-window",
  window: "from-first", keepCount: "", dedupe: "", offline: false, ratio: "2", threshold: "5", activeWhen: "",
  clears: [], incidentKey: [], situation: "", unless: { rules: [], before: "", after: "" },
  recovery: { rules: [], hold: "" }, escalate: { medium: "", high: "", critical: "" },
});

// --- form to text -----------------------------------------------------------------------------
const list = (v: string[]): string => (v.length === 1 ? scalar(v[0]!) : `[${v.map(scalar).join(", ")}]`);
const always = (v: string[]): string => `[${v.map(scalar).join(", ")}]`;
const flow = (pairs: [string, string][]): string => `{ ${pairs.map(([k, v]) => `${k}: ${v}`).join(", ")} }`;
type Pair = [string, string];
const given = (key: string, v: string): Pair[] => (v ? [[key, scalar(v)]] : []);
const listed = (key: string, v: string[]): Pair[] => (v.length ? [[key, list(v)]] : []);

function eventText(e: EventForm): string {
  const selection: Pair[] = [
    ["kind", e.kinds.length ? list(e.kinds) : "[]"],
    ...listed("verb", e.verbs),
    ...listed("site", e.sites),
    ...listed("zone", e.zones),
    ...listed("device", e.devices),
    ...(e.authenticated ? [["authenticated", "true"] as Pair] : []),
    ...given("where", e.where),
  ];
  const lines = selection.map(([k, v]) => `    ${k}: ${v}`).join("\n");
  return `name: ${scalar(e.name)}\ndetection:\n  selection:\n${lines}\n  condition: selection\n`;
}

const isAcross = (f: RuleForm) => has(f, "across") && f.across;
const isCount = (t: RuleType) => t === "event_count" || t === "value_count" || t === "x-neighbours";

function correlation(f: RuleForm): Pair[] {
  const condition: Pair[] = [
    ...(has(f, "field") ? [["field", scalar(f.field)] as Pair] : []),
    ["gte", scalar(f.count)],
  ];
  return [
    ["type", f.type],
    ["rules", always(f.rules)],
    ...(isAcross(f) && !f.group.length ? [] : [["group-by", always(f.group)] as Pair]),
    ...(has(f, "span") ? given("timespan", f.span) : []),
    ...(isCount(f.type) ? [["condition", flow(condition)] as Pair] : []),
  ];
}

function extension(f: RuleForm): Pair[] {
  const part = (p: Part, key: string, v: string): Pair[] => (has(f, p) ? given(key, v) : []);
  const bool = (p: Part, key: string, v: string): Pair[] => (has(f, p) && v ? [[key, v]] : []);
  const rungs: Pair[] = (["medium", "high", "critical"] as const).flatMap((l) => given(l, f.escalate[l]));
  return [
    ...(isAcross(f) ? [["across", "sites"] as Pair] : []),
    ...part("dedupe", "dedupe", f.dedupe),
    ...part("pick", "pick", f.pick),
    ...bool("consume", "consume", f.consume),
    ...part("refire", "refire", f.refire),
    ...(f.type === "x-absence" ? [["fire", "once-until-next"] as Pair] : []),
    ...part("window", "window", f.window),
    ...bool("keepCount", "keep-count", f.keepCount),
    ...(has(f, "ratio") ? [...given("ratio", f.ratio), ...given("threshold", f.threshold)] : []),
    ...(has(f, "offline") && f.offline ? [["when-source-offline", "hold"] as Pair] : []),
    ...given("active-when", f.activeWhen),
    ...(has(f, "clears") ? listed("clears-on", f.clears) : []),
    ...(f.unless.rules.length
      ? [["unless", flow([["rules", list(f.unless.rules)], ...given("before", f.unless.before), ...given("after", f.unless.after)])] as Pair]
      : []),
    ...(f.recovery.rules.length
      ? [["recovery", flow([["rules", list(f.recovery.rules)], ...given("hold", f.recovery.hold)])] as Pair]
      : []),
    ...(rungs.length ? [["escalate", flow(rungs)] as Pair] : []),
    ...listed("incident-key", f.incidentKey),
    ...given("situation", f.situation),
  ];
}

const block = (key: string, pairs: Pair[]): string =>
  pairs.length ? `${key}:\n${pairs.map(([k, v]) => `  ${k}: ${v}\n`).join("")}` : "";

export function textOf(f: RuleForm): string {
  const head: Pair[] = [
    ["name", f.name ? scalar(f.name) : '""'],
    ["title", f.title ? scalar(f.title) : '""'],
    ...given("title-en", f.titleEn),
    ["level", f.level],
  ];
  return [
    ...f.events.map(eventText),
    head.map(([k, v]) => `${k}: ${v}\n`).join("") + block("correlation", correlation(f)) + block("x-vonggac", extension(f)),
  ].join("---\n");
}

// --- text to form -----------------------------------------------------------------------------
export class NoForm extends Error {
  constructor(
    readonly why: "syntax" | "rules" | "key" | "value",
    readonly word: string,
    readonly line: number,
  ) {
    super(`${why}: ${word}`);
  }
}

class Reader {
  readonly left: Set<string>;
  constructor(
    readonly map: YamlMap,
    readonly line: number,
  ) {
    this.left = new Set(Object.keys(map));
  }
  raw(key: string): Yaml | undefined {
    this.left.delete(key);
    return this.map[key];
  }
  text(key: string, missing = ""): string {
    const v = this.raw(key);
    if (v !== undefined && typeof v !== "string") {
      throw new NoForm("value", key, this.line);
    }
    return v ?? missing;
  }
  list(key: string): string[] {
    const v = this.raw(key) ?? [];
    const all = typeof v === "string" ? [v] : v;
    if (!Array.isArray(all) || all.some((x) => typeof x !== "string")) {
      throw new NoForm("value", key, this.line);
    }
    return all as string[];
  }
  one(key: string, words: readonly string[], missing: string): string {
    const v = this.text(key, missing);
    if (v !== "" && !words.includes(v)) {
      throw new NoForm("value", v, this.line);
    }
    return v;
  }
  part(key: string): Reader {
    const v = this.raw(key) ?? {};
    if (typeof v === "string" || Array.isArray(v)) {
      throw new NoForm("value", key, this.line);
    }
    return new Reader(v, this.line);
  }
  done(): void {
    const [odd] = this.left;
    if (odd !== undefined) {
      throw new NoForm("key", odd, this.line);
    }
  }
}

function readEvent(r: Reader): EventForm {
  const d = r.part("detection");
  const s = d.part("selection");
  d.one("condition", ["selection"], "");
  const e: EventForm = {
    name: r.text("name"),
    kinds: s.list("kind"),
    verbs: s.list("verb"),
    sites: s.list("site"),
    zones: s.list("zone"),
    devices: s.list("device"),
    authenticated: s.one("authenticated", ["true", "false"], "") === "true",
    where: s.text("where"),
  };
  [r, d, s].forEach((x) => x.done());
  return e;
}

function readCount(c: Reader): string {
  const gt = c.text("gt");
  const gte = c.text("gte");
  return gt && /^\d+$/.test(gt) ? String(Number(gt) + 1) : gte;
}

function readStage(x: Reader): Pick<RuleForm, "unless" | "recovery" | "escalate"> {
  const [u, r, e] = [x.part("unless"), x.part("recovery"), x.part("escalate")];
  const stage = {
    unless: { rules: u.list("rules"), before: u.text("before"), after: u.text("after") },
    recovery: { rules: r.list("rules"), hold: r.text("hold") },
    escalate: { medium: e.text("medium"), high: e.text("high"), critical: e.text("critical") },
  };
  [u, r, e].forEach((p) => p.done());
  return stage;
}

function readRule(r: Reader, events: EventForm[]): RuleForm {
  const none = emptyForm();
  const c = r.part("correlation");
  const x = r.part("x-vonggac");
  const n = c.part("condition");
  const f: RuleForm = {
    events,
    name: r.text("name"),
    title: r.text("title"),
    titleEn: r.text("title-en"),
    level: r.one("level", RULE_LEVELS, none.level),
    type: c.one("type", TYPES, "event") as RuleType,
    rules: c.list("rules"),
    across: x.one("across", ["sites"], "") === "sites",
    group: c.list("group-by"),
    span: c.text("timespan"),
    count: readCount(n),
    field: n.text("field", none.field),
    pick: x.one("pick", ["latest", "first"], none.pick),
    consume: x.one("consume", ["true", "false"], none.consume),
    refire: x.one("refire", ["after-window", "reset", "each"], none.refire),
    window: x.one("window", ["from-first", "from-last"], none.window),
    keepCount: x.one("keep-count", ["true", "false"], ""),
    dedupe: x.text("dedupe"),
    offline: x.one("when-source-offline", ["hold"], "") === "hold",
    ratio: x.text("ratio", none.ratio),
    threshold: x.text("threshold", none.threshold),
    activeWhen: x.text("active-when"),
    clears: x.list("clears-on"),
    incidentKey: x.list("incident-key"),
    situation: x.text("situation"),
    ...readStage(x),
  };
  x.one("fire", ["once-until-next"], "");
  [r, c, x, n].forEach((p) => p.done());
  return f;
}

export function formOf(text: string): RuleForm {
  try {
    const docs = parseYaml(text).map((d) => {
      if (typeof d.value === "string" || Array.isArray(d.value)) {
        throw new NoForm("syntax", "", d.line);
      }
      return new Reader(d.value, d.line);
    });
    const rules = docs.filter((d) => !("detection" in d.map));
    if (rules.length !== 1) {
      throw new NoForm("rules", String(rules.length), 1);
    }
    return readRule(rules[0]!, docs.filter((d) => "detection" in d.map).map(readEvent));
  } catch (e) {
    if (e instanceof YamlError) {
      throw new NoForm("syntax", e.what, e.line);
    }
    throw e;
  }
}
