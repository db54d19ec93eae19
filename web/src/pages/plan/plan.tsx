// SPDX-License-Identifier: Apache-2.0
// The page of one drawing: read once whole, edited here, kept in the browser while it is not saved, saved whole
// with the version it began from. What the server refuses is chosen on the board and said in its words.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError, ask, get } from "../../api/client.ts";
import type { Drawing, Plan } from "../../api/types.ts";
import { t } from "../../lib/i18n.ts";
import { isTyping } from "../../lib/keys.ts";
import { equal, frameText, merge, tidy, type Doc } from "../../lib/plan.ts";
import { distance, round } from "../../lib/geometry.ts";
import { clock } from "../../lib/time.ts";
import { dropDraft, keepDraft, readDraft, type Head } from "../../store/plandraft.ts";
import { may, session } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Icon, Shape } from "../../ui/icons.tsx";
import { Button, Empty, ErrorBox, errorText, Field, Loaded, PageHead, Skeleton } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";
import { NotFoundPage } from "../notfound.tsx";
import { Board } from "./board.tsx";
import { Conflict, type Way } from "./conflict.tsx";
import { Editor, TOOLS } from "./editor.ts";
import { editKey, type BoardActs } from "./keys.ts";
import { Side } from "./side.tsx";

type Saving =
  | { state: "idle" }
  | { state: "busy" }
  | { state: "failed"; text: string };

const docOf = (p: Plan): Doc => ({ frame: p.frame, elements: p.elements });
const headOf = (p: Plan): Head => ({ name: p.name, floor: p.floor ?? "", level: p.level });
const sameHead = (a: Head, b: Head): boolean =>
  a.name === b.name && a.floor === b.floor && a.level === b.level;

function Tools({ ed }: { ed: Editor }) {
  const a = ed.attracts.value;
  return (
    <div class="tools-bar" role="toolbar" aria-label={t("ui.draw.tools")}>
      {TOOLS.map((x) => (
        <button
          key={x.tool}
          type="button"
          class="button tool"
          aria-pressed={ed.tool.value === x.tool}
          title={`${t(`ui.draw.tool.${x.tool}`)} (${x.key.toUpperCase()})`}
          onClick={() => ed.use(x.tool)}
        >
          <Icon name={x.icon} />
          <span>{t(`ui.draw.tool.${x.tool}`)}</span>
        </button>
      ))}
      <span class="sep" />
      {(["grid", "things", "angles"] as const).map((key) => (
        <label key={key} class="check small">
          <input
            type="checkbox"
            checked={a[key]}
            onChange={(e) => {
              ed.attracts.value = { ...a, [key]: e.currentTarget.checked };
            }}
          />
          <span>{t(`ui.draw.snap_${key}`)}</span>
        </label>
      ))}
    </div>
  );
}

