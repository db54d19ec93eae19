// SPDX-License-Identifier: Apache-2.0
// Báo tin: who hears of an alarm, over what, when; in the order of hearing first, as a table second. The lines it
// goes over, and where this person wants to be told.
import { useEffect, useState } from "preact/hooks";
import { get, post, type ApiError } from "../api/client.ts";
import type { NoticeAddress, NoticeRule } from "../api/notices.ts";
import { t, word } from "../lib/i18n.ts";
import { clock, isQuiet, sequences } from "../lib/notices.ts";
import { inSentence } from "../lib/text.ts";
import { place, setQuery } from "../router.ts";
import { may, session } from "../store/session.ts";
import { need, retry, rows } from "../store/store.ts";
import { Form } from "../ui/dialog.tsx";
import { List, type Column } from "../ui/list.tsx";
import { Shape } from "../ui/icons.tsx";
import {
  Button,
  Empty,
  ErrorBox,
  errorText,
  Field,
  Filters,
  LevelMark,
  PageHead,
  Skeleton,
} from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { delayWords, LEVELS, RuleForm, spanWords } from "./notices-forms.tsx";
import { Lines } from "./notices-links.tsx";

type View = "rules" | "lines" | "mine";

const whoWords = (r: NoticeRule): string =>
  r.role ? word("ui.role", r.role) : t("ui.notice.receiver");
const quietWords = (r: NoticeRule): string =>
  isQuiet(r) ? `${clock(r.quiet_from)} – ${clock(r.quiet_to)}` : t("ui.notice.quiet_none");
const repeatWords = (r: NoticeRule): string =>
  r.repeat_s
    ? t("ui.notice.repeats", { time: spanWords(r.repeat_s), n: r.repeat_max })
    : t("ui.notice.repeat_none");

function Step({ rule: r }: { rule: NoticeRule }) {
  return (
    <li>
      <b>{whoWords(r)}</b> <span class="dim">({r.link_name})</span>
      {r.repeat_s > 0 && <span class="dim">, {inSentence(repeatWords(r))}</span>}
      {isQuiet(r) && <span class="dim">, {t("ui.notice.not_in", { time: quietWords(r) })}</span>}
    </li>
  );
}

function Sequences({ list }: { list: NoticeRule[] }) {
  return (
    <section class="notice-ways" aria-label={t("ui.notice.sequence")}>
      {sequences(list).map((s) => (
        <article key={s.site}>
          <h2>{s.site ? s.siteName : t("ui.notice.other_sites")}</h2>
          <ol>
            {s.steps.map((step, i) => (
              <li key={step.afterS}>
                <span class="when">
                  {delayWords(step.afterS)}
                  {i > 0 && <span class="dim"> {t("ui.notice.if_nobody")}</span>}
                </span>
                <ul>
                  {step.rules.map((r) => (
                    <Step key={r.id} rule={r} />
                  ))}
                </ul>
              </li>
            ))}
          </ol>
        </article>
      ))}
    </section>
  );
}

const removeRule = (r: NoticeRule) =>
  void attempt(
    () => post(`/notice-rules/${r.id}/remove`).then(() => retry("notice-rules")),
    t("ui.notice.removed", { name: r.name }),
  );

function columns(edit: (r: NoticeRule) => void): Column<NoticeRule>[] {
  return [
    { key: "name", title: t("ui.notice.name"), text: (r) => r.name },
    {
      key: "site",
      title: t("ui.board.site"),
      width: "12rem",
      narrow: true,
      text: (r) => r.site_name || t("ui.all_sites"),
    },
    {
      key: "when",
      title: t("ui.notice.when"),
      width: "8rem",
      text: (r) => delayWords(r.after_s),
      sort: (r) => r.after_s,
    },
    {
      key: "who",
      title: t("ui.notice.who"),
      width: "11rem",
      narrow: true,
      cell: whoWords,
      text: whoWords,
    },
    {
      key: "link",
      title: t("ui.notice.link"),
      width: "12rem",
      narrow: true,
      text: (r) => r.link_name,
    },
    {
      key: "min",
      title: t("ui.notice.min"),
      width: "9rem",
      narrow: true,
      cell: (r) => <LevelMark level={LEVELS[r.min_rank] ?? "low"} />,
      text: (r) => t(`ui.level.${LEVELS[r.min_rank] ?? "low"}`),
      sort: (r) => r.min_rank,
    },
    {
      key: "quiet",
      title: t("ui.notice.quiet"),
      width: "9rem",
      mid: true,
      cell: quietWords,
      text: quietWords,
    },
    {
      key: "repeat",
      title: t("ui.notice.repeat"),
      width: "12rem",
      mid: true,
      cell: repeatWords,
      text: repeatWords,
    },
    ...(may("notices.edit")
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.waiting.do"),
            width: "9rem",
            cell: (r: NoticeRule) => (
              <span class="row">
                <Button kind="plain" onClick={() => edit(r)}>
                  {t("ui.notice.change")}
                </Button>
                <Button kind="plain" onClick={() => removeRule(r)}>
                  {t("ui.notice.remove")}
                </Button>
              </span>
            ),
          },
        ]
      : []),
  ];
}

