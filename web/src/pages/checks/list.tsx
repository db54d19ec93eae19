// SPDX-License-Identifier: Apache-2.0
// Phiếu kiểm tra: the runs, the templates they are made from, and starting one.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Checklist, ChecklistTemplate } from "../../api/types.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { go, place, setQuery } from "../../router.ts";
import { useDraft } from "../../store/draft.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, SiteFilter, TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Chip, Empty, Field, Filters, PageHead, Select, Time } from "../../ui/parts.tsx";

export function StartChecklist({ template, onClose }: { template?: string; onClose: () => void }) {
  need("checklist-templates", { state: "active" });
  need("posts");
  const [v, set, clear] = useDraft("checklist.new", {
    template: template ?? "",
    site: "",
    post: "",
    subject: "",
  });
  const templates = rows("checklist-templates").filter((k) => k.state === "active");
  const chosen = templates.find((k) => k.id === v.template);
  const posts = rows("posts").filter((p) => p.site === v.site);
  const submit = async () => {
    const { id } = await post("/checklists", {
      template: v.template,
      site: v.site,
      post: v.post || undefined,
      subject: v.subject || undefined,
    });
    clear();
    go(`/checklists/${id}`);
  };
  return (
    <FormDialog
      title={t("ui.check.start")}
      submit={t("ui.check.start_do")}
      onSubmit={submit}
      onClose={onClose}
    >
      <div class="wide">
        <Field label={t("ui.check.template")}>
          <Select
            value={v.template}
            required
            none={t("ui.choose")}
            onChange={(k) => set({ template: k })}
            options={templates.map((k) => [k.id, pick(k, "title")])}
          />
        </Field>
        {chosen && <Basis of={`check.${chosen.code}`} />}
      </div>
      <SiteField wide required value={v.site} onChange={(site) => set({ site, post: "" })} />
      {(chosen?.place === "post" || posts.length > 0) && (
        <Field label={t("ui.check.post")} wide>
          <Select
            value={v.post}
            required={chosen?.place === "post"}
            none={chosen?.place === "post" ? t("ui.choose") : t("ui.check.whole_site")}
            onChange={(p) => set({ post: p })}
            options={posts.map((p) => [p.id, p.name])}
          />
        </Field>
      )}
      <TextField
        wide
        required={false}
        max={200}
        label={t("ui.check.subject")}
        value={v.subject}
        onChange={(subject) => set({ subject })}
      />
    </FormDialog>
  );
}

export const StateMark = ({ c }: { c: Checklist }) => (
  <span class={c.overdue && c.state !== "closed" && c.state !== "cancelled" ? "check-late" : ""}>
    {c.overdue && c.state !== "closed" && c.state !== "cancelled" ? (
      <>
        <Shape of="attention" /> {t("ui.check.late")}
      </>
    ) : (
      word("ui.check.state", c.state)
    )}
  </span>
);

const columns = (): Column<Checklist>[] => [
  {
    key: "number",
    title: t("ui.number"),
    width: "11.5rem",
    cell: (c) => (
      <a class="num" href={`/checklists/${c.id}`}>
        {c.number}
      </a>
    ),
    text: (c) => c.number,
  },
  { key: "title", title: t("ui.check.template"), text: (c) => pick(c, "title") },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "16rem",
    narrow: true,
    text: (c) => [c.site_name, c.post_name].filter(Boolean).join(" · "),
  },
  {
    key: "done",
    title: t("ui.check.progress"),
    width: "7rem",
    narrow: true,
    cell: (c) => <span class="num">{`${c.answered_n}/${c.items_n}`}</span>,
    text: (c) => `${c.answered_n}/${c.items_n}`,
    sort: (c) => c.answered_n / Math.max(1, c.items_n),
  },
  {
    key: "findings",
    title: t("ui.check.findings"),
    width: "7rem",
    narrow: true,
    cell: (c) => <span class="num">{c.findings_n || "–"}</span>,
    text: (c) => c.findings_n,
    sort: (c) => c.findings_n,
  },
  {
    key: "started",
    title: t("ui.check.started"),
    width: "13rem",
    narrow: true,
    mid: true,
    cell: (c) => <Time at={c.started_at} />,
    text: (c) => full(c.started_at),
    sort: (c) => c.started_at,
  },
  {
    key: "due",
    title: t("ui.check.due"),
    width: "13rem",
    narrow: true,
    cell: (c) => (c.due_at ? <span class="num">{full(c.due_at)}</span> : "–"),
    text: (c) => (c.due_at ? full(c.due_at) : ""),
    sort: (c) => c.due_at,
  },
  {
    key: "state",
    title: t("ui.state"),
    width: "9rem",
    cell: (c) => <StateMark c={c} />,
    text: (c) => word("ui.check.state", c.state),
  },
];

