// SPDX-License-Identifier: Apache-2.0
// A rule's form. It shows what the chosen type has and nothing else, and knows no more of the language than the
// text it writes (lib/ruletext.ts).
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { RuleWords } from "../api/rule-types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { emptyEvent, FIELDS, has, RULE_LEVELS, TYPES, VERBS, type EventForm, type RuleForm } from "../lib/ruletext.ts";
import { need, one, rows } from "../store/store.ts";
import { Icon } from "../ui/icons.tsx";
import { Button, Field, Select } from "../ui/parts.tsx";

type Options = [string, string][];
type Change<T> = (change: Partial<T>) => void;

// Several of a list: what is chosen stands as words that can be taken off, the rest is in the list.
function Picks(p: { label: string; help?: string; value: string[]; options: Options; onChange: (v: string[]) => void }) {
  const say = new Map(p.options);
  return (
    <fieldset class="picks">
      <legend>{p.label}</legend>
      <div class="row">
        {p.value.map((v) => (
          <span key={v} class="chosen">
            {say.get(v) ?? v}
            <button
              type="button"
              class="button plain"
              aria-label={t("ui.rule.take_off", { name: say.get(v) ?? v })}
              onClick={() => p.onChange(p.value.filter((x) => x !== v))}
            >
              <Icon name="close" />
            </button>
          </span>
        ))}
        <Select
          label={`${p.label}: ${t("ui.rule.add")}`}
          value=""
          none={t("ui.rule.add")}
          onChange={(v) => v && p.onChange([...p.value, v])}
          options={p.options.filter(([v]) => !p.value.includes(v))}
        />
      </div>
      {p.help && <span class="help">{p.help}</span>}
    </fieldset>
  );
}

const UNITS = ["s", "m", "h", "d"];

// A number and a unit; a text in neither form stays as it is until somebody changes it.
function Span(p: { label: string; help?: string; value: string; required?: boolean; onChange: (v: string) => void }) {
  const m = /^(\d*)([smhd])$/.exec(p.value);
  const [n, unit] = m ? [m[1]!, m[2]!] : ["", "m"];
  const set = (count: string, u: string) => p.onChange(count ? count + u : "");
  return (
    <Field label={p.label} help={p.value && !m ? p.value : p.help}>
      <span class="span-field">
        <input
          type="number"
          min={1}
          inputMode="numeric"
          aria-label={p.label}
          required={p.required}
          value={n}
          onInput={(e) => set(e.currentTarget.value, unit)}
        />
        <Select
          label={t("ui.rule.unit")}
          value={unit}
          onChange={(u) => set(n, u)}
          options={UNITS.map((u) => [u, word("ui.rule.unit", u)])}
        />
      </span>
    </Field>
  );
}

