// SPDX-License-Identifier: Apache-2.0
// One regulation as this agency keeps it: where it stands, its clauses as sentences, who agreed, whom to call, and
// what may be done now. Printed it is a sheet for the register.
import { useEffect, useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Regulation, RegulationParty } from "../../api/coord.ts";
import { t, word } from "../../lib/i18n.ts";
import { date, full } from "../../lib/time.ts";
import { place } from "../../router.ts";
import { may, session } from "../../store/session.ts";
import { need, needOne, one, retry, rows } from "../../store/store.ts";
import { Shape } from "../../ui/icons.tsx";
import { Button, Facts, Loaded, PageHead } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { ContactDialog, ReasonDialog, ReviewDialog, SureDialog } from "./dialogs.tsx";
import { DraftForm } from "./draft.tsx";
import { clauseText, isReviewLate, partyOf, signedText, stateText } from "./words.ts";

type Act = "offer" | "agree" | "withdraw" | "review" | "contact";

const clausesOf = (id: string) =>
  rows("clauses")
    .filter((c) => c.regulation === id)
    .sort((a, b) => a.n - b.n);

function Tools({ r, open }: { r: Regulation; open: (a: Act) => void }) {
  const own = partyOf(r);
  const live = r.state === "offered" || r.state === "in_force";
  const first = own?.state === "asked";
  const second = own?.state === "proposed" && own.proposed_by !== session.value?.user.id;
  return (
    <>
      <Button onClick={() => print()}>{t("ui.coord.print")}</Button>
      {r.state === "in_force" && may("coord.agree") && own?.state === "agreed" && (
        <Button onClick={() => open("review")}>{t("ui.coord.review")}</Button>
      )}
      {live && own?.state !== "withdrawn" && may("coord.agree") && (
        <Button onClick={() => open("withdraw")}>{t("ui.coord.withdraw")}</Button>
      )}
      {r.state === "draft" && may("coord.draft") && (
        <>
          <a class="button" href={`/coord/${r.id}?edit=1`}>
            {t("ui.action.edit")}
          </a>
          <Button kind="primary" onClick={() => open("offer")}>
            {t("ui.coord.offer")}
          </Button>
        </>
      )}
      {r.state === "offered" && may("coord.agree") && (first || second) && (
        <Button kind="primary" onClick={() => open("agree")}>
          {t(first ? "ui.coord.propose" : "ui.coord.agree")}
        </Button>
      )}
    </>
  );
}

// What is asked of this reader's own agency, in words.
function Asked({ r }: { r: Regulation }) {
  const own = partyOf(r);
  if (r.state !== "offered" || !may("coord.agree") || own?.state === "agreed" || own?.state === "withdrawn") {
    return null;
  }
  const key =
    own?.state === "asked"
      ? "ui.coord.asked_first"
      : own?.proposed_by === session.value?.user.id
        ? "ui.coord.asked_wait"
        : "ui.coord.asked_second";
  return <p class="coord-asked">{t(key)}</p>;
}

function Acting({ r, act, close }: { r: Regulation; act: Act; close: () => void }) {
  if (act === "review") {
    return <ReviewDialog r={r} onClose={close} />;
  }
  if (act === "contact") {
    return <ContactDialog r={r} onClose={close} />;
  }
  if (act === "withdraw") {
    const others = r.parties.filter((p) => p.party !== r.agency && p.state !== "withdrawn").length;
    const what = r.state === "in_force" ? "ui.coord.withdraw_open" : "ui.coord.withdraw_offered";
    return (
      <ReasonDialog
        title={t("ui.coord.withdraw_of", { number: r.number })}
        warning={`${t(what)} ${others < 2 ? t("ui.coord.withdraw_ends") : t("ui.coord.withdraw_rest")}`}
        submit={t("ui.coord.withdraw")}
        run={(reason) => post(`/regulations/${r.id}/withdraw`, { reason })}
        onClose={close}
      />
    );
  }
  const first = partyOf(r)?.state === "asked";
  const name = act === "offer" ? "offer" : first ? "propose" : "agree";
  return (
    <SureDialog
      title={t(`ui.coord.${name}`)}
      text={t(`ui.coord.${name}_more`)}
      submit={t(`ui.coord.${name}`)}
      run={() => post(`/regulations/${r.id}/${act}`)}
      onClose={close}
    />
  );
}

function consent(p: RegulationParty): string {
  const at = p.state === "agreed" ? p.agreed_at : p.state === "withdrawn" ? p.withdrawn_at : null;
  return [word("ui.coord.consent", p.state), at && full(at).slice(0, 16), p.reason].filter(Boolean).join(" · ");
}

