// SPDX-License-Identifier: Apache-2.0
// Mục tiêu: the list of guarded sites, and the form that adds one.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Site } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { go, place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { AgencyField, TextField } from "../ui/fields.tsx";
import { Button, Chip, Empty, Field, PageHead, Select } from "../ui/parts.tsx";
import { PlacePick } from "../ui/placepick.tsx";
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
const FIELDS = ["politics", "economy", "diplomacy", "science", "culture", "society"];
const GROUNDS = [
  "head_office",
  "diplomatic",
  "valuable_assets",
  "dangerous",
  "broadcast",
  "decided",
];
const ASSETS = ["money", "documents", "equipment", "reserve", "dangerous", "people", "other"];
const options = (set: string, values: string[]): [string, string][] =>
  values.map((k) => [k, word(set, k)]);
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
  place: "",
  place_name: "",
  field: "",
  ground: "",
  asset_class: "",
  part_of: "",
  host_unit: "",
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
          place: site.place ?? "",
          place_name: site.place_name ?? "",
          field: site.field ?? "",
          ground: site.ground ?? "",
          asset_class: site.asset_class ?? "",
          part_of: site.part_of ?? "",
          host_unit: site.host_unit ?? "",
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
      place: v.place || undefined,
      field: v.field || undefined,
      ground: v.ground || undefined,
      asset_class: v.asset_class || undefined,
      part_of: v.part_of || undefined,
      host_unit: v.host_unit || undefined,
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
      <PlacePick
        value={v.place}
        shown={v.place_name}
        onChange={(id, name) => set({ place: id, place_name: name })}
      />
      <TextField
        label={t("ui.site.host_unit")}
        help={t("ui.site.host_unit_help")}
        required={false}
        max={200}
        value={v.host_unit}
        onChange={(host_unit) => set({ host_unit })}
      />
      <Field label={t("ui.site.part_of")}>
        <Select
          value={v.part_of}
          none={t("ui.site.part_of_none")}
          onChange={(part_of) => set({ part_of })}
          options={rows("sites")
            .filter((s) => s.id !== site?.id)
            .map((s) => [s.id, s.name])}
        />
      </Field>
      <div>
        <Field label={t("ui.site.field")}>
          <Select
            value={v.field}
            none={t("ui.choose")}
            onChange={(field) => set({ field })}
            options={options("ui.site.field", FIELDS)}
          />
        </Field>
        <Basis of="sites.site_add.field" />
      </div>
      <div>
        <Field label={t("ui.site.ground")}>
          <Select
            value={v.ground}
            none={t("ui.choose")}
            onChange={(ground) => set({ ground })}
            options={options("ui.site.ground", GROUNDS)}
          />
        </Field>
        <Basis of="sites.site_add.ground" />
      </div>
      <div>
        <Field label={t("ui.site.asset_class")}>
          <Select
            value={v.asset_class}
            none={t("ui.choose")}
            onChange={(asset_class) => set({ asset_class })}
            options={options("ui.site.asset", ASSETS)}
          />
        </Field>
        <Basis of={`asset.${v.asset_class}`} />
      </div>
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
    key: "ground",
    title: t("ui.site.ground"),
    width: "13rem",
    mid: true,
    text: (s) => word("ui.site.ground", s.ground),
  },
  {
    key: "place",
    title: t("ui.place.one"),
    width: "11rem",
    mid: true,
    cell: (s) => s.place_name ?? "–",
    text: (s) => s.place_name,
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
  const asked = (name: string) => place.value.query.get(name) ?? "";
  const [kind, field, ground] = [asked("kind"), asked("field"), asked("ground")];
  const load = need("sites").value;
  const [adding, setAdding] = useState(false);
  const list = rows("sites")
    .filter(
      (s) =>
        (!kind || s.kind === kind) &&
        (!field || s.field === field) &&
        (!ground || s.ground === ground),
    )
    .sort((a, b) => a.name.localeCompare(b.name, "vi"));
  return (
    <div class="page full">
      <PageHead title={t("ui.nav.sites")}>
        {may("sites.edit") && may("imports.use") && (
          <a class="button" href="/imports?target=sites">
            {t("ui.import.begin")}
          </a>
        )}
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
        total={kind || field || ground ? undefined : load.total}
        onOpen={(s) => go(`/sites/${s.id}`)}
        download="sites"
        downloadParams={kind ? { kind } : undefined}
        filters={["kind", "field", "ground"]}
        tools={
          <>
            <Select
              label={t("ui.site.kind_label")}
              value={kind}
              none={t("ui.all_kinds")}
              onChange={(v) => setQuery({ kind: v })}
              options={siteKinds()}
            />
            <Select
              label={t("ui.site.field")}
              value={field}
              none={t("ui.site.all_fields")}
              onChange={(v) => setQuery({ field: v })}
              options={options("ui.site.field", FIELDS)}
            />
            <Select
              label={t("ui.site.ground")}
              value={ground}
              none={t("ui.site.all_grounds")}
              onChange={(v) => setQuery({ ground: v })}
              options={options("ui.site.ground", GROUNDS)}
            />
          </>
        }
        empty={<Empty title={t("ui.sites.none")}>{t("ui.sites.none_more")}</Empty>}
      />
      {adding && <SiteForm onClose={() => setAdding(false)} />}
    </div>
  );
}
