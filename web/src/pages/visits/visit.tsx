// SPDX-License-Identifier: Apache-2.0
// One visit: what it is, who agreed, who comes and whether they came.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Visit, VisitGuest } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import { may } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { Dialog, FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Button, Chip, Facts, Loaded, PageHead, TimeField, typedTime } from "../../ui/parts.tsx";
import { Qr } from "../../ui/qr.tsx";
import { attempt } from "../../ui/toast.tsx";
import { NotFoundPage } from "../notfound.tsx";
import { GuestForm } from "./forms.tsx";
import { minute, State, useAreas, WhyDialog } from "./parts.tsx";

interface Invitation {
  code: string;
  qr?: string;
  until: string;
}

const isOpen = (v: Visit): boolean => ["planned", "approved", "arrived"].includes(v.state);

// Which versions, and in which language if that was said.
const toldText = (g: VisitGuest): string =>
  `${t("ui.visits.told")} (${[
    t("ui.visits.told_versions", { rules: g.rules_n || "–", notice: g.notice_n || "–" }),
    g.told_lang && t(`ui.visits.told_lang.${g.told_lang}`),
  ]
    .filter(Boolean)
    .join(", ")})`;

function guestText(g: VisitGuest): string {
  return [
    g.company,
    g.doc_last && `${word("ui.visits.paper", g.doc_kind ?? "other")} ${t("ui.visits.doc_last", { last: g.doc_last })}`,
    g.arrived_at && t("ui.visits.arrived_at", { time: minute(g.arrived_at) }),
    g.left_at && t("ui.visits.left_at", { time: minute(g.left_at) }),
    g.told_at ? toldText(g) : t("ui.visits.not_told"),
  ]
    .filter(Boolean)
    .join(" · ");
}

type Act = { what: "invite" | "certificate"; g: VisitGuest };

function Guest(p: { g: VisitGuest; v: Visit; act: (a: Act) => void }) {
  const { g, v } = p;
  return (
    <li>
      <div>
        <p>
          <b>{g.name ?? "–"}</b> <Chip>{word("ui.visits.guest", g.state)}</Chip>
          {g.invite_until && <Chip>{t("ui.visits.invited")}</Chip>}
        </p>
        <p class="dim">{guestText(g)}</p>
      </div>
      {isOpen(v) && ["expected", "arrived", "left"].includes(g.state) && (
        <span class="row tools">
          {(may("visits.walk_in") || may("visits.plan")) && !g.told_at && (
            <Button onClick={() => attempt(() => post(`/visit-guests/${g.id}/told`), t("ui.visits.told"))}>{t("ui.visits.tell")}</Button>
          )}
          {may("visits.plan") && (
            <>
              {v.kind !== "vehicle" && (
                <Button onClick={() => p.act({ what: "invite", g })}>{t("ui.visits.invite")}</Button>
              )}
              {v.kind === "contractor" && (
                <Button onClick={() => p.act({ what: "certificate", g })}>{t("ui.visits.certificate")}</Button>
              )}
              {g.state === "expected" && (
                <Button onClick={() => attempt(() => post(`/visit-guests/${g.id}/remove`), t("ui.visits.guest.removed"))}>
                  {t("ui.visits.remove")}
                </Button>
              )}
            </>
          )}
        </span>
      )}
    </li>
  );
}

// The code is shown once: whoever closes this makes another to see one again.
function InviteDialog({ g, onClose }: { g: VisitGuest; onClose: () => void }) {
  const [made, setMade] = useState<Invitation>();
  const title = t("ui.visits.invite_title", { name: g.name ?? "–" });
  return made ? (
    <Dialog title={title} onClose={onClose}>
      {made.qr && <Qr rows={made.qr} label={title} />}
      <p class="num">{made.code}</p>
      <p>{t("ui.visits.invite_note", { time: minute(made.until) })}</p>
      <div class="row">
        <Button onClick={() => print()}>{t("ui.action.print")}</Button>
      </div>
    </Dialog>
  ) : (
    <Dialog title={title} onClose={onClose}>
      <p>{t("ui.visits.invite_note", { time: minute(g.invite_until) || "–" })}</p>
      <Button
        kind="primary"
        onClick={() => attempt(async () => setMade(await post<Invitation>(`/visit-guests/${g.id}/invite`)), t("ui.visits.invited"))}
      >
        {t("ui.visits.invite")}
      </Button>
    </Dialog>
  );
}

function CertificateForm({ g, onClose }: { g: VisitGuest; onClose: () => void }) {
  const [v, setV] = useState({ what: "", until: "" });
  return (
    <FormDialog
      title={t("ui.visits.certificate")}
      submit={t("ui.action.add")}
      disabled={!v.what.trim() || !typedTime(v.until)}
      onSubmit={() => post(`/visit-guests/${g.id}/certificates`, { what: v.what, until: typedTime(v.until) })}
      onClose={onClose}
    >
      <TextField label={t("ui.visits.what")} max={80} wide value={v.what} onChange={(what) => setV({ ...v, what })} />
      <TimeField
        label={t("ui.visits.until")}
        required
        value={v.until}
        onChange={(until) => setV({ ...v, until })}
      />
    </FormDialog>
  );
}

