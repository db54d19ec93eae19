// SPDX-License-Identifier: Apache-2.0
// The marshal's list, for a telephone in one hand at the assembly point: scan a badge or find the name, one touch says
// safe, unsafe, not here. Without network all of it goes on, on a page that is opened again too: marks are kept in this
// browser with their moment (store/queue.ts) and leave when the node is reached; the list is shown as last known
// (terminal/list.ts). Whoever is on nobody's list is added by name.
import { computed, effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Muster, MusterState } from "../../api/muster.ts";
import { t, word } from "../../lib/i18n.ts";
import { fold } from "../../lib/text.ts";
import { clock, full } from "../../lib/time.ts";
import {
  isMissing,
  mark,
  peopleOf,
  tapsWaiting,
  whoIs,
  type Somebody,
} from "../../store/muster.ts";
import { openQueue } from "../../store/queue.ts";
import { keep, stored } from "../../store/prefs.ts";
import { lostSince, now, session, skewMs } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { keepList, openList } from "../../terminal/list.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Empty, Field, Filters, Loaded, PageHead, Select } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";
import { Kind, placeOf } from "./parts.tsx";

const TOUCHES: MusterState[] = ["safe", "unsafe", "not_here"];

const Waiting = ({ words }: { words: string }) => (
  <span class="waiting">
    {" "}
    <Shape of="unknown" /> {words}
  </span>
);

const aboutOf = (p: Somebody): string =>
  [
    p.area_name ?? t(`ui.muster.origin.${p.origin}`),
    p.left_at && t("ui.muster.left", { time: clock(p.left_at) }),
    p.state === "excluded" && word("ui.muster.state", p.state),
    p.state_at && clock(p.state_at),
  ]
    .filter(Boolean)
    .join(" · ");

function Row({ p, put }: { p: Somebody; put: (p: Somebody, state: MusterState) => void }) {
  return (
    <li class={`marshal-row ${p.state}`}>
      <p>
        <b>{p.name ?? t("ui.muster.no_name")}</b>
        {p.more && <span class="dim"> · {p.more}</span>}
        <br />
        <span class="dim">{aboutOf(p)}</span>
        {p.waiting && <Waiting words={t("ui.muster.waiting")} />}
      </p>
      <div class="marshal-touches" role="group" aria-label={p.name ?? t("ui.muster.no_name")}>
        {TOUCHES.map((s) => (
          <button
            key={s}
            type="button"
            class={`touch ${s}`}
            aria-pressed={p.state === s}
            onClick={() => put(p, s)}
          >
            {word("ui.muster.touch", s)}
          </button>
        ))}
      </div>
    </li>
  );
}

const NEW_KEY_WORDS = 3;
const newKey = () => crypto.getRandomValues(new Uint32Array(NEW_KEY_WORDS)).join("-");

function AddDialog({ add, onClose }: { add: (v: Record<string, string>) => void; onClose: () => void }) {
  const [v, setV] = useState({ name: "", note: "" });
  const note = v.note.trim();
  return (
    <FormDialog
      title={t("ui.muster.add")}
      submit={t("ui.muster.add_do")}
      disabled={!v.name.trim()}
      onSubmit={() => {
        add({ key: newKey(), name: v.name.trim(), ...(note && { note }) });
        return Promise.resolve();
      }}
      onClose={onClose}
    >
      <TextField
        wide
        plain
        max={80}
        label={t("ui.muster.name")}
        value={v.name}
        onChange={(name) => setV({ ...v, name })}
      />
      <TextField
        wide
        required={false}
        max={200}
        label={t("ui.muster.note")}
        help={t("ui.muster.note_help")}
        value={v.note}
        onChange={(text) => setV({ ...v, note: text })}
      />
    </FormDialog>
  );
}

function Tap({ put }: { put: (badge: string) => void }) {
  const [code, setCode] = useState("");
  return (
    <form
      class="marshal-tap"
      onSubmit={(e) => {
        e.preventDefault();
        if (code.trim()) {
          put(code.trim());
          setCode("");
        }
      }}
    >
      <Field label={t("ui.muster.badge")}>
        <input
          type="text"
          autocomplete="off"
          autocapitalize="none"
          maxLength={64}
          value={code}
          onInput={(e) => setCode(e.currentTarget.value)}
        />
      </Field>
      <Button type="submit">{t("ui.muster.tap")}</Button>
    </form>
  );
}

function PointField(p: { site: string; value: string; onChange: (v: string) => void }) {
  const points = rows("fixtures").filter((f) => f.kind === "assembly" && f.site === p.site);
  return (
    <Field label={t("ui.muster.point")}>
      <Select
        value={p.value}
        none={t("ui.muster.no_point")}
        onChange={p.onChange}
        options={points.filter((f) => f.state === "active").map((f) => [f.id, f.name])}
      />
    </Field>
  );
}