function Party({ r, p, open }: { r: Regulation; p: RegulationParty; open: (a: Act) => void }) {
  const mine = p.party === r.agency;
  const answered = () =>
    attempt(() => post(`/regulations/${r.id}/answered`, { party: p.party }), t("ui.coord.answered_note"));
  return (
    <li>
      <div>
        <p>
          <b>{p.party_name}</b>
          {mine && <span class="dim"> ({t("ui.coord.own")})</span>}
        </p>
        {r.state !== "draft" && <p>{consent(p)}</p>}
        <p class={p.phone ? "" : "dim"}>
          {p.phone ? (
            <>
              {p.contact} · <a href={`tel:${p.phone}`}>{p.phone}</a>
            </>
          ) : (
            t("ui.coord.no_contact")
          )}
        </p>
        {p.phone && (p.answered_at || !mine) && (
          <p class="dim">
            {p.answered_at ? t("ui.coord.answered_at", { time: full(p.answered_at).slice(0, 16) }) : t("ui.coord.never_answered")}
          </p>
        )}
      </div>
      <span class="row tools">
        {p.phone && !mine && r.state !== "ended" && may("coord.answered") && (
          <Button title={t("ui.coord.answered_help")} onClick={() => void answered()}>
            {t("ui.coord.answered")}
          </Button>
        )}
        {mine && r.state !== "ended" && r.state !== "draft" && may("coord.draft") && (
          <Button onClick={() => open("contact")}>{t("ui.coord.contact_set")}</Button>
        )}
      </span>
    </li>
  );
}

function Body({ r }: { r: Regulation }) {
  const [act, setAct] = useState<Act | null>(null);
  const parties = rows("regulation-parties").filter((p) => p.regulation === r.id);
  return (
    <>
      <PageHead title={r.title} sub={<span class="num">{r.number}</span>}>
        <Tools r={r} open={setAct} />
      </PageHead>
      <p class="coord-state" aria-live="polite">
        {isReviewLate(r) && <Shape of="attention" />} <b>{stateText(r)}</b>
        {isReviewLate(r) && <span> · {t("ui.coord.review_late", { date: date(r.review_due) })}</span>}
      </p>
      <Asked r={r} />
      <section aria-labelledby="coord-clauses">
        <h2 id="coord-clauses">{t("ui.coord.clauses")}</h2>
        <ol class="coord-clauses">
          {clausesOf(r.id).map((c) => (
            <li key={c.id}>{clauseText(c)}</li>
          ))}
        </ol>
        <p class="dim">{t("ui.coord.clauses_limit")}</p>
      </section>
      <section aria-labelledby="coord-parties">
        <h2 id="coord-parties">{t("ui.coord.parties_contacts")}</h2>
        <ul class="coord-rows">
          {parties.map((p) => (
            <Party key={p.id} r={r} p={p} open={setAct} />
          ))}
        </ul>
      </section>
      <section aria-labelledby="coord-terms">
        <h2 id="coord-terms">{t("ui.coord.terms")}</h2>
        <Facts
          rows={[
            [t("ui.coord.holder"), r.holder_name],
            ...(signedText(r) ? [[t("ui.coord.signed"), signedText(r)] as [string, string]] : []),
            [t("ui.coord.valid"), `${date(r.valid_from)} – ${date(r.valid_until)}`],
            [t("ui.coord.review_due"), date(r.review_due)],
            ...(r.reviewed_at ? [[t("ui.coord.reviewed"), full(r.reviewed_at)] as [string, string]] : []),
            ...(r.in_force_at ? [[t("ui.coord.in_force_at"), full(r.in_force_at)] as [string, string]] : []),
            ...(r.ended_at ? [[t("ui.coord.ended_at"), full(r.ended_at)] as [string, string]] : []),
            ...(r.note ? [[t("ui.coord.note"), r.note] as [string, string]] : []),
          ]}
        />
      </section>
      {act && <Acting r={r} act={act} close={() => setAct(null)} />}
    </>
  );
}

export function RegulationPage({ id }: { id: string }) {
  const loads = [
    needOne("regulations", id).value,
    need("clauses", { regulation: id }).value,
    need("regulation-parties", { regulation: id }).value,
  ];
  need("situations");
  need("sites");
  need("agencies");
  const r = one("regulations", id);
  // A draft written anew may have lost clauses and parties, of which the stream says nothing.
  useEffect(() => {
    if (r) {
      retry("regulation-parties");
      retry("clauses");
    }
  }, [r]);
  const editing = r?.state === "draft" && place.value.query.get("edit") && may("coord.draft");
  return (
    <div class="page coord one">
      <Loaded load={loads} lines={8}>
        {() => r && (editing ? <DraftForm r={r} clauses={clausesOf(id)} /> : <Body r={r} />)}
      </Loaded>
    </div>
  );
}
