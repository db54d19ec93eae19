// SPDX-License-Identifier: Apache-2.0
// Sổ nhật ký: every record, newest first, page by page; one record with its hash and neighbours; and whether
// the chain holds. The journal is only read here: nothing can be changed.
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { ApiError, BASE, get, post, query } from "../api/client.ts";
import type { JournalEvent, Page, Verification } from "../api/types.ts";
import { lang } from "../store/prefs.ts";
import { t, word } from "../lib/i18n.ts";
import { eventName, number } from "../lib/text.ts";
import { full } from "../lib/time.ts";
import type { Loudness } from "../lib/urgency.ts";
import { go, place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { Shape } from "../ui/icons.tsx";
import {
  Button,
  Chip,
  Empty,
  ErrorBox,
  Facts,
  PageHead,
  Select,
  Skeleton,
  Time,
} from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { SiteFilter } from "../ui/fields.tsx";
import { List, type Column } from "../ui/list.tsx";
import { NotFoundPage } from "./notfound.tsx";

const PAGE = 200;
const needUsers = () => may("accounts.read") && need("users") && need("device-accounts");
// Verbs that change what a meaning says; the rest is in the meaning itself.
export const SAID = new Set(["restore", "arm", "disarm", "bypass", "unbypass"]);
const str = (v: unknown): string =>
  typeof v === "string" ? v : typeof v === "number" ? String(v) : "";

// Whose record it is, where its body does not say: the person, the alert, the incident.
const nameOf = (id: string | null): string =>
  one("alerts", id)?.number ?? one("incidents", id)?.number ?? one("users", id)?.name ?? "";

// A fact's name is a key of the program: its word and its value are for people.
function nameIn(e: JournalEvent): string {
  const b = e.body ?? {};
  return e.kind === "core.fact"
    ? [word("ui.fact", str(b.name)), str(b.value) && word("ui.fact.value", str(b.value))]
        .filter(Boolean)
        .join(": ")
    : str(b.name);
}

// What a record says in one line, from the members that events share.
export function eventText(e: JournalEvent): string {
  const b = e.body ?? {};
  const meaning =
    str(b.meaning) ||
    str(b.signal) ||
    (str(b.kind) && e.kind.includes("signal") ? str(b.kind) : "");
  const verb = str(b.verb);
  return [
    meaning && word("signal", meaning) + (SAID.has(verb) ? ` – ${word("ui.verb", verb)}` : ""),
    str(b.number) || nameOf(e.subject),
    str(b.title_vi && lang.value === "vi" ? b.title_vi : b.title_en) || str(b.title) || nameIn(e),
    str(b.text) || str(b.note) || str(b.reason),
  ]
    .filter(Boolean)
    .join(" · ");
}

export function eventPlace(e: JournalEvent): string {
  const b = e.body ?? {};
  return [one("zones", str(b.zone))?.name, one("sources", str(b.source))?.name]
    .filter(Boolean)
    .join(" · ");
}

const isTest = (e: JournalEvent) =>
  e.purpose === "test" || (typeof e.purpose === "number" && e.purpose !== 0);
const LOUD: Record<string, Loudness> = { act: "act", attention: "attention", info: "info" };
function urgencyMark(e: JournalEvent) {
  const u = e.urgency;
  return u ? (
    <span class={`mark ${LOUD[u]}`}>
      <Shape of={LOUD[u]!} />
      <span class="hidden">{word("ui.urgency", u)}</span>
    </span>
  ) : null;
}

const actorName = (e: JournalEvent): string =>
  one("users", e.actor)?.name ?? one("device-accounts", e.actor)?.name ?? word("ui.actor", e.actor);

const COLUMNS = (): Column<JournalEvent>[] => [
  {
    key: "at",
    title: t("ui.event.at"),
    width: "14.5rem",
    cell: (e) => <span class="num stamp">{full(e.at)}</span>,
    text: (e) => full(e.at),
  },
  {
    key: "name",
    title: t("ui.event.name"),
    width: "6rem",
    narrow: true,
    cell: (e) => (
      <a class="num" href={`/journal/${e.id}`}>
        {eventName(e.id)}
      </a>
    ),
    text: (e) => e.id,
  },
  {
    key: "u",
    title: t("ui.urgency"),
    width: "4rem",
    cell: urgencyMark,
    text: (e) => (e.urgency ? word("ui.urgency", e.urgency) : ""),
  },
  {
    key: "kind",
    title: t("ui.event.kind"),
    width: "14rem",
    cell: (e) => word("ui.kind", e.kind),
    text: (e) => e.kind,
  },
  {
    key: "text",
    title: t("ui.event.text"),
    cell: (e) => (
      <>
        {eventText(e)} <span class="dim">{eventPlace(e)}</span>
      </>
    ),
    text: eventText,
  },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "14rem",
    narrow: true,
    cell: (e) => one("sites", e.site)?.name ?? <span class="dim">{t("ui.event.node")}</span>,
    text: (e) => one("sites", e.site)?.name ?? "",
  },
  {
    key: "actor",
    title: t("ui.event.actor"),
    width: "10rem",
    narrow: true,
    cell: actorName,
    text: (e) => e.actor,
  },
];

