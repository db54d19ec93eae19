// SPDX-License-Identifier: Apache-2.0
// Đường nối: what the node speaks to on its own initiative, whether it works, and why not.
import { useState } from "preact/hooks";
import { post, upload } from "../api/client.ts";
import type { LinkRow } from "../api/notices.ts";
import { t, word } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { SiteFilter } from "../ui/fields.tsx";
import { Shape } from "../ui/icons.tsx";
import { List, type Column } from "../ui/list.tsx";
import { Menu } from "../ui/menu.tsx";
import { Button, Empty, Filters, PageHead, Time } from "../ui/parts.tsx";
import { Icon } from "../ui/icons.tsx";
import { attempt } from "../ui/toast.tsx";
import { EditLink, LinkSecret, RemoveLink } from "./link-forms.tsx";
import { LINK_KINDS } from "./link-kinds.ts";

type Open = { what: "add" } | { what: "edit" | "secret" | "remove"; link: LinkRow };
const SHAPE = { up: "normal", down: "attention", new: "unknown", off: "info" } as const;
const stateOf = (l: LinkRow) => (l.enabled ? l.state : "off");
const TRIES = ["dc09_out", "cap_out", "smtp", "webhook_out", "sms"]; // what a trial message can be sent to

function Mark({ link }: { link: LinkRow }) {
  const state = stateOf(link);
  return (
    <span class={`mark ${SHAPE[state]}`}>
      <Shape of={SHAPE[state]} />
      {t(`ui.link.state.${state}`)}
    </span>
  );
}

// The browser's own picker; the table goes into the link's folder as it is.
function pickTable(link: LinkRow) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".csv,.txt,.xlsx";
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) {
      void attempt(() => upload(`/links/${link.id}/table`, {}, file), t("ui.link.table_sent", { name: link.name }));
    }
  };
  input.click();
}

function Actions({ link, open }: { link: LinkRow; open: (o: Open) => void }) {
  const kind = LINK_KINDS[link.kind];
  return (
    <span class="row">
      <Button kind="plain" onClick={() => open({ what: "edit", link })}>
        {t("ui.action.edit")}
      </Button>
      <Menu
        label={t("ui.link.more", { name: link.name })}
        button={<Icon name="more" />}
        items={[
          ...(TRIES.includes(link.kind)
            ? [
                {
                  text: t("ui.link.try"),
                  onPick: () =>
                    void attempt(() => post(`/links/${link.id}/try`), t("ui.link.tried", { name: link.name })),
                },
              ]
            : []),
          ...(link.kind === "csv" && link.enabled
            ? [{ text: t("ui.link.table"), onPick: () => pickTable(link) }]
            : []),
          ...(kind?.secret
            ? [{ text: t("ui.link.set_secret"), onPick: () => open({ what: "secret", link }) }]
            : []),
          {
            text: t(link.enabled ? "ui.link.switch_off" : "ui.link.switch_on"),
            onPick: () =>
              void attempt(
                () => post(`/links/${link.id}/switch`, { enabled: !link.enabled }),
                t(link.enabled ? "ui.link.switched_off" : "ui.link.switched_on", { name: link.name }),
              ),
          },
          { text: t("ui.link.remove"), onPick: () => open({ what: "remove", link }) },
        ]}
      />
    </span>
  );
}

const columns = (edit: boolean, open: (o: Open) => void): Column<LinkRow>[] => [
  {
    key: "state",
    title: t("ui.state"),
    width: "10rem",
    cell: (l) => <Mark link={l} />,
    text: (l) => t(`ui.link.state.${stateOf(l)}`),
  },
  { key: "name", title: t("ui.name"), text: (l) => l.name },
  {
    key: "kind",
    title: t("ui.link.kind"),
    width: "14rem",
    narrow: true,
    text: (l) => word("link.kind", l.kind),
  },
  {
    key: "problem",
    title: t("ui.link.problem"),
    width: "18rem",
    cell: (l) => (l.enabled && l.problem ? t(l.problem) : "–"),
    text: (l) => (l.problem ? t(l.problem) : ""),
  },
  {
    key: "since",
    title: t("ui.link.since"),
    width: "12rem",
    narrow: true,
    cell: (l) => <Time at={l.state_since} />,
    text: (l) => full(l.state_since),
    sort: (l) => l.state_since,
  },
  {
    key: "address",
    title: t("ui.link.address"),
    width: "13rem",
    mid: true,
    cell: (l) => <code>{l.address}</code>,
    text: (l) => l.address,
  },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "14rem",
    narrow: true,
    cell: (l) => l.site_name || t("ui.link.of_node"),
    text: (l) => l.site_name,
  },
  ...(edit
    ? [
        {
          key: "do",
          fixed: true,
          title: t("ui.waiting.do"),
          width: "9rem",
          cell: (l: LinkRow) => <Actions link={l} open={open} />,
        },
      ]
    : []),
];

export function LinksPage() {
  const q = place.value.query;
  const edit = may("links.edit");
  const state = q.get("state") ?? "";
  const site = q.get("site") ?? "";
  const load = need("links").value;
  const [open, setOpen] = useState<Open | null>(null);
  const all = rows("links").filter((l) => !site || l.site === site);
  const list = all
    .filter((l) => !state || stateOf(l) === state)
    .sort((a, b) => Number(b.state === "down") - Number(a.state === "down") || a.name.localeCompare(b.name, "vi"));
  const n = (s: string) => all.filter((l) => stateOf(l) === s).length;
  const close = () => setOpen(null);
  const tools = (
    <>
      <Filters
        name={t("ui.state")}
        value={state}
        onChange={(v) => setQuery({ state: v })}
        options={[
          ["", t("ui.all"), all.length],
          ["down", t("ui.link.state.down"), n("down")],
          ["up", t("ui.link.state.up"), n("up")],
          ["off", t("ui.link.state.off"), n("off")],
        ]}
      />
      <SiteFilter value={site} />
    </>
  );
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.links")}>
        {edit && (
          <Button kind="primary" onClick={() => setOpen({ what: "add" })}>
            {t("ui.link.add")}
          </Button>
        )}
      </PageHead>
      <List
        name="all-links"
        label={t("ui.nav.links")}
        rows={list}
        columns={columns(edit, setOpen)}
        keyOf={(l) => l.id}
        load={load}
        exportName="duong-noi"
        filters={["state", "site"]}
        tools={tools}
        empty={<Empty title={t("ui.link.none")}>{!all.length && t("ui.link.none_more")}</Empty>}
      />
      {open?.what === "add" && <EditLink onClose={close} />}
      {open?.what === "edit" && <EditLink link={open.link} onClose={close} />}
      {open?.what === "secret" && <LinkSecret link={open.link} onClose={close} />}
      {open?.what === "remove" && <RemoveLink link={open.link} onClose={close} />}
    </div>
  );
}
