// SPDX-License-Identifier: Apache-2.0
// Who may be let through and what he shows: holders, and the badges in their hands. A lost badge opens nothing; another
// one for the same holder is the same person.
import { useRef, useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Badge, GateHolder, LookedPassages } from "../../api/gate.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Dialog, FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { PersonPick } from "../../ui/person.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { mayLook, PurposeDialog } from "../privacy/lookups.tsx";
import { HolderPick } from "./lists.tsx";
import { Button, Empty, Facts, Field, Loaded, Select, Time, TimeField, typedTime } from "../../ui/parts.tsx";

const KINDS = ["staff", "visitor", "contractor", "vehicle"];
const DOCS = ["id_card", "passport", "driving", "service", "other"];
const BADGES = ["card", "pass", "qr", "vehicle"];
const options = (set: string, values: string[]): [string, string][] => values.map((v) => [v, word(set, v)]);

export function HolderForm({ site, onClose }: { site: string; onClose: () => void }) {
  const [v, setV] = useState({
    site,
    kind: "staff",
    person: "",
    name: "",
    class: "",
    company: "",
    doc: "",
    number: "",
    until: "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const vehicle = v.kind === "vehicle";
  const submit = () =>
    post("/gate-holders", {
      site: v.site,
      kind: v.kind,
      person: v.kind === "staff" && v.person ? v.person : undefined,
      name: v.name,
      class: v.class || undefined,
      company: v.company || undefined,
      doc_kind: v.doc || undefined,
      doc_number: v.number || undefined,
      valid_until: typedTime(v.until),
    });
  return (
    <FormDialog
      title={t("ui.pass.holder_add")}
      submit={t("ui.action.save")}
      onSubmit={submit}
      onClose={onClose}
    >
      <SiteField required value={v.site} onChange={(s) => set({ site: s })} />
      <Field label={t("ui.pass.kind_title")}>
        <Select value={v.kind} onChange={(kind) => set({ kind })} options={options("ui.pass.kind", KINDS)} />
      </Field>
      {v.kind === "staff" && (
        <PersonPick
          label={t("ui.pass.person")}
          help={t("ui.pass.person_help")}
          none={t("ui.pass.person_none")}
          value={v.person}
          onChange={(person) => set({ person })}
        />
      )}
      <TextField
        label={t(vehicle ? "ui.pass.plate" : "ui.pass.full_name")}
        max={80}
        plain
        value={v.name}
        onChange={(name) => set({ name })}
      />
      <TextField
        label={t("ui.pass.class")}
        help={t("ui.pass.class_help")}
        max={40}
        required={false}
        value={v.class}
        onChange={(c) => set({ class: c })}
      />
      <TextField
        label={t("ui.pass.company")}
        max={120}
        required={false}
        value={v.company}
        onChange={(company) => set({ company })}
      />
      {!vehicle && (
        <>
          <Field label={t("ui.pass.doc_kind")}>
            <Select
              value={v.doc}
              none={t("ui.pass.doc_none")}
              onChange={(doc) => set({ doc })}
              options={options("ui.pass.doc", DOCS)}
            />
          </Field>
          {v.doc && (
            <TextField
              label={t("ui.pass.doc_number")}
              help={t("ui.pass.doc_help")}
              max={32}
              plain
              required={false}
              value={v.number}
              onChange={(number) => set({ number })}
            />
          )}
        </>
      )}
      <TimeField label={t("ui.pass.valid_until")} value={v.until} onChange={(until) => set({ until })} />
    </FormDialog>
  );
}

function IssueForm({ h, onClose }: { h: GateHolder; onClose: () => void }) {
  const [v, setV] = useState({ code: "", kind: h.kind === "vehicle" ? "vehicle" : "card", until: "" });
  return (
    <FormDialog
      title={t("ui.pass.badge_issue_to", { name: h.name ?? "" })}
      submit={t("ui.pass.badge_issue")}
      onSubmit={() =>
        post("/badges", { holder: h.id, code: v.code, kind: v.kind, valid_until: typedTime(v.until) })
      }
      onClose={onClose}
    >
      <TextField
        label={t("ui.pass.code")}
        help={t("ui.pass.code_help")}
        max={64}
        plain
        value={v.code}
        onChange={(code) => setV({ ...v, code })}
      />
      <Field label={t("ui.pass.badge_kind_title")}>
        <Select
          value={v.kind}
          onChange={(kind) => setV({ ...v, kind })}
          options={options("ui.pass.badge_kind", BADGES)}
        />
      </Field>
      <TimeField
        label={t("ui.pass.valid_until")}
        value={v.until}
        onChange={(until) => setV({ ...v, until })}
      />
    </FormDialog>
  );
}

function ReasonForm(p: {
  title: string;
  submit: string;
  help?: string;
  required: boolean;
  run: (reason: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog title={p.title} submit={p.submit} onSubmit={() => p.run(reason)} onClose={p.onClose}>
      <TextField
        label={t("ui.reason")}
        help={p.help}
        max={200}
        wide
        required={p.required}
        value={reason}
        onChange={setReason}
      />
    </FormDialog>
  );
}

type Ending = { badge: Badge; state: string };
function BadgeRows({ list, onEnd }: { list: Badge[]; onEnd: (e: Ending) => void }) {
  const mine = may("gate.badge") || may("gate.pass");
  return list.length === 0 ? (
    <p class="dim">{t("ui.pass.badges_none")}</p>
  ) : (
    <table class="plain">
      <thead>
        <tr>
          <th scope="col">{t("ui.pass.code")}</th>
          <th scope="col">{t("ui.state")}</th>
          <th scope="col">{t("ui.pass.issued_at")}</th>
          <th scope="col">{t("ui.pass.do")}</th>
        </tr>
      </thead>
      <tbody>
        {list.map((b) => (
          <tr key={b.id}>
            <td class="num">
              {b.code} · {word("ui.pass.badge_kind", b.kind)}
            </td>
            <td>
              {word("ui.pass.badge_state", b.state)} {b.reason && ` · ${b.reason}`}
            </td>
            <td>
              <Time at={b.issued_at} withAge={false} />
            </td>
            <td>
              {b.state === "issued" && mine && (
                <span class="row">
                  {["returned", "lost", "revoked"].map((state) => (
                    <Button key={state} kind="plain" onClick={() => onEnd({ badge: b, state })}>
                      {t(`ui.pass.badge_end.${state}`)}
                    </Button>
                  ))}
                </span>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

// Let through by a terminal without a connection that did not know him.
function ResolveForm({ h, onClose }: { h: GateHolder; onClose: () => void }) {
  const [holder, setHolder] = useState("");
  return (
    <FormDialog
      title={t("ui.pass.resolve")}
      submit={t("ui.pass.resolve")}
      disabled={!holder}
      onSubmit={() => post(`/gate-holders/${h.id}/resolve`, { holder })}
      onClose={onClose}
    >
      <p class="wide">{t("ui.pass.resolve_more")}</p>
      <HolderPick site={h.site} but={h.id} legend={t("ui.pass.resolve_to")} value={holder} onChange={setHolder} />
    </FormDialog>
  );
}

type Doing = "look" | "issue" | "forgive" | "end" | "resolve" | Ending;
// When and where one went in and out: asked what for, journaled, shown for as long as it is open and kept nowhere.
function LookAt({ h, onClose }: { h: GateHolder; onClose: () => void }) {
  const [found, setFound] = useState<LookedPassages | null>(null);
  const shown = useRef(false);
  const name = h.name ?? t("ui.pass.unnamed");
  if (!found) {
    return (
      <PurposeDialog
        title={t("ui.pass.look_title", { name })}
        about={t("ui.pass.look_about")}
        look={async (why) => {
          setFound(await post<LookedPassages>(`/gate-holders/${h.id}/look`, why));
          shown.current = true; // the form is done, what it asked for is not
        }}
        onClose={() => !shown.current && onClose()}
      />
    );
  }
  return (
    <Dialog title={t("ui.pass.look_title", { name })} onClose={onClose}>
      {found.items.length === 0 && <p class="dim">{t("ui.pass.passages_none")}</p>}
      {found.items.length > 0 && (
        <table class="rows">
          <tbody>
            {found.items.map((p) => (
              <tr key={p.id}>
                <td>
                  <Time at={p.moved} withAge={false} />
                </td>
                <td>{p.way && word("ui.pass.way", p.way)}</td>
                <td>{p.point_name ?? "–"}</td>
                <td>{p.to_name ?? ""}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {found.more && <p class="dim">{t("ui.pass.look_more", { n: found.items.length })}</p>}
    </Dialog>
  );
}

function HolderDialog({ h, onClose }: { h: GateHolder; onClose: () => void }) {
  const load = need("badges", { holder: h.id }).value;
  const [doing, setDoing] = useState<Doing | null>(null);
  const back = () => setDoing(null);
  if (doing === "issue") {
    return <IssueForm h={h} onClose={back} />;
  }
  if (doing === "look") {
    return <LookAt h={h} onClose={back} />;
  }
  if (doing === "resolve") {
    return <ResolveForm h={h} onClose={back} />;
  }
  if (doing === "forgive") {
    return (
      <ReasonForm
        title={t("ui.pass.forgive")}
        submit={t("ui.pass.forgive_do")}
        help={t("ui.pass.forgive_help")}
        required
        run={(reason) => post(`/gate-holders/${h.id}/forgive`, { reason })}
        onClose={back}
      />
    );
  }
  if (doing === "end") {
    return (
      <ReasonForm
        title={t("ui.pass.holder_end")}
        submit={t("ui.pass.holder_end_do")}
        required
        run={(reason) => post(`/gate-holders/${h.id}/end`, { reason })}
        onClose={back}
      />
    );
  }
  if (doing) {
    return (
      <ReasonForm
        title={t(`ui.pass.badge_end.${doing.state}`)}
        submit={t("ui.action.save")}
        required={false}
        run={(reason) =>
          post(`/badges/${doing.badge.id}/end`, { state: doing.state, reason: reason || undefined })
        }
        onClose={back}
      />
    );
  }
  const active = h.state === "active";
  return (
    <Dialog title={h.name ?? t("ui.pass.unnamed")} onClose={onClose}>
      <Facts
        rows={[
          [t("ui.pass.kind_title"), [word("ui.pass.kind", h.kind), h.class].filter(Boolean).join(" · ")],
          [t("ui.pass.company"), h.company],
          [t("ui.pass.doc_kind"), h.doc_kind && `${word("ui.pass.doc", h.doc_kind)} ···${h.doc_last ?? ""}`],
          [t("ui.pass.valid_until"), h.valid_until ? full(h.valid_until) : ""],
          [
            t("ui.pass.where"),
            h.inside_name ? (
              <>
                {h.inside_name} <Time at={h.inside_since} />
              </>
            ) : (
              t("ui.pass.outside")
            ),
          ],
          [t("ui.state"), word("ui.pass.holder_state", h.state)],
        ]}
      />
      <h3>{t("ui.pass.badges")}</h3>
      <Loaded load={load} lines={2}>
        {() => <BadgeRows list={rows("badges").filter((b) => b.holder === h.id)} onEnd={setDoing} />}
      </Loaded>
      <div class="row">
        {active && h.class === "unknown" && may("gate.badge") && (
          <Button kind="primary" onClick={() => setDoing("resolve")}>
            {t("ui.pass.resolve")}
          </Button>
        )}
        {active && may("gate.badge") && (
          <>
            <Button kind="primary" onClick={() => setDoing("issue")}>
              {t("ui.pass.badge_issue")}
            </Button>
            <Button onClick={() => setDoing("end")}>{t("ui.pass.holder_end")}</Button>
          </>
        )}
        {mayLook() && <Button onClick={() => setDoing("look")}>{t("ui.pass.look_do")}</Button>}
        {may("gate.forgive") && <Button onClick={() => setDoing("forgive")}>{t("ui.pass.forgive")}</Button>}
      </div>
    </Dialog>
  );
}

const columns = (): Column<GateHolder>[] => [
  {
    key: "name",
    title: t("ui.pass.holder"),
    cell: (h) => h.name ?? t("ui.pass.unnamed"),
    text: (h) => h.name,
  },
  {
    key: "kind",
    title: t("ui.pass.kind_title"),
    width: "10rem",
    text: (h) => word("ui.pass.kind", h.kind),
  },
  {
    key: "class",
    title: t("ui.pass.class"),
    width: "9rem",
    narrow: true,
    cell: (h) => h.class ?? "–",
    text: (h) => h.class,
  },
  {
    key: "company",
    title: t("ui.pass.company"),
    width: "14rem",
    narrow: true,
    cell: (h) => h.company ?? "–",
    text: (h) => h.company,
  },
  {
    key: "where",
    title: t("ui.pass.where"),
    width: "13rem",
    narrow: true,
    cell: (h) => h.inside_name ?? t("ui.pass.outside"),
    text: (h) => h.inside_name,
  },
  {
    key: "until",
    title: t("ui.pass.valid_until"),
    width: "11rem",
    mid: true,
    cell: (h) => (h.valid_until ? full(h.valid_until) : "–"),
    text: (h) => h.valid_until,
    sort: (h) => h.valid_until,
  },
  {
    key: "state",
    title: t("ui.state"),
    width: "9rem",
    narrow: true,
    text: (h) => word("ui.pass.holder_state", h.state),
  },
];

export function Holders({ site }: { site: string }) {
  const load = need("gate-holders", site ? { site } : {}).value;
  const [open, setOpen] = useState("");
  const [adding, setAdding] = useState(false);
  const list = rows("gate-holders").filter((h) => !site || h.site === site);
  const chosen = list.find((h) => h.id === open);
  return (
    <>
      <List
        name="gate-holders"
        label={t("ui.pass.holders")}
        rows={list}
        columns={columns()}
        keyOf={(h) => h.id}
        load={load}
        total={load.total}
        onOpen={(h) => setOpen(h.id)}
        download="gate-holders"
        downloadParams={site ? { site } : undefined}
        tools={
          may("gate.badge") && (
            <Button kind="primary" onClick={() => setAdding(true)}>
              {t("ui.pass.holder_add")}
            </Button>
          )
        }
        empty={<Empty title={t("ui.pass.holders_none")}>{t("ui.pass.holders_none_more")}</Empty>}
      />
      {chosen && <HolderDialog h={chosen} onClose={() => setOpen("")} />}
      {adding && <HolderForm site={site} onClose={() => setAdding(false)} />}
    </>
  );
}
