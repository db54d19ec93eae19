// SPDX-License-Identifier: Apache-2.0
// Bad actors: the ten that call most, by device, rule or site, and what can be done about each.
import type { Actor, ActorKind, Performance } from "../../api/alarms.ts";
import { advice, percent } from "../../lib/alarms.ts";
import { t } from "../../lib/i18n.ts";
import { number } from "../../lib/text.ts";
import { place, setQuery } from "../../router.ts";
import { lang } from "../../store/prefs.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { shareShort, shareWords } from "../../ui/alarms.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Chip, Empty, Filters } from "../../ui/parts.tsx";

const KINDS: ActorKind[] = ["sources", "rules", "sites"];

export const actorName = (kind: ActorKind, a: Actor): string =>
  (lang.value === "en" && a.title_en ? a.title_en : a.title) ??
  (kind === "sources" ? t("ui.alarms.source_hidden") : a.id);

const hrefOf = (kind: ActorKind, a: Actor): string | null =>
  kind === "rules"
    ? `/rules/${encodeURIComponent(a.id)}`
    : kind === "sites"
      ? `/sites/${a.id}`
      : a.title
        ? `/sources?source=${a.id}`
        : null;

function Marks({ a }: { a: Actor }) {
  return (
    <>
      {a.chattering > 0 && <Chip>{t("ui.alarms.chatters", { n: a.chattering })}</Chip>}
      {a.fleeting > 0 && <Chip>{t("ui.alarms.fleeting_n", { n: a.fleeting })}</Chip>}
    </>
  );
}

// Only what the asking person can do: a rule is tried with another text or merges its repeats in its editor, an own
// rule in force can be retired; what is wrong with a device is mended at the device.
function acts(kind: ActorKind, a: Actor): [string, string][] {
  const href = hrefOf(kind, a);
  const see: [string, string][] = href ? [[t(`ui.alarms.act.${kind === "rules" ? "rule" : kind === "sites" ? "site" : "fix"}`), href]] : [];
  if (kind !== "rules" || !may("rules.draft")) {
    return see;
  }
  const own = rows("rule-texts").some((x) => x.name === a.id && x.state === "active");
  return [
    ...see,
    [t("ui.alarms.act.retune"), `${href}?act=try`],
    [t("ui.alarms.act.merge"), `${href}?act=merge`],
    ...(own ? [[t("ui.alarms.act.retire"), `${href}?act=retire`] as [string, string]] : []),
  ];
}

function Acts({ of, flat }: { of: [string, string][]; flat?: boolean }) {
  return (
    <div class={`alarm-acts ${flat ? "flat" : ""}`}>
      {of.map(([words, href]) => (
        <a key={href} class={flat ? undefined : "button"} href={href}>
          {words}
        </a>
      ))}
    </div>
  );
}

export function ActorCard({ kind, a }: { kind: ActorKind; a: Actor }) {
  return (
    <li>
      <div>
        <b>{actorName(kind, a)}</b>
        <span class="dim">
          {t(`ui.alarms.kind.${kind}`)}
          {a.site_name && ` · ${a.site_name}`}
        </span>
      </div>
      <p>
        {t("ui.alarms.n_share", { n: number(a.n, lang.value), share: percent(a.share, lang.value) })}{" "}
        <Marks a={a} />
      </p>
      <p class="dim">{shareWords(a)}</p>
      <p>{t(`ui.alarms.advice.${advice(kind, a)}`)}</p>
      <Acts of={acts(kind, a)} />
    </li>
  );
}

function columns(kind: ActorKind): Column<Actor>[] {
  const all: Column<Actor>[] = [
    {
      key: "name",
      title: t(`ui.alarms.kind.${kind}`),
      cell: (a) => {
        const href = hrefOf(kind, a);
        return href ? <a href={href}>{actorName(kind, a)}</a> : actorName(kind, a);
      },
      text: (a) => actorName(kind, a),
    },
    {
      key: "site",
      title: t("ui.board.site"),
      width: "14rem",
      narrow: true,
      cell: (a) => a.site_name ?? "–",
      text: (a) => a.site_name,
    },
    { key: "n", title: t("ui.alarms.count"), width: "6rem", cell: (a) => number(a.n, lang.value), text: (a) => a.n, sort: (a) => a.n },
    {
      key: "share",
      title: t("ui.alarms.share"),
      width: "6rem",
      cell: (a) => percent(a.share, lang.value),
      text: (a) => Math.round(a.share * 1000) / 10,
      sort: (a) => a.share,
    },
    {
      key: "chattering",
      title: t("ui.alarms.chattering"),
      width: "7rem",
      narrow: true,
      cell: (a) => number(a.chattering, lang.value),
      text: (a) => a.chattering,
      sort: (a) => a.chattering,
    },
    {
      key: "fleeting",
      title: t("ui.alarms.fleeting"),
      width: "8rem",
      narrow: true,
      cell: (a) => number(a.fleeting, lang.value),
      text: (a) => a.fleeting,
      sort: (a) => a.fleeting,
    },
    {
      key: "false",
      title: t("ui.alarms.false"),
      width: "15rem",
      narrow: true,
      cell: (a) => shareShort(a),
      text: (a) => (a.judged ? `${a.false}/${a.judged}` : ""),
      sort: (a) => a.share_false ?? -1,
    },
    {
      key: "advice",
      title: t("ui.alarms.advice"),
      width: "14rem",
      narrow: true,
      text: (a) => t(`ui.alarms.advice_short.${advice(kind, a)}`),
    },
    {
      key: "acts",
      title: t("ui.alarms.acts"),
      width: "17rem",
      narrow: true,
      cell: (a) => <Acts of={acts(kind, a).slice(1)} flat />, // the first is the name's own link
      text: (a) => acts(kind, a).slice(1).map(([words]) => words).join(", "),
    },
  ];
  return all.filter((c) => (c.key !== "site" || kind === "sources") && (c.key !== "acts" || kind === "rules"));
}

export function Actors({ p }: { p: Performance }) {
  need("rule-texts");
  const asked = place.value.query.get("by") as ActorKind | null;
  const kind = asked && KINDS.includes(asked) ? asked : "sources";
  return (
    <section>
      <h2>{t("ui.alarms.actors")}</h2>
      <List
        key={kind}
        name={`alarm-${kind}`}
        label={t("ui.alarms.actors")}
        rows={p[kind]}
        columns={columns(kind)}
        keyOf={(a) => a.id}
        filters={["by", "days", "site"]}
        exportName={t(`ui.alarms.file.${kind}`)}
        tools={
          <Filters
            name={t("ui.alarms.by")}
            value={kind}
            onChange={(v) => setQuery({ by: v === "sources" ? null : v })}
            options={KINDS.map((k) => [k, t(`ui.alarms.by.${k}`)])}
          />
        }
        empty={<Empty title={t("ui.alarms.none")} />}
      />
    </section>
  );
}
