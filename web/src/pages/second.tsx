// SPDX-License-Identifier: Apache-2.0
// Chờ người thứ hai: first what waits for this person's decision, then what he asked for, then what others wait for,
// then what was decided. Each act is said as a sentence, so that nobody approves what he cannot read.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { SecondRequest } from "../api/second.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { levelName, placeOf } from "../store/posture.ts";
import { may, session } from "../store/session.ts";
import { maySecond, mineToDecide } from "../store/second.ts";
import { need, one, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { Shape } from "../ui/icons.tsx";
import { Button, Choices, Empty, Facts, Field, Loaded, PageHead, Time } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { Secret } from "./tokens.tsx";

const DECIDED_SHOWN = 30;

const minute = (at: unknown): string => full(String(at)).replace(/:\d\d$/, "");

// What will be done, in words; ids that are not to be read here stay unnamed.
export function whatText(r: SecondRequest): string {
  const id = String(r.args.id ?? "");
  const rule = one("rule-texts", id);
  const unseen = t("ui.second.unseen");
  const posture = one("postures", id);
  const kept = one("retention-classes", String(r.args.class ?? ""));
  const text = t(`ui.second.what.${r.command}`, {
    who: one("users", id)?.name ?? one("persons", id)?.name ?? unseen,
    role: word("ui.role", String(r.args.role ?? "")),
    place: r.args.site ? (one("sites", String(r.args.site))?.name ?? unseen) : t("ui.all_sites"),
    clearance: word("ui.coord.ceiling_of", String(r.args.clearance ?? "")),
    source: one("sources", id)?.name ?? unseen,
    zone: one("zones", id)?.name ?? unseen,
    site: one("sites", r.site)?.name ?? unseen,
    rule: (rule && pick(rule, "title")) || unseen,
    document: one("documents", id)?.number ?? unseen,
    level:
      r.args.secrecy === undefined
        ? levelName(r.args.level ? String(r.args.level) : posture?.level)
        : word("ui.documents.level_n", String(r.args.secrecy)),
    class: kept ? pick(kept, "name") : unseen,
    days: String(r.args.days ?? ""),
    name: String(r.args.name ?? ""),
    posture: posture ? `${levelName(posture.level)}, ${placeOf(posture)}` : unseen,
    until: r.args.until
      ? t("ui.second.until", { time: minute(r.args.until) })
      : t("ui.second.no_end"),
  });
  return text.endsWith(`.${r.command}`) ? r.command : text; // marked, but without a sentence
}

function needNames(list: SecondRequest[]): void {
  const about = (prefix: string) => list.some((r) => r.command.startsWith(prefix));
  if (about("accounts.") && may("accounts.read")) {
    need("users");
  }
  if (about("posture.")) {
    need("postures");
  }
  if (about("sites.")) {
    need("zones");
    need("sources");
  }
  if (about("documents.") && may("documents.read")) {
    need("documents");
  }
  if (about("people.") && may("people.read")) {
    need("persons");
  }
  if (about("privacy.") && may("privacy.read")) {
    need("retention-classes");
  }
  if (about("alerts.")) {
    need("rule-texts");
  }
}

function Decide({ r, onClose, onToken }: { r: SecondRequest; onClose: () => void; onToken: (secret: string) => void }) {
  const [choice, setChoice] = useState("");
  const [reason, setReason] = useState("");
  const refuses = choice === "refuse";
  return (
    <FormDialog
      title={t("ui.second.decide")}
      submit={t(refuses ? "ui.second.refuse_do" : "ui.second.approve_do")}
      disabled={!choice || (refuses && !reason.trim())}
      onSubmit={() =>
        refuses
          ? post(`/second-requests/${r.id}/refuse`, { reason })
          : post<{ result?: { token?: string } }>(`/second-requests/${r.id}/approve`).then((got) => {
              if (got.result?.token) {
                onToken(got.result.token); // shown once, to whoever approved
              }
            })
      }
      onClose={onClose}
    >
      <p class="wide second-what">{whatText(r)}</p>
      <div class="wide">
        <Facts
          rows={[
            [t("ui.second.asker"), r.asker_name ?? t("ui.second.unseen")],
            [t("ui.second.asked_at"), full(r.asked_at)],
            [t("ui.second.expires"), full(r.expires)],
            ...(r.args.reason ? [[t("ui.reason"), String(r.args.reason)] as [string, string]] : []),
          ]}
        />
      </div>
      <p class="wide dim">{t("ui.second.decide_more")}</p>
      <Choices
        name="decision"
        legend={t("ui.second.decision")}
        value={choice}
        onChange={setChoice}
        options={[
          ["approve", t("ui.second.approve")],
          ["refuse", t("ui.second.refuse")],
        ]}
      />
      {refuses && (
        <Field label={t("ui.second.why_not")} wide>
          <textarea
            rows={3}
            maxLength={500}
            required
            value={reason}
            onInput={(e) => setReason(e.currentTarget.value)}
          />
        </Field>
      )}
    </FormDialog>
  );
}

function Line({ r, onDecide }: { r: SecondRequest; onDecide?: () => void }) {
  const mine = r.asker === session.value?.user.id;
  return (
    <li class={onDecide ? "mine" : ""}>
      <div>
        <p>
          {onDecide && <Shape of="attention" />} <b>{whatText(r)}</b>
        </p>
        <p class="dim">
          {t("ui.second.asked_by", { name: r.asker_name ?? t("ui.second.unseen") })} ·{" "}
          <Time at={r.asked_at} />
          {r.args.reason ? ` · ${t("ui.reason")}: ${String(r.args.reason)}` : ""}
          {r.state === "waiting" && ` · ${t("ui.second.until_when", { time: minute(r.expires) })}`}
        </p>
        {r.state !== "waiting" && (
          <p class="dim">
            {word("ui.second.state", r.state)}
            {r.decided_by_name && r.state !== "withdrawn" ? `: ${r.decided_by_name}` : ""} ·{" "}
            <span class="num">{minute(r.decided_at)}</span>
            {r.reason ? ` · ${r.reason}` : ""}
          </p>
        )}
      </div>
      {onDecide && (
        <Button kind="primary" onClick={onDecide}>
          {t("ui.second.look")}
        </Button>
      )}
      {mine && r.state === "waiting" && (
        <Button
          aria-label={t("ui.second.withdraw_of", { what: whatText(r) })}
          onClick={() =>
            void attempt(() => post(`/second-requests/${r.id}/withdraw`), t("ui.second.withdrawn"))
          }
        >
          {t("ui.second.withdraw")}
        </Button>
      )}
    </li>
  );
}

function Part(p: { name: string; list: SecondRequest[]; onDecide?: (r: SecondRequest) => void }) {
  return p.list.length ? (
    <section aria-labelledby={`second-${p.name}`}>
      <h2 id={`second-${p.name}`}>
        {t(`ui.second.part.${p.name}`)} <span class="n">{p.list.length}</span>
      </h2>
      <ul class="second-rows">
        {p.list.map((r) => (
          <Line key={r.id} r={r} onDecide={p.onDecide && (() => p.onDecide!(r))} />
        ))}
      </ul>
    </section>
  ) : null;
}

export function SecondPage() {
  const load = need("second-requests").value;
  const [open, setOpen] = useState<SecondRequest | null>(null);
  const [secret, setSecret] = useState("");
  const all = rows("second-requests");
  needNames(all);
  const me = session.value?.user.id;
  const waiting = all
    .filter((r) => r.state === "waiting")
    .sort((a, b) => a.asked_at.localeCompare(b.asked_at));
  const forMe = waiting.filter((r) => mineToDecide.value.has(r.id));
  const decided = all
    .filter((r) => r.state !== "waiting")
    .sort((a, b) => (b.decided_at ?? "").localeCompare(a.decided_at ?? ""))
    .slice(0, DECIDED_SHOWN);
  return (
    <div class="page second">
      <PageHead title={t("ui.second.title")} sub={t("ui.second.about")} />
      <Loaded load={load} lines={4}>
        {() => (
          <>
            {forMe.length === 0 && (
              <Empty title={t(maySecond() ? "ui.second.none" : "ui.second.not_you")}>
                {t("ui.second.none_more")}
              </Empty>
            )}
            <Part name="for_me" list={forMe} onDecide={setOpen} />
            <Part name="asked" list={waiting.filter((r) => r.asker === me)} />
            <Part name="others" list={waiting.filter((r) => r.asker !== me && !forMe.includes(r))} />
            <Part name="decided" list={decided} />
          </>
        )}
      </Loaded>
      {open && <Decide r={open} onClose={() => setOpen(null)} onToken={setSecret} />}
      {secret && <Secret secret={secret} onClose={() => setSecret("")} />}
    </div>
  );
}
