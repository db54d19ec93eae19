// SPDX-License-Identifier: Apache-2.0
// Mục tiêu: the list of guarded sites, and the form that adds one.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Site } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { go, place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { AgencyField, TextField } from "../ui/fields.tsx";
import { Button, Chip, Empty, Field, PageHead, Select } from "../ui/parts.tsx";
import { List, type Column } from "../ui/list.tsx";

export const SITE_KINDS = [
  "state_bank",
  "party_office",
  "council",
  "committee",
  "treasury",
  "broadcaster",
  "venue",
  "warehouse",
  "other",
];
export const siteKinds = (): [string, string][] =>
  SITE_KINDS.map((k) => [k, word("ui.site.kind", k)]);

const EMPTY = {
  code: "",
  name: "",
  kind: "",
  agency: "",
  address: "",
  key_site: false,
  decision: "",
};

export function SiteForm({ site, onClose }: { site?: Site; onClose: () => void }) {
  need("agencies");
  const [v, setV] = useState(
    site
      ? {
          ...EMPTY,
          ...site,
          agency: site.agency ?? "",
          address: site.address ?? "",
          decision: site.decision ?? "",
        }
      : EMPTY,
  );
  const set = (c: Partial<typeof EMPTY>) => setV({ ...v, ...c });
  const submit = async () => {
    const body = {
      code: v.code,
      name: v.name,
      kind: v.kind,
      address: v.address || undefined,
      key_site: v.key_site,
      decision: v.decision || undefined,
    };
    const answer = await post(
      site ? `/sites/${site.id}` : "/sites",
      site ? body : { ...body, agency: v.agency || undefined },
    );
    if (!site) {
      go(`/sites/${answer.id}`);
    }
  };
  return (
    <FormDialog
      title={site ? t("ui.site.edit") : t("ui.site.add")}
      submit={site ? t("ui.action.save") : t("ui.site.add")}
      onClose={onClose}
      onSubmit={submit}
    >
      <TextField
        label={t("ui.site.code")}
        help={t("ui.site.code_help")}
        max={20}
        value={v.code}
        onChange={(code) => set({ code })}
      />
      <Field label={t("ui.site.kind_label")}>
        <Select
          value={v.kind}
          required
          none={t("ui.choose")}
          onChange={(kind) => set({ kind })}
          options={siteKinds()}
        />
      </Field>
      <TextField
        label={t("ui.site.name")}
        wide
        max={200}
        value={v.name}
        onChange={(name) => set({ name })}
      />
      {!site && (
        <AgencyField
          label={t("ui.site.agency")}
          wide
          value={v.agency}
          none={t("ui.site.agency_own")}
          onChange={(agency) => set({ agency })}
        />
      )}
      <TextField
        label={t("ui.site.address")}
        wide
        required={false}
        max={200}
        value={v.address}
        onChange={(address) => set({ address })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={v.key_site}
          onChange={(e) => set({ key_site: e.currentTarget.checked })}
        />
        <span>{t("ui.site.key_label")}</span>
      </label>
      <TextField
        label={t("ui.site.decision")}
        help={t("ui.site.decision_help")}
        wide
        required={false}
        max={200}
        value={v.decision}
        onChange={(decision) => set({ decision })}
      />
    </FormDialog>
  );
}

const columns = (): Column<Site>[] => [
  {
    key: "code",
    title: t("ui.site.code"),
    width: "6rem",
    cell: (s) => <span class="num">{s.code}</span>,
    text: (s) => s.code,
  },
  {
    key: "name",
    title: t("ui.site.name"),
    cell: (s) => (
      <>
        <a href={`/sites/${s.id}`}>{s.name}</a>
        {s.key_site && <Chip>{t("ui.site.key")}</Chip>}
      </>
    ),
    text: (s) => s.name,
  },
  {
    key: "kind",
    title: t("ui.site.kind_label"),
    width: "13rem",
    narrow: true,
    cell: (s) => word("ui.site.kind", s.kind),
    text: (s) => word("ui.site.kind", s.kind),
  },
  {
    key: "agency",
    title: t("ui.site.agency"),
    width: "16rem",
    mid: true,
    cell: (s) => s.agency_name ?? "–",
    text: (s) => s.agency_name,
  },
  {
    key: "address",
    title: t("ui.site.address"),
    narrow: true,
    cell: (s) => s.address ?? "–",
    text: (s) => s.address,
  },
  {
    key: "plan",
    title: t("ui.desk.where"),
    width: "10.5rem",
    narrow: true,
    cell: (s) => <a href={`/?site=${s.id}`}>{t("ui.site.on_desk")}</a>,
  },
];

export function SitesPage() {
  const kind = place.value.query.get("kind") ?? "";
  const load = need("sites").value;
  const [adding, setAdding] = useState(false);
  const list = rows("sites")
    .filter((s) => !kind || s.kind === kind)
    .sort((a, b) => a.name.localeCompare(b.name, "vi"));
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.sites")}>
        {may("sites.edit") && (
          <Button kind="primary" onClick={() => setAdding(true)}>
            {t("ui.site.add")}
          </Button>
        )}
      </PageHead>
      <List
        name="sites"
        label={t("ui.nav.sites")}
        rows={list}
        columns={columns()}
        keyOf={(s) => s.id}
        load={load}
        total={kind ? undefined : load.total}
        onOpen={(s) => go(`/sites/${s.id}`)}
        exportName="muc-tieu"
        filters={["kind"]}
        tools={
          <Select
            label={t("ui.site.kind_label")}
            value={kind}
            none={t("ui.all_kinds")}
            onChange={(v) => setQuery({ kind: v })}
            options={siteKinds()}
          />
        }
        empty={<Empty title={t("ui.sites.none")}>{t("ui.sites.none_more")}</Empty>}
      />
      {adding && <SiteForm onClose={() => setAdding(false)} />}
    </div>
  );
}