function Text(p: { label: string; help?: string; value: string; max?: number; wide?: boolean; code?: boolean; onChange: (v: string) => void }) {
  return (
    <Field label={p.label} help={p.help} wide={p.wide}>
      <input
        type="text"
        class={p.code ? "code" : ""}
        maxLength={p.max ?? 240}
        spellcheck={!p.code}
        autocapitalize={p.code ? "none" : undefined}
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

// A list written with commas: what is being typed stands until it is a list.
function Listed(p: { label: string; help: string; value: string[]; onChange: (v: string[]) => void }) {
  const [typed, set] = useState<string | null>(null);
  const split = (s: string) => s.split(",").map((x) => x.trim()).filter(Boolean);
  const same = typed !== null && split(typed).join() === p.value.join();
  return (
    <Text
      label={p.label}
      help={p.help}
      max={2000}
      value={same ? typed : p.value.join(", ")}
      onChange={(v) => {
        set(v);
        p.onChange(split(v));
      }}
    />
  );
}

function Words(p: { label: string; say: (w: string) => string; value: string; words: readonly string[]; none?: string; onChange: (v: string) => void }) {
  return (
    <Field label={p.label}>
      <Select
        value={p.value}
        none={p.none}
        onChange={p.onChange}
        options={p.words.map((w) => [w, p.say(w)])}
      />
    </Field>
  );
}

const Group = ({ title, open, children }: { title: string; open: boolean; children: ComponentChildren }) => (
  <details class="form-group" open={open}>
    <summary>{title}</summary>
    <div class="fields">{children}</div>
  </details>
);

// --- events ---------------------------------------------------------------------------------------
function placeOptions(sites: string[]): { sites: Options; zones: Options } {
  need("sites");
  need("zones");
  const of = rows("zones").filter((z) => sites.length === 0 || sites.includes(z.site));
  return {
    sites: rows("sites").map((s) => [s.id, s.name]),
    zones: of.map((z) => [z.id, sites.length === 1 ? z.name : `${z.name} (${one("sites", z.site)?.name ?? ""})`]),
  };
}

function EventFields({ e, words, change, drop }: { e: EventForm; words: RuleWords; change: Change<EventForm>; drop: () => void }) {
  const at = placeOptions(e.sites);
  return (
    <fieldset class="event-form">
      <legend>
        {t("ui.rule.event")} <code>{e.name}</code>
      </legend>
      <div class="fields">
        <Picks
          label={t("ui.rule.kinds")}
          value={e.kinds}
          onChange={(kinds) => change({ kinds })}
          options={words.kinds.map((k) => [k.name, pick(k, "title")])}
        />
        <Picks
          label={t("ui.rule.verbs")}
          help={t("ui.rule.verbs_help")}
          value={e.verbs}
          onChange={(verbs) => change({ verbs })}
          options={VERBS.map((v) => [v, word("ui.rule.verb", v)])}
        />
        <Picks label={t("ui.rule.sites")} help={t("ui.rule.sites_help")} value={e.sites} onChange={(sites) => change({ sites })} options={at.sites} />
        <Picks label={t("ui.rule.zones")} value={e.zones} onChange={(zones) => change({ zones })} options={at.zones} />
        <Listed label={t("ui.rule.devices")} help={t("ui.rule.devices_help")} value={e.devices} onChange={(devices) => change({ devices })} />
        <Text label={t("ui.rule.condition")} help={t("ui.rule.condition_help")} code value={e.where} max={1000} onChange={(where) => change({ where })} />
        <label class="check">
          <input type="checkbox" checked={e.authenticated} onChange={(x) => change({ authenticated: x.currentTarget.checked })} />
          <span>{t("ui.rule.authenticated")}</span>
        </label>
        <div class="buttons">
          <Button kind="quiet" onClick={drop}>
            {t("ui.rule.drop_event")}
          </Button>
        </div>
      </div>
    </fieldset>
  );
}

function freeName(f: RuleForm, words: RuleWords): string {
  const taken = new Set([...f.events.map((e) => e.name), ...words.events.map((e) => e.name), ...words.rules.map((r) => r.name)]);
  const base = (f.name || "quy_tac").slice(0, 50);
  for (let i = 1; ; i++) {
    if (!taken.has(`${base}_e${i}`)) {
      return `${base}_e${i}`;
    }
  }
}

// All that a rule may name: its own events, those of rules in force, and the alerts of other rules.
function namesOf(f: RuleForm, words: RuleWords): Options {
  const kind = new Map(words.kinds.map((k) => [k.name, pick(k, "title")]));
  const say = (kinds: string[]) => kinds.slice(0, 3).map((k) => kind.get(k) ?? k).join(", ");
  const own = new Set(f.events.map((e) => e.name));
  return [
    ...f.events.map((e): [string, string] => [e.name, `${say(e.kinds) || e.name} (${t("ui.rule.here")})`]),
    ...words.events.filter((e) => !own.has(e.name)).map((e): [string, string] => [e.name, `${say(e.kinds ?? [])} (${e.name})`]),
    ...words.rules.filter((r) => r.name !== f.name).map((r): [string, string] => [r.name, t("ui.rule.alert_of", { name: pick(r, "title") })]),
  ];
}

// --- the rule -------------------------------------------------------------------------------------
function Matching({ f, change }: { f: RuleForm; change: Change<RuleForm> }) {
  return (
    <>
      {has(f, "span") && (
        <Span label={t(f.type === "x-absence" ? "ui.rule.span_quiet" : "ui.rule.span")} value={f.span} required onChange={(span) => change({ span })} />
      )}
      {has(f, "count") && (
        <Field label={t("ui.rule.count")}>
          <input type="number" min={1} max={100} required value={f.count} onInput={(e) => change({ count: e.currentTarget.value })} />
        </Field>
      )}
      {has(f, "field") && <Words label={t("ui.rule.distinct")} say={(w) => word("ui.rule.field", w)} value={f.field} words={FIELDS} onChange={(field) => change({ field })} />}
      {has(f, "pick") && <Words label={t("ui.rule.pick_label")} say={(w) => word("ui.rule.pick", w)} value={f.pick} words={["latest", "first"]} onChange={(v) => change({ pick: v })} />}
      {has(f, "consume") && <Words label={t("ui.rule.consume_label")} say={(w) => word("ui.rule.consume", w)} value={f.consume} words={["true", "false"]} onChange={(consume) => change({ consume })} />}
      {has(f, "refire") && <Words label={t("ui.rule.refire_label")} say={(w) => word("ui.rule.refire", w)} value={f.refire} words={["after-window", "reset", "each"]} onChange={(refire) => change({ refire })} />}
      {has(f, "window") && <Words label={t("ui.rule.window_label")} say={(w) => word("ui.rule.window", w)} value={f.window} words={["from-first", "from-last"]} onChange={(v) => change({ window: v })} />}
      {has(f, "dedupe") && <Span label={t("ui.rule.dedupe")} help={t("ui.rule.dedupe_help")} value={f.dedupe} onChange={(dedupe) => change({ dedupe })} />}
      {has(f, "ratio") && (
        <>
          <Text label={t("ui.rule.ratio")} help={t("ui.rule.ratio_help")} value={f.ratio} max={8} onChange={(ratio) => change({ ratio })} />
          <Text label={t("ui.rule.threshold")} help={t("ui.rule.threshold_help")} value={f.threshold} max={8} onChange={(threshold) => change({ threshold })} />
        </>
      )}
      {has(f, "offline") && (
        <label class="check">
          <input type="checkbox" checked={f.offline} onChange={(e) => change({ offline: e.currentTarget.checked })} />
          <span>{t("ui.rule.offline")}</span>
        </label>
      )}
    </>
  );
}

function Ending({ f, names, change }: { f: RuleForm; names: Options; change: Change<RuleForm> }) {
  const [u, r, e] = [f.unless, f.recovery, f.escalate];
  const rung = (l: "medium" | "high" | "critical") => (
    <Span key={l} label={t("ui.rule.rung", { level: word("ui.level", l) })} value={e[l]} onChange={(v) => change({ escalate: { ...e, [l]: v } })} />
  );
  return (
    <>
      <Group title={t("ui.rule.unless")} open={u.rules.length > 0}>
        <Picks label={t("ui.rule.unless_events")} value={u.rules} options={names} onChange={(v) => change({ unless: { ...u, rules: v } })} />
        <Span label={t("ui.rule.before")} value={u.before} onChange={(before) => change({ unless: { ...u, before } })} />
        <Span label={t("ui.rule.after")} value={u.after} onChange={(after) => change({ unless: { ...u, after } })} />
      </Group>
      <Group title={t("ui.rule.recovery")} open={r.rules.length > 0}>
        <Picks label={t("ui.rule.recovery_events")} value={r.rules} options={names} onChange={(v) => change({ recovery: { ...r, rules: v } })} />
        <Span label={t("ui.rule.hold")} value={r.hold} onChange={(hold) => change({ recovery: { ...r, hold } })} />
        {r.rules.length > 0 && (["medium", "high", "critical"] as const).filter((l) => RULE_LEVELS.indexOf(l) > RULE_LEVELS.indexOf(f.level)).map(rung)}
      </Group>
      <Group title={t("ui.rule.more")} open={!!(f.activeWhen || f.clears.length || f.incidentKey.length)}>
        {has(f, "clears") && (
          <Picks label={t("ui.rule.clears")} help={t("ui.rule.clears_help")} value={f.clears} options={names} onChange={(clears) => change({ clears })} />
        )}
        <Picks
          label={t("ui.rule.incident_key")}
          value={f.incidentKey}
          options={FIELDS.map((x) => [x, word("ui.rule.field", x)])}
          onChange={(incidentKey) => change({ incidentKey })}
        />
        <Text label={t("ui.rule.active_when")} help={t("ui.rule.condition_help")} wide code max={1000} value={f.activeWhen} onChange={(activeWhen) => change({ activeWhen })} />
      </Group>
    </>
  );
}

// What the type needs and nobody has said yet gets a usual value.
function asType(f: RuleForm, type: RuleForm["type"]): Partial<RuleForm> {
  return {
    type,
    ...(has({ type }, "span") && !f.span && { span: "5m" }),
    ...(has({ type }, "count") && !f.count && { count: "3" }),
    ...(type === "x-neighbours" && { group: ["site", "zone"] }),
    ...(f.across && !has({ type }, "across") && { across: false, group: ["site"] }),
  };
}

export function RuleFields({ f, words, onChange }: { f: RuleForm; words: RuleWords; onChange: (f: RuleForm) => void }) {
  need("situations");
  const change: Change<RuleForm> = (c) => onChange({ ...f, ...c });
  const names = namesOf(f, words);
  const setEvent = (i: number, c: Partial<EventForm>) => change({ events: f.events.map((e, k) => (k === i ? { ...e, ...c } : e)) });
  const dropEvent = (i: number) => {
    const gone = f.events[i]!.name;
    change({ events: f.events.filter((_, k) => k !== i), rules: f.rules.filter((r) => r !== gone) });
  };
  const addEvent = () => {
    const e = emptyEvent(freeName(f, words));
    change({ events: [...f.events, e], rules: f.rules.length < 8 ? [...f.rules, e.name] : f.rules });
  };
  return (
    <div class="form rule-form">
      <div class="fields">
        <Text label={t("ui.rule.title_vi")} wide value={f.title} onChange={(title) => change({ title })} />
        <Text label={t("ui.rule.title_en")} wide value={f.titleEn} onChange={(titleEn) => change({ titleEn })} />
        <Text label={t("ui.rule.name")} help={t("ui.rule.name_help")} code max={63} value={f.name} onChange={(name) => change({ name })} />
        <Words label={t("ui.rule.level")} say={(w) => word("ui.level", w)} value={f.level} words={RULE_LEVELS} onChange={(level) => change({ level })} />
        <Words label={t("ui.rule.kind")} say={(w) => word("ui.rule.type", w)} value={f.type} words={TYPES} onChange={(v) => change(asType(f, v as RuleForm["type"]))} />
        <Field label={t("ui.rule.situation")}>
          <Select
            value={f.situation}
            none={t("ui.rule.no_situation")}
            onChange={(situation) => change({ situation })}
            options={[
              ...rows("situations").map((s): [string, string] => [s.id, pick(s, "title")]),
              ...(f.situation && !one("situations", f.situation) ? [[f.situation, f.situation] as [string, string]] : []),
            ]}
          />
        </Field>
        <p class="help wide">{word("ui.rule.type_help", f.type)}</p>
      </div>
      {f.events.map((e, i) => (
        <EventFields key={i} e={e} words={words} change={(c) => setEvent(i, c)} drop={() => dropEvent(i)} />
      ))}
      <div>
        <Button icon="plus" onClick={addEvent}>
          {t("ui.rule.add_event")}
        </Button>
      </div>
      <div class="fields">
        <Picks
          label={t(f.type === "temporal_ordered" ? "ui.rule.steps" : "ui.rule.on")}
          help={t(f.type === "temporal_ordered" ? "ui.rule.steps_help" : "ui.rule.on_help")}
          value={f.rules}
          options={names}
          onChange={(v) => change({ rules: v })}
        />
        {has(f, "across") && (
          <Words
            label={t("ui.rule.reach")}
            say={(w) => t(`ui.rule.reach.${w}`)}
            value={f.across ? "all" : "each"}
            words={["each", "all"]}
            onChange={(v) => change(v === "all" ? { across: true, group: [], field: "site" } : { across: false, group: ["site"] })}
          />
        )}
        <Picks
          label={t("ui.rule.group")}
          help={t("ui.rule.group_help")}
          value={f.group}
          options={(f.across && has(f, "across") ? ["kind"] : FIELDS).map((x) => [x, word("ui.rule.field", x)])}
          onChange={(group) => change({ group })}
        />
        <Matching f={f} change={change} />
      </div>
      <Ending f={f} names={names} change={change} />
    </div>
  );
}
