// SPDX-License-Identifier: Apache-2.0
// The lists of an area: who may make the pair of a two-person area (one of each list), who must be first in. A line that
// was taken off is gone from the table, and the stream tells of no row that is gone: the list is asked for again.
import { useEffect, useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { GateArea, GateListed } from "../../api/gate.ts";
import type { Found } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { may } from "../../store/session.ts";
import { need, one, retry, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Choices, Empty, Field, Select } from "../../ui/parts.tsx";
import { found } from "./online.ts";

const LISTS = ["a", "b", "first"];
const listName = (l: string): string => word("ui.pass.list", l);

// Somebody of the site, by a part of his name.
export function HolderPick(p: {
  site: string;
  but?: string;
  legend: string;
  value: string;
  onChange: (holder: string) => void;
}) {
  const [name, setName] = useState("");
  const [list, setList] = useState<Found[]>([]);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (name.trim()) {
        void found(name, p.site).then((all) => setList(all.filter((f) => f.holder !== p.but)));
      }
    }, 250);
    return () => clearTimeout(timer);
  }, [name, p.site]);
  return (
    <>
      <TextField label={t("ui.pass.resolve_find")} max={64} wide plain value={name} onChange={setName} />
      {list.length > 0 && (
        <Choices
          name="holder"
          legend={p.legend}
          value={p.value}
          onChange={p.onChange}
          options={list.map((f) => [f.holder, [f.title, f.sub].filter(Boolean).join(" · ")])}
        />
      )}
    </>
  );
}

function AddForm({ areas, onClose }: { areas: GateArea[]; onClose: () => void }) {
  const [v, setV] = useState({ area: areas.length === 1 ? areas[0]!.id : "", list: "a", holder: "" });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const site = areas.find((a) => a.id === v.area)?.site ?? "";
  return (
    <FormDialog
      title={t("ui.pass.list_add")}
      submit={t("ui.action.add")}
      disabled={!v.area || !v.holder}
      onSubmit={async () => {
        await post(`/gate-areas/${v.area}/lists`, { list: v.list, holder: v.holder });
        retry("gate-lists");
      }}
      onClose={onClose}
    >
      <Field label={t("ui.pass.area")}>
        <Select
          value={v.area}
          required
          none={t("ui.choose")}
          onChange={(area) => set({ area, holder: "" })}
          options={areas.map((a) => [a.id, a.parent_name ? `${a.parent_name} · ${a.name}` : a.name])}
        />
      </Field>
      <Field label={t("ui.pass.list_title")} help={t("ui.pass.list_help")}>
        <Select value={v.list} onChange={(list) => set({ list })} options={LISTS.map((l) => [l, listName(l)])} />
      </Field>
      {site && (
        <HolderPick site={site} legend={t("ui.pass.list_who")} value={v.holder} onChange={(holder) => set({ holder })} />
      )}
    </FormDialog>
  );
}

function RemoveForm({ l, onClose }: { l: GateListed; onClose: () => void }) {
  return (
    <FormDialog
      title={t("ui.pass.list_remove")}
      submit={t("ui.pass.list_remove")}
      onSubmit={async () => {
        await post(`/gate-lists/${l.id}/remove`);
        retry("gate-lists");
      }}
      onClose={onClose}
    >
      <p class="wide">
        {t("ui.pass.list_remove_more", { name: l.name ?? "–", list: listName(l.list), area: l.area_name })}
      </p>
    </FormDialog>
  );
}

const columns = (): Column<GateListed>[] => [
  { key: "name", title: t("ui.pass.full_name"), cell: (l) => l.name ?? "–", text: (l) => l.name },
  { key: "area", title: t("ui.pass.area"), width: "14rem", text: (l) => l.area_name },
  {
    key: "list",
    title: t("ui.pass.list_title"),
    width: "18rem",
    narrow: true,
    text: (l) => listName(l.list),
  },
];

export function AreaLists({ areas }: { areas: GateArea[] }) {
  const load = need("gate-lists").value;
  const [open, setOpen] = useState<GateListed | "add" | null>(null);
  const edit = may("gate.edit");
  const close = () => setOpen(null);
  return (
    <>
      <List
        name="gate-lists"
        label={t("ui.pass.lists")}
        rows={rows("gate-lists").filter((l) => areas.some((a) => a.id === l.area))}
        columns={columns()}
        keyOf={(l) => l.id}
        load={load}
        onOpen={edit ? setOpen : undefined}
        download="gate-lists"
        tools={edit && areas.length > 0 && <Button onClick={() => setOpen("add")}>{t("ui.pass.list_add")}</Button>}
        empty={<Empty title={t("ui.pass.lists_none")}>{t("ui.pass.lists_none_more")}</Empty>}
      />
      {open === "add" && <AddForm areas={areas} onClose={close} />}
      {open && open !== "add" && one("gate-lists", open.id) && <RemoveForm l={open} onClose={close} />}
    </>
  );
}
