// SPDX-License-Identifier: Apache-2.0
// Beside the board: what is chosen, in numbers and words (everything the mouse does can be typed here), else the
// drawing itself; below it what is wrong, and the list of all that is drawn.
import { useEffect, useRef, useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Drawing } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { area, distance, edgesOf, round } from "../../lib/geometry.ts";
import { KINDS, VIEW, type Element, type Frame, type Kind } from "../../lib/plan.ts";
import { act } from "../../store/session.ts";
import type { Head } from "../../store/plandraft.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { FileField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Field, Select } from "../../ui/parts.tsx";
import { attempt, complain } from "../../ui/toast.tsx";
import { Neighbours, readSvg } from "../drawings.tsx";
import type { Editor } from "./editor.ts";
import { namesOn, nameOf, thingsFor, titleOf } from "./names.ts";

// A number as it is typed: taken when it is one, at Enter or when the field is left.
export function Num(props: {
  label: string;
  value: number;
  min: number;
  max: number;
  unit?: string;
  name?: string;
  onChange: (v: number) => void;
}) {
  const [text, setText] = useState<string | null>(null);
  const shown = text ?? String(props.value).replace(".", ",");
  const typed = Number(shown.replace(",", "."));
  const wrong = shown.trim() === "" || !(typed >= props.min && typed <= props.max);
  const take = () => {
    if (text !== null && !wrong && typed !== props.value) {
      props.onChange(typed);
    }
    setText(null);
  };
  return (
    <label class="num-field">
      <span class="label">
        {props.label}
        {props.unit && <span class="dim"> ({props.unit})</span>}
      </span>
      <input
        type="text"
        inputMode="decimal"
        name={props.name}
        value={shown}
        aria-invalid={wrong || undefined}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => e.key === "Enter" && take()}
        onBlur={take}
      />
    </label>
  );
}

// --- what an element stands for -------------------------------------------------------------------
interface Made {
  path: string;
  choice?: [string, string[]];
}
const MADE: Partial<Record<Kind, Made>> = {
  zone: {
    path: "/zones",
    choice: ["class", ["public", "controlled", "prohibited", "vault", "corridor", "perimeter", "gate"]],
  },
  gate: { path: "/gates", choice: ["kind", ["person", "vehicle", "both"]] },
  post: { path: "/posts" },
};

const madeOf = (kind: Kind): Made | undefined =>
  MADE[kind] ?? (KINDS[kind].fixture ? { path: "/fixtures" } : undefined);
const addWords = (kind: Kind): string =>
  KINDS[kind].fixture ? t("ui.draw.add_thing", { kind: word("ui.draw.kind", kind).toLocaleLowerCase() }) : t(`ui.site.add_${kind}`);

function NewThing(props: {
  kind: Kind;
  site: string;
  onMade: (id: string) => void;
  onClose: () => void;
}) {
  const { path, choice } = madeOf(props.kind)!;
  const [name, setName] = useState("");
  const [picked, setPicked] = useState(choice?.[1][0] ?? "");
  return (
    <FormDialog
      title={addWords(props.kind)}
      submit={t("ui.action.add")}
      onClose={props.onClose}
      onSubmit={async () => {
        const made = await act(
          path,
          {
            site: props.site,
            name,
            ...(choice ? { [choice[0]]: picked } : {}),
            ...(KINDS[props.kind].fixture ? { kind: props.kind } : {}),
          },
          path.slice(1),
        );
        props.onMade(made.id);
      }}
    >
      <Field label={t("ui.name")} wide>
        <input
          type="text"
          name="name"
          required
          maxLength={80}
          value={name}
          onInput={(e) => setName(e.currentTarget.value)}
        />
      </Field>
      {choice && (
        <Field label={t(props.kind === "zone" ? "ui.zone.class_label" : "ui.gate.kind_label")}>
          <Select
            name={choice[0]}
            value={picked}
            onChange={setPicked}
            options={choice[1].map((c) => [
              c,
              word(props.kind === "zone" ? "ui.zone.class" : "ui.gate.kind", c),
            ])}
          />
        </Field>
      )}
    </FormDialog>
  );
}