function Rules({ edit }: { edit: (r: NoticeRule) => void }) {
  const load = need("notice-rules").value;
  const list = rows("notice-rules")
    .slice()
    .sort(
      (a, b) =>
        a.site_name.localeCompare(b.site_name, "vi") ||
        a.after_s - b.after_s ||
        a.name.localeCompare(b.name, "vi"),
    );
  return (
    <>
      <Sequences list={list} />
      <List
        name="notice-rules"
        label={t("ui.notice.rules")}
        rows={list}
        columns={columns(edit)}
        keyOf={(r) => r.id}
        load={load}
        exportName="quy-tac-bao-tin"
        filters={["view"]}
        empty={<Empty title={t("ui.notice.rules_none")}>{t("ui.notice.rules_none_more")}</Empty>}
      />
    </>
  );
}

// --- where this person is told ------------------------------------------------------------------
const MODES = { smtp: "email", sms: "tel" } as const;

interface MineProps {
  kind: "smtp" | "sms";
  user: string;
  has?: NoticeAddress;
  again: () => void;
}

function Mine({ kind, user, has, again }: MineProps) {
  const [value, setValue] = useState(has?.value ?? "");
  const save = () =>
    post("/notice-addresses", { user, kind, value: value.replace(/[\s.-](?=\d)/g, "") }).then(again);
  const drop = (id: string) =>
    void attempt(
      () =>
        post(`/notice-addresses/${id}/remove`).then(() => {
          setValue("");
          again();
        }),
      t("ui.notice.mine_removed"),
    );
  return (
    <Form inline submit={t("ui.notice.save")} onSubmit={save}>
      <Field label={t(`ui.notice.mine.${kind}`)} wide>
        <input
          type="text"
          inputMode={MODES[kind]}
          required
          maxLength={120}
          autocomplete={kind === "smtp" ? "email" : "tel"}
          value={value}
          onInput={(e) => setValue(e.currentTarget.value)}
        />
      </Field>
      {has && (
        <Button kind="plain" onClick={() => drop(has.id)}>
          {t("ui.notice.remove")}
        </Button>
      )}
    </Form>
  );
}

// What is on hand stays in view when the server is out of reach, and says that it may be old; it is asked again as
// soon as there is a link.
function useOwn() {
  const [own, setOwn] = useState<NoticeAddress[] | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = () =>
    get<{ items: NoticeAddress[] }>("/own-addresses").then(
      (a) => {
        setOwn(a.items);
        setError(null);
      },
      (e: ApiError) => setError(e),
    );
  useEffect(() => {
    const again = () => void read();
    again();
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, []);
  return { own, error, again: () => void read() };
}

function MyPlaces() {
  const user = session.value?.user.id ?? "";
  const { own, error, again } = useOwn();
  if (!own) {
    return error ? <ErrorBox error={error} again={again} /> : <Skeleton lines={5} />;
  }
  return (
    <section class="notice-mine">
      {error && (
        <p class="mark unknown" role="status">
          <Shape of="unknown" /> {t("ui.notice.mine_old", { why: errorText(error) })}
        </p>
      )}
      <p>{t("ui.notice.mine_why")}</p>
      {own.length === 0 && (
        <p class="mark attention">
          <Shape of="attention" /> {t("ui.notice.mine_none")}
        </p>
      )}
      {(["smtp", "sms"] as const).map((kind) => {
        const has = own.find((a) => a.kind === kind);
        const key = `${kind}${has?.value ?? ""}`;
        return <Mine key={key} kind={kind} user={user} has={has} again={again} />;
      })}
      <p class="dim">{t("ui.notice.mine_private")}</p>
    </section>
  );
}

// --- the page -----------------------------------------------------------------------------------
const SEEN: [View, string][] = [
  ["rules", "ui.notice.rules"],
  ["lines", "ui.notice.lines"],
];

export function NoticesPage() {
  const asked = place.value.query.get("view");
  const oversees = may("notices.read");
  const view: View =
    !oversees || asked === "mine" ? "mine" : asked === "lines" ? "lines" : "rules";
  const [open, setOpen] = useState<{ rule?: NoticeRule } | null>(null);
  const tools = (
    <Filters
      name={t("ui.site.views")}
      value={view}
      onChange={(v) => setQuery({ view: v === "rules" ? null : v })}
      options={[
        ...(oversees ? SEEN : []).map(([v, key]) => [v, t(key)] as [string, string]),
        ["mine", t("ui.notice.mine")],
      ]}
    />
  );
  return (
    <div class={view === "mine" ? "page" : "page full"}>
      <PageHead title={t("ui.nav.notices")}>
        {view === "rules" && may("notices.edit") && (
          <Button kind="primary" onClick={() => setOpen({})}>
            {t("ui.notice.add")}
          </Button>
        )}
      </PageHead>
      <div class="notice-views">{tools}</div>
      {view === "rules" ? (
        <Rules edit={(rule) => setOpen({ rule })} />
      ) : view === "lines" ? (
        <Lines />
      ) : (
        <MyPlaces />
      )}
      {open && <RuleForm rule={open.rule} onClose={() => setOpen(null)} />}
    </div>
  );
}