function Steps({ v }: { v: Visit }) {
  const list = rows("visit-steps").filter((s) => s.visit === v.id);
  return (
    <section aria-labelledby="visit-steps">
      <h2 id="visit-steps">{t("ui.visits.steps")}</h2>
      {list.length === 0 && <p class="dim">{t("ui.visits.no_steps")}</p>}
      <ul class="privacy-rows">
        {list.map((s) => (
          <li key={s.id}>
            <div>
              <p>
                <b>{s.area_name ?? t("ui.visits.step_site")}</b> · {word("ui.visits.need", s.need)}
                {s.named_name && ` · ${s.named_name}`} <Chip>{word("ui.visits.step", s.state)}</Chip>
              </p>
              {s.decided_at && (
                <p class="dim">
                  <span class="num">{minute(s.decided_at)}</span> · {s.decided_by_name ?? "–"}
                  {s.reason && ` · ${s.reason}`}
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Guests({ v }: { v: Visit }) {
  const [adding, setAdding] = useState(false);
  const [act, setAct] = useState<Act>();
  const list = rows("visit-guests")
    .filter((g) => g.visit === v.id && g.state !== "removed")
    .sort((a, b) => a.at.localeCompare(b.at));
  return (
    <section aria-labelledby="visit-guests">
      <h2 id="visit-guests">{t("ui.visits.guest_list")}</h2>
      <ul class="privacy-rows">
        {list.map((g) => (
          <Guest key={g.id} g={g} v={v} act={setAct} />
        ))}
      </ul>
      {isOpen(v) && may("visits.plan") && v.kind !== "vehicle" && (
        <Button onClick={() => setAdding(true)}>{t("ui.visits.add_guest")}</Button>
      )}
      {adding && <GuestForm v={v} onClose={() => setAdding(false)} />}
      {act?.what === "invite" && <InviteDialog g={act.g} onClose={() => setAct(undefined)} />}
      {act?.what === "certificate" && <CertificateForm g={act.g} onClose={() => setAct(undefined)} />}
    </section>
  );
}

function Body({ v }: { v: Visit }) {
  const [why, setWhy] = useState("");
  const areas = useAreas(v.site);
  const names = v.areas.map((id) => areas.find((a) => a.id === id)?.name ?? "–").join(", ");
  const decide = () => attempt(() => post(`/visits/${v.id}/decide`, { decision: "approved" }), t("ui.visits.step.approved"));
  return (
    <div class="page">
      <PageHead title={v.purpose} sub={<State v={v} />}>
        {v.state === "planned" && may("visits.approve") && (
          <>
            <Button onClick={() => setWhy("refuse")}>{t("ui.visits.refuse")}</Button>
            <Button kind="primary" onClick={decide}>
              {t("ui.visits.approve")}
            </Button>
          </>
        )}
        {(v.state === "planned" || v.state === "approved") && may("visits.plan") && (
          <Button onClick={() => setWhy("cancel")}>{t("ui.visits.cancel")}</Button>
        )}
      </PageHead>
      {v.release_at && !v.released_at && <p>{t("ui.visits.held", { time: minute(v.release_at) })}</p>}
      <Facts
        rows={[
          [t("ui.board.site"), v.site_name],
          [t("ui.visits.kind_label"), word("ui.visits.kind", v.kind)],
          [t("ui.visits.starts"), <span class="num">{minute(v.starts)}</span>],
          [t("ui.visits.ends"), <span class="num">{minute(v.ends)}</span>],
          [t("ui.visits.office"), v.office],
          [t("ui.visits.host"), v.host_name],
          [t("ui.visits.areas"), names],
          [t("ui.visits.escort"), v.escort ? t("ui.yes") : t("ui.no")],
          [t("ui.visits.planned_by"), v.planned_by_name],
          ...(v.reason ? ([[t("ui.visits.reason"), v.reason]] as [string, string][]) : []),
        ]}
      />
      <Guests v={v} />
      <Steps v={v} />
      {why && (
        <WhyDialog
          title={t(`ui.visits.${why}`)}
          label={t(`ui.visits.${why}_why`)}
          submit={t(`ui.visits.${why}`)}
          path={`/visits/${v.id}/${why === "cancel" ? "cancel" : "decide"}`}
          field="reason"
          body={why === "cancel" ? {} : { decision: "refused" }}
          onClose={() => setWhy("")}
        />
      )}
    </div>
  );
}

export function VisitPage({ id }: { id: string }) {
  const load = needOne("visits", id).value;
  const more = [need("visit-guests", { visit: id }).value, need("visit-steps", { visit: id }).value];
  const v = one("visits", id);
  if (load.state === "error" && load.error?.status === 404) {
    return <NotFoundPage />;
  }
  return (
    <Loaded load={[load, ...more]} lines={8}>
      {() => (v ? <Body v={v} /> : <NotFoundPage />)}
    </Loaded>
  );
}