function Left({ people, taps }: { people: Somebody[]; taps: number }) {
  const waiting = people.filter((p) => p.waiting).length + taps;
  return (
    <p class="marshal-left" role="status">
      <b>{people.filter(isMissing).length}</b> {t("ui.muster.of_n", { n: people.length })}
      {waiting > 0 && <Waiting words={t("ui.muster.waiting_n", { n: waiting })} />}
    </p>
  );
}

function Rows({ all, put }: { all: Somebody[]; put: (p: Somebody, state: MusterState) => void }) {
  const [find, setFind] = useState("");
  const [shown, setShown] = useState("missing");
  const words = fold(find);
  const missing = all.filter(isMissing);
  const list = words
    ? all.filter((p) => fold(`${p.name ?? ""} ${p.more ?? ""}`).includes(words))
    : shown === "missing"
      ? missing
      : all;
  return (
    <>
      <Field label={t("ui.muster.find")}>
        <input type="text" autocomplete="off" value={find} onInput={(e) => setFind(e.currentTarget.value)} />
      </Field>
      <Filters
        name={t("ui.state")}
        value={shown}
        onChange={setShown}
        options={[
          ["missing", t("ui.muster.show_missing"), missing.length],
          ["all", t("ui.muster.show_all"), all.length],
        ]}
      />
      {list.length ? (
        <ul class="marshal-rows">
          {list.map((p) => (
            <Row key={p.id} p={p} put={put} />
          ))}
        </ul>
      ) : (
        <Empty title={t(words ? "ui.muster.nobody_found" : "ui.muster.all_out")} />
      )}
    </>
  );
}

function Marshal({ m }: { m: Muster }) {
  const [point, setPoint] = useState(stored(`vg.muster.${m.id}`, ""));
  const [adding, setAdding] = useState(false);
  const all = peopleOf(m.id);
  const put = (what: Record<string, string>, state: MusterState) =>
    mark(m.id, { ...what, state, ...(point && { point }) });
  const choose = (v: string) => {
    setPoint(v);
    keep(`vg.muster.${m.id}`, v);
  };
  return (
    <>
      <PageHead
        title={
          <>
            {t("ui.muster.marshal")} <Kind m={m} />
          </>
        }
        sub={<a href={`/musters/${m.id}`}>{placeOf(m)}</a>}
      >
        <Button kind="primary" onClick={() => setAdding(true)}>
          {t("ui.muster.add")}
        </Button>
      </PageHead>
      {m.ended_at && <p role="status">{t("ui.muster.over_still")}</p>}
      <Left people={all} taps={tapsWaiting(m.id)} />
      <div class="marshal-bar">
        <PointField site={m.site} value={point} onChange={choose} />
        <Tap
          put={(badge) => {
            put({ badge }, "safe");
            say(t("ui.muster.tapped", { badge }));
          }}
        />
      </div>
      <Rows all={all} put={(p, state) => put(whoIs(p), state)} />
      {adding && <AddDialog add={(v) => put(v, "safe")} onClose={() => setAdding(false)} />}
    </>
  );
}

const KEPT_MS = 30_000; // how old the time of a list may be that has not changed
const tick = computed(() => Math.floor(now.value / KEPT_MS));

function keepWhatIsShown(id: string): void {
  const [m, who] = [one("musters", id), session.value];
  void tick.value;
  if (m?.state === "open" && who && lostSince.value === null) {
    void keepList({
      user: who.user.id,
      at: now.peek(),
      skew: skewMs.peek(),
      muster: m,
      people: rows("muster-people").filter((p) => p.muster === id),
      points: rows("fixtures").filter((f) => f.kind === "assembly" && f.site === m.site),
    });
  }
}

// The page and its list, to be opened again without a connection.
function useKept(id: string, ready: boolean): void {
  useEffect(() => {
    navigator.serviceWorker?.register("/sw.js").catch(() => undefined); // without it the page does not open offline
  }, []);
  useEffect(() => (ready ? effect(() => keepWhatIsShown(id)) : undefined), [id, ready]);
}

export function MarshalPage({ id }: { id: string }) {
  useEffect(openQueue, []);
  const load = [
    needOne("musters", id).value,
    need("muster-people", { muster: id }).value,
    need("fixtures").value,
  ];
  useKept(id, load.every((l) => l.state === "ready"));
  const m = one("musters", id);
  return (
    <div class={`page marshal ${m?.kind === "drill" ? "drill" : ""}`}>
      <Loaded load={load}>{() => m && <Marshal m={m} />}</Loaded>
    </div>
  );
}

// Opened while the node cannot be reached.
export function OfflineMarshal({ id }: { id: string }) {
  const [at, setAt] = useState<number | null>(null);
  useEffect(() => void openList(id).then((l) => setAt(l?.at ?? null), () => undefined), [id]);
  const m = at === null ? undefined : one("musters", id);
  return (
    <div class={`page marshal ${m?.kind === "drill" ? "drill" : ""}`}>
      <p class="lost-bar" role="alert">
        <Shape of="unknown" /> {m ? t("ui.muster.kept", { time: full(at) }) : t("ui.error.offline")}
      </p>
      {m && <Marshal m={m} />}
    </div>
  );
}