function ObjectChoice({ ed, e, site }: { ed: Editor; e: Element; site: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [making, setMaking] = useState(false);
  const k = KINDS[e.kind];
  useEffect(() => {
    if (ed.placed.value) {
      box.current?.querySelector<HTMLElement>("select, input")?.focus();
      ed.placed.value = 0;
    }
  }, [ed.placed.value, e.id]);
  const placed = new Set(
    ed.doc.value.elements.filter((x) => x.id !== e.id).map((x) => x.object ?? ""),
  );
  const list = thingsFor(e.kind, site).filter((x) => k.again || !placed.has(x.id));
  return (
    <div ref={box} class="object-choice">
      {k.of && (
        <Field label={t("ui.draw.stands_for")} wide>
          <Select
            name="object"
            value={e.object ?? ""}
            none={t("ui.choose")}
            onChange={(id) => ed.edit({ object: id || undefined })}
            options={list.map((x) => [
              x.id,
              placed.has(x.id) ? t("ui.draw.drawn_too", { name: x.name }) : x.name,
            ])}
          />
        </Field>
      )}
      {k.of && madeOf(e.kind) && (
        <Button kind="plain" icon="plus" onClick={() => setMaking(true)}>
          {addWords(e.kind)}
        </Button>
      )}
      {(k.wordy || k.of) && (
        <Field
          label={t("ui.draw.label")}
          help={t(
            k.floors ? "ui.draw.label_floors" : k.wordy ? "ui.draw.label_shared" : "ui.draw.label_help",
          )}
          wide
        >
          <input
            type="text"
            name="label"
            maxLength={80}
            list={k.floors ? "floor-names" : undefined}
            value={e.label ?? ""}
            onInput={(x) => ed.edit({ label: x.currentTarget.value || undefined }, "label")}
          />
          {k.floors && (
            <datalist id="floor-names">
              {namesOn(e.kind, site).map((name) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          )}
        </Field>
      )}
      {making && (
        <NewThing
          kind={e.kind}
          site={site}
          onMade={(id) => ed.edit({ object: id })}
          onClose={() => setMaking(false)}
        />
      )}
    </div>
  );
}

// --- numbers of what is chosen --------------------------------------------------------------------
function Sizes({ e }: { e: Element }) {
  const form = KINDS[e.kind].form;
  const long = edgesOf(e.points, form === "area").reduce((s, [a, b]) => s + distance(a, b), 0);
  return form === "place" ? null : (
    <p class="dim num">
      {form === "area" && `${round(area(e.points)).toLocaleString()} m² · `}
      {t("ui.draw.length", { m: round(long).toLocaleString() })}
      {form !== "span" && ` · ${t("ui.draw.corners", { n: e.points.length })}`}
    </p>
  );
}

function Numbers({ ed, e }: { ed: Editor; e: Element }) {
  const { width, height } = ed.doc.value.frame;
  const i = ed.corner.value ?? 0;
  const p = e.points[i] ?? e.points[0]!;
  const put = (x: number, y: number) => ed.moveCorner(i, [x, y], "");
  const look = { ...VIEW, ...e };
  return (
    <div class="nums">
      {e.points.length > 1 && (
        <p class="dim wide">{t("ui.draw.corner_of", { i: i + 1, n: e.points.length })}</p>
      )}
      <Num label="X" unit="m" name="x" value={p[0]} min={0} max={width} onChange={(v) => put(v, p[1])} />
      <Num label="Y" unit="m" name="y" value={p[1]} min={0} max={height} onChange={(v) => put(p[0], v)} />
      {KINDS[e.kind].sees && (
        <>
          <Num
            label={t("ui.draw.angle")}
            unit="°"
            name="angle"
            value={Math.round(look.angle)}
            min={0}
            max={359}
            onChange={(v) => ed.edit({ angle: v })}
          />
          <Num
            label={t("ui.draw.view")}
            unit="°"
            name="view"
            value={look.view}
            min={1}
            max={360}
            onChange={(v) => ed.edit({ view: v })}
          />
          <Num
            label={t("ui.draw.range")}
            unit="m"
            name="range"
            value={look.range}
            min={1}
            max={500}
            onChange={(v) => ed.edit({ range: v })}
          />
        </>
      )}
    </div>
  );
}

function Chosen({ ed, site }: { ed: Editor; site: string }) {
  const e = ed.one;
  const n = ed.chosen.value.length;
  return (
    <section class="chosen-box">
      <h2>{e ? word("ui.draw.kind", e.kind) : t("ui.draw.chosen_n", { n })}</h2>
      {e && <ObjectChoice ed={ed} e={e} site={site} key={e.id} />}
      {e && <Sizes e={e} />}
      {e && <Numbers ed={ed} e={e} key={`${e.id} ${ed.corner.value}`} />}
      <div class="row">
        <Button onClick={() => ed.turn(-15)} aria-label={t("ui.draw.turn_left")}>
          ↺ 15°
        </Button>
        <Button onClick={() => ed.turn(15)} aria-label={t("ui.draw.turn_right")}>
          ↻ 15°
        </Button>
        <Button onClick={() => ed.copy()} keys="Ctrl D">
          {t("ui.draw.copy")}
        </Button>
        <Button onClick={() => ed.drop()} keys="Del">
          {ed.corner.value !== null ? t("ui.draw.drop_corner") : t("ui.action.remove")}
        </Button>
      </div>
    </section>
  );
}

// --- the drawing itself ---------------------------------------------------------------------------
export interface HeadSide {
  head: Head;
  setHead: (part: Partial<Head>) => void;
  note: string;
  setNote: (v: string) => void;
}

function Picture({ ed, drawing }: { ed: Editor; drawing: Drawing }) {
  const { frame } = ed.doc.value;
  const p = frame.picture;
  const set = (part: Partial<Frame>, tag = "") =>
    ed.set({ ...ed.doc.value, frame: { ...frame, ...part } }, tag);
  const upload = async (file: File | undefined) => {
    const { svg, fault } = await readSvg(file);
    if (fault) {
      complain(fault);
    } else if (
      svg &&
      (await attempt(() => post(`/drawings/${drawing.id}/picture`, { svg }), t("ui.draw.picture_set")))
    ) {
      set({ picture: p ?? { x: 0, y: 0, width: frame.width, percent: 100 } });
    }
  };
  return (
    <>
      <FileField
        label={t("ui.drawing.file")}
        help={t("ui.drawing.file_help")}
        wide
        accept=".svg,image/svg+xml"
        onChange={(f) => void upload(f)}
      />
      {drawing.digest && p && (
        <>
          <div class="nums">
            <Num
              label={t("ui.draw.picture_x")}
              unit="m"
              value={p.x}
              min={-2000}
              max={2000}
              onChange={(x) => set({ picture: { ...p, x } })}
            />
            <Num
              label={t("ui.draw.picture_y")}
              unit="m"
              value={p.y}
              min={-2000}
              max={2000}
              onChange={(y) => set({ picture: { ...p, y } })}
            />
            <Num
              label={t("ui.draw.picture_width")}
              unit="m"
              name="picture_width"
              value={p.width}
              min={0.1}
              max={4000}
              onChange={(width) => set({ picture: { ...p, width } })}
            />
            <Num
              label={t("ui.draw.picture_percent")}
              unit="%"
              value={p.percent}
              min={0}
              max={100}
              onChange={(percent) => set({ picture: { ...p, percent: Math.round(percent) } })}
            />
          </div>
          <div class="row">
            <Button onClick={() => ed.use("scale")} keys="K">
              {t("ui.draw.scale_by_two")}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function Whole({ ed, drawing, side }: { ed: Editor; drawing: Drawing; side: HeadSide }) {
  const { frame, elements } = ed.doc.value;
  const most = (i: 0 | 1) => Math.max(1, ...elements.flatMap((e) => e.points.map((p) => p[i])));
  const set = (part: Partial<Frame>) => ed.set({ ...ed.doc.value, frame: { ...frame, ...part } });
  return (
    <section>
      <h2>{t("ui.draw.whole")}</h2>
      {(["name", "floor"] as const).map((key) => (
        <Field key={key} label={key === "name" ? t("ui.name") : t("ui.drawing.floor")} wide>
          <input
            type="text"
            name={key}
            maxLength={key === "name" ? 80 : 40}
            value={side.head[key]}
            onInput={(e) => side.setHead({ [key]: e.currentTarget.value })}
          />
        </Field>
      ))}
      <div class="nums">
        <Num
          label={t("ui.draw.level")}
          value={side.head.level}
          min={-20}
          max={200}
          onChange={(v) => side.setHead({ level: Math.round(v) })}
        />
        <Num
          label={t("ui.draw.grid")}
          unit="m"
          value={frame.grid}
          min={0.05}
          max={10}
          onChange={(grid) => set({ grid })}
        />
        <Num
          label={t("ui.draw.frame_width")}
          value={frame.width}
          min={most(0)}
          max={2000}
          onChange={(width) => set({ width })}
        />
        <Num
          label={t("ui.draw.frame_height")}
          value={frame.height}
          min={most(1)}
          max={2000}
          onChange={(height) => set({ height })}
        />
      </div>
      <Field label={t("ui.draw.note")} wide>
        <input
          type="text"
          name="note"
          maxLength={200}
          value={side.note}
          onInput={(e) => side.setNote(e.currentTarget.value)}
        />
      </Field>
      <details>
        <summary>{t("ui.draw.picture")}</summary>
        <Picture ed={ed} drawing={drawing} />
      </details>
    </section>
  );
}

// --- lists ----------------------------------------------------------------------------------------
function Faults({ ed }: { ed: Editor }) {
  const list = ed.faults.value;
  return list.length === 0 ? null : (
    <section class="faults">
      <h2>
        <Shape of="attention" /> {t("ui.draw.faults")} <span class="num">{list.length}</span>
      </h2>
      <ul class="lines">
        {list.map((f) => {
          const e = ed.doc.value.elements.find((x) => x.id === f.id)!;
          return (
            <li key={f.id}>
              <Button kind="plain" onClick={() => ed.choose([f.id])}>
                {titleOf(e)}
              </Button>
              <span>{t(`ui.draw.fault.${f.key}`)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function List({ ed }: { ed: Editor }) {
  const { elements } = ed.doc.value;
  const by = elements
    .map((e) => ({ e, title: titleOf(e) }))
    .sort((a, b) => a.title.localeCompare(b.title, "vi"));
  return (
    <details class="drawn-list">
      <summary>
        {t("ui.draw.all")} <span class="dim num">{elements.length}</span>
      </summary>
      <ul class="lines">
        {by.map(({ e, title }) => (
          <li key={e.id}>
            <button
              type="button"
              class="pick"
              aria-pressed={ed.chosen.value.includes(e.id)}
              onClick={(x) =>
                ed.choose(x.shiftKey ? [...ed.chosen.value, e.id] : [e.id])
              }
            >
              {title}
              {!nameOf(e) && <span class="dim num"> {e.id}</span>}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

export function Side(props: { ed: Editor; drawing: Drawing; side: HeadSide }) {
  const { ed, drawing } = props;
  return (
    <aside class="side" aria-label={t("ui.draw.side")}>
      {ed.chosen.value.length ? (
        <Chosen ed={ed} site={drawing.site} />
      ) : (
        <Whole ed={ed} drawing={drawing} side={props.side} />
      )}
      <Faults ed={ed} />
      <List ed={ed} />
      {ed.chosen.value.length === 0 && <Neighbours drawing={drawing} />}
    </aside>
  );
}
