// SPDX-License-Identifier: Apache-2.0
// Proposing an entry and looking at it again. There is no field for who somebody is beyond what tells him apart.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { Ban, BanPerson } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import { go } from "../../router.ts";
import { may } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { Choices, Field, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { NOBODY, whoBody, WhoFields } from "../visits/parts.tsx";

const REASONS = [
  "violence",
  "weapon",
  "intrusion",
  "theft",
  "forged_paper",
  "disorder",
  "rules",
  "recording",
  "safety",
];

function Evidence(p: {
  incident: string;
  document: string;
  onChange: (c: { incident?: string; document?: string }) => void;
}) {
  need("incidents");
  if (may("documents.read")) {
    need("documents");
  }
  return (
    <>
      <Field label={t("ui.bans.incident")} wide>
        <Select
          value={p.incident}
          none={t("ui.bans.no_incident")}
          onChange={(incident) => p.onChange({ incident })}
          options={rows("incidents").map((i) => [i.id, `${i.number} ${i.title}`])}
        />
      </Field>
      {may("documents.read") && (
        <Field label={t("ui.bans.document")} wide>
          <Select
            value={p.document}
            none={t("ui.bans.no_document")}
            onChange={(document) => p.onChange({ document })}
            options={rows("documents").map((d) => [d.id, `${d.number} ${d.subject}`])}
          />
        </Field>
      )}
    </>
  );
}

export function ProposeForm({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({
    site: "",
    reason: "",
    incident: "",
    document: "",
    ...NOBODY,
    aliases: "",
    expires: "",
    review: "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const submit = async () => {
    const { id } = await post("/bans", {
      site: v.site || undefined,
      reason: v.reason,
      incident: v.incident || undefined,
      document: v.document || undefined,
      ...whoBody(v),
      aliases: v.aliases.split("\n").map((x) => x.trim()).filter(Boolean),
      expires: typedTime(v.expires),
      review_due: typedTime(v.review),
    });
    go(`/bans/${id}`);
  };
  return (
    <FormDialog
      title={t("ui.bans.propose")}
      submit={t("ui.bans.propose")}
      disabled={!v.reason || !v.name.trim() || !typedTime(v.expires) || !(v.incident || v.document)}
      onSubmit={submit}
      onClose={onClose}
    >
      <SiteField value={v.site} none={t("ui.bans.all_sites")} onChange={(site) => set({ site })} />
      <Field label={t("ui.bans.reason_label")}>
        <Select
          value={v.reason}
          none={t("ui.choose")}
          required
          onChange={(reason) => set({ reason })}
          options={REASONS.map((r) => [r, word("bans.reason", r)])}
        />
      </Field>
      <Evidence incident={v.incident} document={v.document} onChange={set} />
      <WhoFields v={v} set={set}>
        <Field label={t("ui.bans.aliases")} help={t("ui.bans.aliases_help")} wide>
          <textarea
            rows={2}
            maxLength={600}
            value={v.aliases}
            onInput={(e) => set({ aliases: e.currentTarget.value })}
          />
        </Field>
      </WhoFields>
      <TimeField
        label={t("ui.bans.expires")}
        help={t("ui.bans.expires_help")}
        required
        value={v.expires}
        onChange={(expires) => set({ expires })}
      />
      <TimeField label={t("ui.bans.review_due")} value={v.review} onChange={(review) => set({ review })} />
    </FormDialog>
  );
}

export function ReviewForm({ b, onClose }: { b: Ban; onClose: () => void }) {
  const [v, setV] = useState({ outcome: "keep", why: "", next: "" });
  return (
    <FormDialog
      title={t("ui.bans.review")}
      submit={t("ui.action.save")}
      disabled={!v.why.trim()}
      onSubmit={() =>
        post(`/bans/${b.id}/review`, {
          outcome: v.outcome,
          why: v.why,
          next_due: v.outcome === "keep" ? typedTime(v.next) : undefined,
        })
      }
      onClose={onClose}
    >
      <Choices
        name="outcome"
        legend={t("ui.bans.outcome")}
        value={v.outcome}
        onChange={(outcome) => setV({ ...v, outcome })}
        options={[
          ["keep", t("ui.bans.keep")],
          ["end", t("ui.bans.end")],
        ]}
      />
      <Field label={t("ui.bans.why")} wide>
        <textarea
          rows={3}
          maxLength={300}
          required
          value={v.why}
          onInput={(e) => setV({ ...v, why: e.currentTarget.value })}
        />
      </Field>
      {v.outcome === "keep" && (
        <TimeField label={t("ui.bans.next_due")} value={v.next} onChange={(next) => setV({ ...v, next })} />
      )}
    </FormDialog>
  );
}

const PURPOSES = ["decide", "review", "subject", "inspection"];

// Whom the entry names, to somebody who says what for.
export function LookForm(p: { b: Ban; onSeen: (who: BanPerson) => void; onClose: () => void }) {
  const [v, setV] = useState({ purpose: p.b.state === "proposed" ? "decide" : "review", note: "" });
  const words = v.purpose !== "decide" && v.purpose !== "review";
  return (
    <FormDialog
      title={t("ui.bans.look")}
      submit={t("ui.bans.look")}
      disabled={words && !v.note.trim()}
      onSubmit={async () =>
        p.onSeen(await post<BanPerson>(`/bans/${p.b.id}/look`, { purpose: v.purpose, note: v.note || undefined }))
      }
      onClose={p.onClose}
    >
      <Field label={t("ui.bans.purpose_label")} help={t("ui.bans.look_note")} wide>
        <Select
          value={v.purpose}
          onChange={(purpose) => setV({ ...v, purpose })}
          options={PURPOSES.map((w) => [w, word("ui.bans.purpose", w)])}
        />
      </Field>
      {words && (
        <TextField label={t("ui.bans.look_why")} max={300} wide value={v.note} onChange={(note) => setV({ ...v, note })} />
      )}
    </FormDialog>
  );
}