function ScaleDialog({ ed }: { ed: Editor }) {
  const pair = ed.scaling.value!;
  const [text, setText] = useState("");
  const metres = Number(text.replace(",", "."));
  const good = metres >= 0.1 && metres <= 2000;
  return (
    <FormDialog
      title={t("ui.draw.scale_by_two")}
      submit={t("ui.draw.scale_set")}
      disabled={!good}
      onClose={() => ed.use("select")}
      onSubmit={async () => {
        ed.rescale(metres);
      }}
    >
      <Field
        label={t("ui.draw.scale_metres")}
        help={t("ui.draw.scale_now", { m: round(distance(pair[0], pair[1])) })}
        wide
      >
        <input
          type="text"
          inputMode="decimal"
          name="metres"
          required
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

function StateWords(props: { dirty: boolean; saving: Saving; keptAt: number | null; version: number }) {
  const { dirty, saving, keptAt, version } = props;
  const words =
    saving.state === "busy"
      ? t("ui.draw.state_saving")
      : saving.state === "failed"
        ? saving.text
        : !dirty
          ? t("ui.draw.state_saved", { n: version })
          : keptAt
            ? t("ui.draw.state_draft", { time: clock(keptAt) })
            : t("ui.draw.state_unkept");
  return (
    <span class={`save-state ${saving.state === "failed" ? "bad" : dirty ? "dirty" : ""}`} role="status">
      {saving.state === "failed" && <Shape of="attention" />}
      {words}
    </span>
  );
}

function useWide(): boolean {
  const query = useMemo(() => matchMedia("(min-width: 900px)"), []);
  const [wide, setWide] = useState(query.matches);
  useEffect(() => {
    const on = () => setWide(query.matches);
    query.addEventListener("change", on);
    return () => query.removeEventListener("change", on);
  }, []);
  return wide;
}

function Desk({ plan, drawing }: { plan: Plan; drawing: Drawing }) {
  const user = session.value!.user.id;
  const ed = useMemo(() => new Editor(t), []);
  const from = useRef(plan); // what is being edited, as the server had it
  const [head, setHead] = useState(headOf(plan));
  const [note, setNote] = useState("");
  const [saving, setSaving] = useState<Saving>({ state: "idle" });
  const [keptAt, setKeptAt] = useState<number | null>(null);
  const [restored, setRestored] = useState<number | null>(null);
  const [theirs, setTheirs] = useState<Plan | null>(null);
  const [version, setVersion] = useState(plan.version);
  const acts = useRef<BoardActs | null>(null);

  const begin = (p: Plan, doc: Doc, h: Head) => {
    from.current = p;
    setVersion(p.version);
    setHead(h);
    ed.load(doc);
  };
  useMemo(() => {
    const kept = readDraft(user, plan.id);
    ed.load(docOf(plan));
    if (kept && !(equal(kept.doc, docOf(plan)) && sameHead(kept.head, headOf(plan)))) {
      from.current = { ...plan, ...kept.base, version: kept.version };
      ed.load(kept.base);
      ed.set(kept.doc);
      setHead(kept.head);
      setVersion(kept.version);
      setRestored(kept.at);
      setKeptAt(kept.at);
    }
  }, []);

  const doc = ed.doc.value;
  const dirty = !equal(doc, docOf(from.current)) || !sameHead(head, headOf(from.current));

  // The draft: a moment after every change, and gone with the last difference.
  useEffect(() => {
    const timer = setTimeout(() => {
      if (!dirty) {
        dropDraft(user, plan.id);
        setKeptAt(null);
        return;
      }
      const at = Date.now();
      const base = docOf(from.current);
      const ok = keepDraft(user, plan.id, { version: from.current.version, base, doc, head, at });
      setKeptAt(ok ? at : null);
    }, 300);
    return () => clearTimeout(timer);
  }, [doc, head, dirty, version]);

  // The server has a newer one: taken over when nothing is lost by it, else said.
  const seen =
    (one("drawings", plan.id)?.version ?? 0) +
    rows("drawing-layers")
      .filter((l) => l.drawing === plan.id)
      .reduce((s, l) => s + l.version, 0);
  const newer = seen > version && saving.state !== "busy";
  const read = () => get<Plan>(`/drawings/${plan.id}/plan`);
  useEffect(() => {
    if (newer && !dirty) {
      void read().then(
        (p) => {
          begin(p, docOf(p), headOf(p));
        },
        () => {},
      );
    }
  }, [newer, dirty]);

  const fail = async (e: ApiError) => {
    if (e.status === 412) {
      setSaving({ state: "idle" });
      setTheirs(await read());
      return;
    }
    const i = /^elements\[(\d+)\]/.exec(e.problem.field ?? "")?.[1];
    const wrong = i && ed.doc.value.elements[Number(i)];
    if (wrong) {
      ed.choose([wrong.id]);
    }
    setSaving({
      state: "failed",
      text: e.offline ? t("ui.draw.state_offline") : errorText(e),
    });
  };

  const save = async () => {
    const now = ed.doc.value;
    if (saving.state === "busy" || !dirty) {
      return;
    }
    if (ed.faults.value.length) {
      ed.choose([ed.faults.value[0]!.id]);
      setSaving({ state: "failed", text: t("ui.draw.state_faults", { n: ed.faults.value.length }) });
      return;
    }
    setSaving({ state: "busy" });
    const was = headOf(from.current);
    try {
      const answer = await ask<{ version: number }>(
        "POST",
        `/drawings/${plan.id}/plan`,
        {
          ...(head.name.trim() && head.name !== was.name ? { name: head.name } : {}),
          ...(head.floor.trim() && head.floor !== was.floor ? { floor: head.floor } : {}),
          ...(head.level !== was.level ? { level: head.level } : {}),
          ...(frameText(now.frame) !== frameText(from.current.frame)
            ? { frame: JSON.parse(frameText(now.frame)) as object }
            : {}),
          elements: now.elements.map(tidy),
          ...(note ? { note } : {}),
        },
        { "If-Match": `"${from.current.version}"` },
      );
      from.current = { ...from.current, ...now, ...head, version: answer.version };
      setVersion(answer.version);
      setSaving({ state: "idle" });
      setRestored(null);
      setNote("");
      dropDraft(user, plan.id);
      say(t("ui.draw.saved", { n: answer.version }));
    } catch (e) {
      if (!(e instanceof ApiError)) {
        throw e;
      }
      await fail(e);
    }
  };
  const latest = useRef(save);
  latest.current = save;

  const resolve = (way: Way) => {
    const p = theirs!;
    const mine = ed.doc.value;
    const was = headOf(from.current);
    const keep = sameHead(head, was) ? headOf(p) : head;
    const next = way === "theirs" ? docOf(p) : way === "mine" ? mine : merge(docOf(from.current), p, mine).doc;
    setTheirs(null);
    setRestored(null);
    begin(p, docOf(p), way === "theirs" ? headOf(p) : keep);
    ed.set(next);
  };

  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (
        !document.querySelector("dialog[open]") &&
        acts.current &&
        editKey(ed, e, isTyping(e as never), acts.current)
      ) {
        e.preventDefault();
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const h = ed.history.value;
  return (
    <div class="draw">
      <header class="draw-head">
        <a href={`/sites/${plan.site}?view=drawings&floor=${plan.id}`}>‹ {one("sites", plan.site)?.name}</a>
        <h1>{head.floor || head.name}</h1>
        <StateWords dirty={dirty} saving={saving} keptAt={keptAt} version={version} />
        <span class="grow" />
        <Button disabled={!h.past.length} onClick={() => ed.undo()} keys="Ctrl Z">
          {t("ui.action.undo")}
        </Button>
        <Button disabled={!h.future.length} onClick={() => ed.redo()} keys="Ctrl Y">
          {t("ui.draw.redo")}
        </Button>
        <Button
          kind="primary"
          disabled={!dirty}
          busy={saving.state === "busy"}
          onClick={() => void save()}
          keys="Ctrl S"
        >
          {t("ui.draw.save")}
        </Button>
      </header>
      {restored !== null && dirty && (
        <p class="draw-note">
          <Shape of="info" /> {t("ui.draw.restored", { time: clock(restored) })}
          <Button
            kind="plain"
            onClick={() => {
              dropDraft(user, plan.id);
              setRestored(null);
              void read().then((p) => begin(p, docOf(p), headOf(p)));
            }}
          >
            {t("ui.draw.discard")}
          </Button>
        </p>
      )}
      {newer && dirty && !theirs && (
        <p class="draw-note warn">
          <Shape of="attention" /> {t("ui.draw.newer")}
          <Button kind="plain" onClick={() => void read().then(setTheirs)}>
            {t("ui.draw.compare")}
          </Button>
        </p>
      )}
      <Tools ed={ed} />
      <div class="draw-body">
        <Board
          ed={ed}
          drawing={drawing}
          save={() => void latest.current()}
          acts={(a) => {
            acts.current = a;
          }}
        />
        <Side
          ed={ed}
          drawing={drawing}
          side={{ head, setHead: (part) => setHead({ ...head, ...part }), note, setNote }}
        />
      </div>
      <footer class="draw-foot">
        <span class="num">
          {ed.cursor.value
            ? t("ui.draw.at", { x: ed.cursor.value[0].toFixed(2), y: ed.cursor.value[1].toFixed(2) })
            : ""}
        </span>
        <span id="draw-help">{t(`ui.draw.help.${ed.tool.value === "select" ? "select" : "draw"}`)}</span>
        <span class="grow" />
        <Button kind="plain" onClick={() => acts.current?.zoom(0.8)} aria-label={t("ui.plan.zoom_out")}>
          −
        </Button>
        <Button kind="plain" onClick={() => acts.current?.fit()}>
          {t("ui.draw.fit")}
        </Button>
        <Button kind="plain" onClick={() => acts.current?.zoom(1.25)} aria-label={t("ui.plan.zoom_in")}>
          +
        </Button>
      </footer>
      <div class="hidden" role="status" aria-live="polite">
        {ed.said.value}
      </div>
      {ed.scaling.value && <ScaleDialog ed={ed} />}
      {theirs && (
        <Conflict
          base={docOf(from.current)}
          mine={doc}
          theirs={theirs}
          onWay={resolve}
          onClose={() => setTheirs(null)}
        />
      )}
    </div>
  );
}

export function PlanPage({ id }: { id: string }) {
  const [plan, setPlan] = useState<Plan | ApiError | null>(null);
  const load = one("drawings", id) ? null : needOne("drawings", id).value;
  const drawing = one("drawings", id);
  const wide = useWide();
  const site = drawing?.site ?? "";
  const lists = [
    need("zones").value,
    need("sources").value,
    ...(site
      ? [
          need("posts", { site }).value,
          need("gates", { site }).value,
          need("fixtures", { site }).value,
          need("drawing-layers", { site }).value,
        ]
      : []),
  ];
  const read = () => {
    setPlan(null);
    get<Plan>(`/drawings/${id}/plan`).then(setPlan, setPlan);
  };
  useEffect(read, [id]);
  if (load?.error?.status === 404 || (plan instanceof ApiError && plan.status === 404)) {
    return <NotFoundPage what={t("ui.draw.missing")} />;
  }
  if (plan instanceof ApiError) {
    return <ErrorBox error={plan} again={read} />;
  }
  if (!plan || !drawing) {
    return <Skeleton lines={10} />;
  }
  if (!wide || !may("sites.edit")) {
    return (
      <div class="page">
        <PageHead title={plan.name} />
        <Empty title={t(wide ? "ui.draw.not_allowed" : "ui.draw.too_narrow")}>
          <a href={`/sites/${plan.site}?view=drawings&floor=${id}`}>{t("ui.draw.look")}</a>
        </Empty>
      </div>
    );
  }
  return <Loaded load={lists}>{() => <Desk plan={plan} drawing={drawing} key={id} />}</Loaded>;
}
