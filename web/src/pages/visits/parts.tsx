// SPDX-License-Identifier: Apache-2.0
// What the pages of visits share: marks of a state, the areas of a site, a reason in words.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../../api/client.ts";
import type { Visit } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import { full, ms } from "../../lib/time.ts";
import { now } from "../../store/session.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Field, Select } from "../../ui/parts.tsx";

export const PAPERS = ["id_card", "passport", "driving", "service", "other"];
export const minute = (at: string | null): string => full(at).slice(0, 16);
export const isLate = (v: Visit): boolean =>
  v.state === "arrived" && (v.overdue_at !== null || (ms(v.ends) ?? Infinity) <= now.value);
export const stateText = (v: Visit): string =>
  isLate(v) ? t("ui.visits.state.overdue") : word("ui.visits.state", v.state);

export function State({ v }: { v: Visit }) {
  return (
    <span>
      {(isLate(v) || v.state === "planned") && <Shape of="attention" />} {stateText(v)}
    </span>
  );
}

export function Check(p: { label: string; checked: boolean; onChange: (v: boolean) => void }) {
  return (
    <label class="check wide">
      <input type="checkbox" checked={p.checked} onChange={(e) => p.onChange(e.currentTarget.checked)} />
      <span>{p.label}</span>
    </label>
  );
}

export interface Area {
  id: string;
  name: string;
  parent: string | null;
}

// The areas of a site that somebody has to be let into: what lies behind the gate itself is open to every visit.
export function useAreas(site: string): Area[] {
  const [list, setList] = useState<Area[]>([]);
  useEffect(() => {
    let wanted = true;
    if (site) {
      get<{ items: Area[] }>(`/gate-areas?site=${site}&state=active&limit=200`)
        .then((a) => wanted && setList(a.items.filter((x) => x.parent)))
        .catch(() => wanted && setList([]));
    } else {
      setList([]);
    }
    return () => {
      wanted = false;
    };
  }, [site]);
  return list;
}

// Who somebody is, as far as he has to be told apart: a visitor, or one who is not let in.
export interface Who {
  name: string;
  born: string;
  doc_kind: string;
  doc_number: string;
}
export const NOBODY: Who = { name: "", born: "", doc_kind: "", doc_number: "" };
export const whoBody = (v: Who) => ({
  name: v.name,
  born: v.born ? Number(v.born) : undefined,
  doc_kind: v.doc_kind || undefined,
  doc_number: v.doc_number || undefined,
});

export function WhoFields(p: {
  v: Who;
  set: (c: Partial<Who>) => void;
  children?: ComponentChildren; // after the name
}) {
  return (
    <>
      <TextField label={t("ui.visits.name")} max={80} wide value={p.v.name} onChange={(name) => p.set({ name })} />
      {p.children}
      <Field label={t("ui.visits.born")}>
        <input
          type="text"
          inputMode="numeric"
          pattern="(19|20)[0-9]{2}"
          value={p.v.born}
          onInput={(e) => p.set({ born: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.visits.doc_kind")}>
        <Select
          value={p.v.doc_kind}
          none={t("ui.choose")}
          onChange={(doc_kind) => p.set({ doc_kind })}
          options={PAPERS.map((w) => [w, word("ui.visits.paper", w)])}
        />
      </Field>
      <TextField
        label={t("ui.visits.doc_number")}
        help={t("ui.visits.doc_number_help")}
        max={32}
        required={false}
        plain
        value={p.v.doc_number}
        onChange={(doc_number) => p.set({ doc_number })}
      />
    </>
  );
}

// One act that wants a reason in words.
export function WhyDialog(p: {
  title: string;
  label: string;
  path: string;
  field: string;
  body?: object;
  submit: string;
  onClose: () => void;
}) {
  const [why, setWhy] = useState("");
  return (
    <FormDialog
      title={p.title}
      submit={p.submit}
      disabled={!why.trim()}
      onSubmit={() => post(p.path, { ...p.body, [p.field]: why })}
      onClose={p.onClose}
    >
      <Field label={p.label} wide>
        <textarea
          rows={3}
          maxLength={200}
          required
          value={why}
          onInput={(e) => setWhy(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}
