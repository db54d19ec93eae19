// SPDX-License-Identifier: Apache-2.0
// One entry of the ban list: who, why, on what evidence, until when, who decided, when it was looked at again.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Ban, BanPerson } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { may, session } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { Button, Facts, Loaded, PageHead } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { NotFoundPage } from "../notfound.tsx";
import { WhyDialog } from "../visits/parts.tsx";
import { LookForm, ReviewForm } from "./forms.tsx";
import { day, placeOf } from "./page.tsx";

const minute = (at: string | null): string => full(at).slice(0, 16);

function Reviews({ b }: { b: Ban }) {
  const list = rows("ban-reviews")
    .filter((r) => r.entry === b.id)
    .sort((a, c) => c.at.localeCompare(a.at));
  return (
    <section aria-labelledby="ban-reviews">
      <h2 id="ban-reviews">{t("ui.bans.reviews")}</h2>
      {list.length === 0 && <p class="dim">{t("ui.bans.no_reviews")}</p>}
      <ul class="privacy-rows">
        {list.map((r) => (
          <li key={r.id}>
            <div>
              <p>
                <b>{word("ui.bans.outcome", r.outcome)}</b> · {r.why}
              </p>
              <p class="dim">
                <span class="num">{minute(r.at)}</span> · {r.by_name ?? "–"}
                {r.next_due && ` · ${t("ui.bans.next_due")}: ${day(r.next_due)}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function paperOf(w: BanPerson): string {
  return w.doc_last
    ? `${word("ui.visits.paper", w.doc_kind || "other")} ${t("ui.visits.doc_last", { last: w.doc_last })}`
    : "";
}

// Shown as long as the page is open, and kept nowhere.
const personRows = (w: BanPerson): [string, string][] => [
  [t("ui.visits.name"), w.name],
  [t("ui.bans.aliases"), w.aliases.join(", ")],
  [t("ui.visits.born"), w.born ? String(w.born) : ""],
  [t("ui.bans.doc"), paperOf(w)],
];

function Decide({ b, refuse }: { b: Ban; refuse: () => void }) {
  if (b.proposed_by === session.value?.user.id) {
    return <span class="dim">{t("ui.bans.own")}</span>;
  }
  return (
    <>
      <Button onClick={refuse}>{t("ui.bans.refuse")}</Button>
      <Button
        kind="primary"
        onClick={() =>
          attempt(() => post(`/bans/${b.id}/decide`, { decision: "approved" }), t("ui.bans.state.in_force"))
        }
      >
        {t("ui.bans.approve")}
      </Button>
    </>
  );
}

function Body({ b }: { b: Ban }) {
  const [act, setAct] = useState("");
  const [who, setWho] = useState<BanPerson>();
  const close = () => setAct("");
  return (
    <div class="page">
      <PageHead
        title={b.number}
        sub={`${word("ui.bans.state", b.state)}${b.review_late ? ` · ${t("ui.bans.review_late")}` : ""}`}
      >
        {b.state !== "forgotten" && may("bans.look") && !who && (
          <Button onClick={() => setAct("look")}>{t("ui.bans.look")}</Button>
        )}
        {b.state === "proposed" && may("bans.approve") && <Decide b={b} refuse={() => setAct("refuse")} />}
        {b.state === "in_force" && may("bans.edit") && (
          <Button onClick={() => setAct("end")}>{t("ui.bans.end")}</Button>
        )}
        {b.state === "in_force" && may("bans.approve") && (
          <Button kind={b.review_late ? "primary" : undefined} onClick={() => setAct("review")}>
            {t("ui.bans.review")}
          </Button>
        )}
      </PageHead>
      <Facts
        rows={[
          ...(who ? personRows(who) : []),
          [t("ui.bans.reason_label"), word("bans.reason", b.reason)],
          [
            t("ui.bans.evidence"),
            b.incident ? (
              <a href={`/incidents/${b.incident}`}>{b.incident_number ?? t("ui.bans.incident")}</a>
            ) : (
              b.document && <a href={`/documents/${b.document}`}>{t("ui.bans.document")}</a>
            ),
          ],
          [t("ui.bans.site"), placeOf(b)],
          [t("ui.bans.expires"), <span class="num">{day(b.expires)}</span>],
          [t("ui.bans.review_due"), <span class="num">{day(b.review_due)}</span>],
          [t("ui.bans.proposed_by"), `${b.proposed_by_name ?? "–"} · ${minute(b.proposed_at)}`],
          [t("ui.bans.decided_by"), b.decided_at && `${b.decided_by_name ?? "–"} · ${minute(b.decided_at)}`],
          ...(b.why ? ([[t("ui.bans.why"), b.why]] as [string, string][]) : []),
        ]}
      />
      <Reviews b={b} />
      {act === "look" && <LookForm b={b} onSeen={setWho} onClose={close} />}
      {act === "review" && <ReviewForm b={b} onClose={close} />}
      {(act === "refuse" || act === "end") && (
        <WhyDialog
          title={t(`ui.bans.${act}`)}
          label={t("ui.bans.why")}
          submit={t(`ui.bans.${act}`)}
          path={`/bans/${b.id}/${act === "end" ? "end" : "decide"}`}
          field="why"
          body={act === "end" ? {} : { decision: "refused" }}
          onClose={close}
        />
      )}
    </div>
  );
}

export function BanPage({ id }: { id: string }) {
  const load = [needOne("bans", id).value, need("ban-reviews", { entry: id }).value];
  const b = one("bans", id);
  if (load[0].state === "error" && load[0].error?.status === 404) {
    return <NotFoundPage />;
  }
  return (
    <Loaded load={load} lines={8}>
      {() => (b ? <Body b={b} /> : <NotFoundPage />)}
    </Loaded>
  );
}