export function Verify() {
  const state = useSignal<Verification | null>(null);
  const busy = useSignal(false);
  const load = () =>
    get<Verification>("/journal/verification").then(
      (v) => {
        state.value = v;
      },
      () => {},
    );
  useEffect(() => void load(), []);
  const v = state.value;
  const run = async () => {
    busy.value = true;
    await attempt(async () => {
      await post("/journal/verify");
      // The check runs beside everything else; large journals take minutes.
      do {
        await new Promise((done) => setTimeout(done, 400));
        await load();
      } while (state.value?.running);
    }, t("ui.verify.done"));
    busy.value = false;
  };
  return (
    <div class="verify">
      {v &&
        (v.at === null ? (
          <span class="mark unknown">
            <Shape of="unknown" />
            {t("ui.verify.never")}
          </span>
        ) : v.ok ? (
          <span class="mark normal">
            <Shape of="normal" />
            {v.events === undefined || v.seals === undefined
              ? t("ui.verify.whole")
              : t("ui.verify.ok", {
                  events: number(v.events, lang.value),
                  seals: number(v.seals, lang.value),
                })}
          </span>
        ) : (
          <span class="mark act">
            <Shape of="act" />
            {v.bad
              ? t("ui.verify.bad", { name: `${v.bad.log}-${v.bad.seq}`, why: t(v.bad.why) })
              : t("ui.verify.bad_any")}
          </span>
        ))}
      {v?.at && <Time at={v.at} />}
      <Button onClick={() => void run()} busy={busy.value}>
        {busy.value ? t("ui.verify.running") : t("ui.verify.now")}
      </Button>
    </div>
  );
}

export function JournalPage() {
  return may("journal.read") ? (
    <Explorer />
  ) : (
    <div class="page">
      <PageHead title={t("ui.nav.journal")} />
      <Empty title={t("ui.journal.denied")} />
    </div>
  );
}

function Explorer() {
  const q = place.value.query;
  const filter = {
    site: q.get("site") ?? "",
    kind: q.get("kind") ?? "",
    subject: q.get("subject") ?? "",
  };
  const key = JSON.stringify(filter);
  const items = useSignal<JournalEvent[]>([]);
  const next = useSignal<string | null>(null);
  const error = useSignal<ApiError | null>(null);
  const busy = useSignal(true);
  const newest = useSignal("");
  need("zones");
  needUsers();
  const read = async (cursor?: string) => {
    busy.value = true;
    error.value = null;
    try {
      const page = await get<Page<JournalEvent>>(
        "/events" + query({ ...filter, limit: PAGE, cursor }),
      );
      items.value = cursor ? [...items.value, ...page.items] : page.items;
      next.value = page.next;
      newest.value = cursor ? newest.value : (page.items[0]?.at ?? "");
    } catch (e) {
      if (!(e instanceof ApiError)) {
        throw e;
      }
      error.value = e;
    }
    busy.value = false;
  };
  useEffect(() => {
    items.value = [];
    void read();
  }, [key]);
  const fresh = rows("events").filter(
    (e) =>
      e.at > newest.value &&
      (!filter.site || e.site === filter.site) &&
      (!filter.kind || e.kind === filter.kind),
  ).length;
  const kinds = useMemo(
    () =>
      [
        ...new Set([
          ...items.value.map((e) => e.kind),
          ...rows("events").map((e) => e.kind),
          ...(filter.kind ? [filter.kind] : []),
        ]),
      ].sort(),
    [items.value],
  );
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.journal")}>
        {may("journal.verify") && <Verify />}
      </PageHead>
      {error.value ? (
        <ErrorBox error={error.value} again={() => void read()} />
      ) : (
        <List
          name="journal"
          label={t("ui.nav.journal")}
          part
          paper
          rows={items.value}
          columns={COLUMNS()}
          keyOf={(e) => e.id}
          onOpen={(e) => go(`/journal/${e.id}`)}
          rowClass={(e) => `weighs-${e.urgency ?? "nothing"}`}
          exportName="so-nhat-ky"
          filters={["site", "kind", "subject"]}
          tools={
            <>
              <SiteFilter value={filter.site} />
              <Select
                label={t("ui.event.kind")}
                value={filter.kind}
                none={t("ui.all_kinds")}
                onChange={(v) => setQuery({ kind: v })}
                options={kinds.map((k) => [k, word("ui.kind", k)])}
              />
              {filter.subject && (
                <Chip>
                  {t("ui.event.subject")}: {filter.subject}{" "}
                  <button type="button" class="as-link" onClick={() => setQuery({ subject: null })}>
                    {t("ui.action.clear")}
                  </button>
                </Chip>
              )}
              {fresh > 0 && !busy.value && (
                <Button kind="plain" onClick={() => void read()}>
                  {t("ui.journal.fresh", { n: fresh })}
                </Button>
              )}
            </>
          }
          empty={busy.value ? <Skeleton lines={12} /> : <Empty title={t("ui.journal.none")} />}
          extra={
            next.value ? (
              <Button kind="plain" busy={busy.value} onClick={() => void read(next.value!)}>
                {t("ui.journal.older")}
              </Button>
            ) : (
              <span class="dim">{t("ui.journal.start")}</span>
            )
          }
        />
      )}
    </div>
  );
}