function Templates() {
  const load = need("checklist-templates", { state: "active" }).value;
  const list = rows("checklist-templates").filter((k) => k.state === "active");
  const cols: Column<ChecklistTemplate>[] = [
    {
      key: "title",
      title: t("ui.check.template"),
      cell: (k) => <a href={`/checklist-templates/${k.id}`}>{pick(k, "title")}</a>,
      text: (k) => pick(k, "title"),
    },
    {
      key: "kind",
      title: t("ui.check.kind"),
      width: "11rem",
      narrow: true,
      text: (k) => word("ui.check.kind", k.kind),
    },
    {
      key: "items",
      title: t("ui.check.items"),
      width: "7rem",
      narrow: true,
      cell: (k) => <span class="num">{k.spec.items.length}</span>,
      text: (k) => k.spec.items.length,
    },
    {
      key: "version",
      title: t("ui.check.version"),
      width: "8rem",
      cell: (k) => <span class="num">{k.version}</span>,
      text: (k) => k.version,
    },
    {
      key: "owner",
      title: t("ui.check.owner"),
      width: "12rem",
      narrow: true,
      cell: (k) => <Chip>{k.agency ? t("ui.check.own") : t("ui.check.shipped")}</Chip>,
      text: (k) => (k.agency ? t("ui.check.own") : t("ui.check.shipped")),
    },
  ];
  return (
    <List
      name="checklist-templates"
      label={t("ui.check.templates")}
      rows={list}
      columns={cols}
      keyOf={(k) => k.id}
      load={load}
      onOpen={(k) => go(`/checklist-templates/${k.id}`)}
      tools={<Views value="templates" />}
      empty={<Empty title={t("ui.check.no_templates")} />}
    />
  );
}

const Views = ({ value }: { value: string }) => (
  <Filters
    name={t("ui.state")}
    value={value}
    onChange={(v) => setQuery({ view: v === "open" ? null : v })}
    options={["open", "closed", "all", "templates"].map((s) => [s, t(`ui.check.view.${s}`)])}
  />
);

const shows = (view: string, c: Checklist): boolean =>
  view === "all" ||
  (view === "open"
    ? c.state === "open" || c.state === "signed"
    : c.state === "closed" || c.state === "cancelled");

export function ChecklistsPage() {
  const q = place.value.query;
  const view = q.get("view") ?? "open";
  const site = q.get("site") ?? "";
  const load = need("checklists").value;
  const [starting, setStarting] = useState(false);
  const list = rows("checklists")
    .filter((c) => shows(view, c) && (!site || c.site === site))
    .sort((a, b) => b.started_at.localeCompare(a.started_at));
  return (
    <div class="page full">
      <PageHead title={t("ui.check.title")}>
        {may("checklists.run") && (
          <Button kind="primary" onClick={() => setStarting(true)}>
            {t("ui.check.start")}
          </Button>
        )}
      </PageHead>
      {view === "templates" ? (
        <Templates />
      ) : (
        <List
          name="checklists"
          label={t("ui.check.title")}
          rows={list}
          columns={columns()}
          keyOf={(c) => c.id}
          load={load}
          onOpen={(c) => go(`/checklists/${c.id}`)}
          exportName="phieu-kiem-tra"
          filters={["view", "site"]}
          tools={
            <>
              <Views value={view} />
              <SiteFilter value={site} />
            </>
          }
          empty={<Empty title={t("ui.check.none")}>{t("ui.check.none_more")}</Empty>}
        />
      )}
      {starting && <StartChecklist onClose={() => setStarting(false)} />}
    </div>
  );
}