export function EventPage({ name }: { name: string }) {
  const state = useSignal<JournalEvent | null>(null);
  const error = useSignal<ApiError | null>(null);
  need("zones");
  needUsers();
  const read = () =>
    get<JournalEvent>(`/events/${encodeURIComponent(name)}`).then(
      (e) => {
        state.value = e;
      },
      (e: ApiError) => {
        error.value = e;
      },
    );
  useEffect(() => void read(), [name]);
  if (error.value?.status === 404) {
    return <NotFoundPage what={t("ui.event.missing", { name })} />;
  }
  if (error.value) {
    return <ErrorBox error={error.value} again={() => void read()} />;
  }
  const e = state.value;
  if (!e) {
    return (
      <div class="page">
        <Skeleton lines={10} />
      </div>
    );
  }
  const seq = e.seq ?? 0; // 0: not told, as who is not of the custodian knows no neighbours
  return (
    <div class="page">
      <PageHead
        title={
          <>
            {t("ui.event.one")} <span class="num">{e.id}</span>
          </>
        }
        sub={
          <>
            {urgencyMark(e)} {word("ui.kind", e.kind)}
            {e.world !== 0 && <Chip kind="drill">{t("ui.event.drill")}</Chip>}
            {isTest(e) && <Chip kind="test">{t("ui.alert.test")}</Chip>}
          </>
        }
      >
        {seq > 1 && (
          <a class="button" href={`/journal/${e.log}-${seq - 1}`}>
            ‹ {t("ui.event.prev")}
          </a>
        )}
        {seq > 0 && (
          <a class="button" href={`/journal/${e.log}-${seq + 1}`}>
            {t("ui.event.next")} ›
          </a>
        )}
      </PageHead>
      <div class="columns">
        <section>
          <h2>{t("ui.event.what")}</h2>
          <Facts
            rows={[
              [t("ui.event.text"), eventText(e)],
              [t("ui.board.site"), one("sites", e.site)?.name ?? e.site],
              [t("ui.event.where"), eventPlace(e)],
              [t("ui.event.actor"), actorName(e)],
              [
                t("ui.event.subject"),
                e.subject && (
                  <a href={`/journal?subject=${encodeURIComponent(e.subject)}`}>{e.subject}</a>
                ),
              ],
            ]}
          />
        </section>
        <section>
          <h2>{t("ui.event.times")}</h2>
          <Facts
            rows={[
              [t("ui.event.captured"), e.captured && <span class="num">{full(e.captured)}</span>],
              [t("ui.event.received"), e.received && <span class="num">{full(e.received)}</span>],
              [t("ui.event.recorded"), <span class="num">{full(e.at)}</span>],
            ]}
          />
          {e.hash && (
            <>
              <h2>{t("ui.event.hash")}</h2>
              <p>
                <code class="hash">{e.hash}</code>
              </p>
            </>
          )}
        </section>
      </div>
      <section>
        {typeof e.body?.image === "string" && (
          <img class="event-image" src={`${BASE}/events/${e.id}/image`} alt={t("ui.event.image")} />
        )}
        <h2>{t("ui.event.body")}</h2>
        <pre class="body" tabIndex={0}>
          {JSON.stringify(e.body, null, 2)}
        </pre>
      </section>
    </div>
  );
}
