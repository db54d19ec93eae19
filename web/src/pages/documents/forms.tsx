// SPDX-License-Identifier: Apache-2.0
// The acts on papers as dialogs: enter, put a file, send, take in, prolong, change the level.
import { useState } from "preact/hooks";
import { BASE, post, upload } from "../../api/client.ts";
import type { Paper } from "../../api/documents.ts";
import { dayText, today, typedDay } from "../../lib/day.ts";
import { t, word } from "../../lib/i18n.ts";
import { go } from "../../router.ts";
import { now } from "../../store/session.ts";
import { need, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { DayField } from "../../ui/dayfield.tsx";
import { FormDialog } from "../../ui/dialog.tsx";
import { FileField, SiteField, TextField } from "../../ui/fields.tsx";
import { Choices, Field, Select } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";
import { keepFile, levelOptions } from "./parts.tsx";

const KINDS = ["plan", "decision", "order", "report", "letter", "minutes", "other"];
const COMPARTMENTS = ["measures", "force", "means", "vulnerability", "coord", "shared"];
const WAYS = ["usb", "hand", "post"];
const options = (list: string[], of: string): [string, string][] => list.map((x) => [x, word(of, x)]);

function Reason(p: { value: string; onChange: (v: string) => void }) {
  return (
    <Field label={t("ui.reason")} wide>
      <textarea
        rows={3}
        maxLength={500}
        required
        value={p.value}
        onInput={(e) => p.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

function Compartment(p: { value: string; onChange: (v: string) => void }) {
  return (
    <Field label={t("ui.documents.compartment_label")}>
      <Select
        value={p.value}
        onChange={p.onChange}
        options={options(COMPARTMENTS, "ui.documents.compartment")}
      />
    </Field>
  );
}

export function AddForm({ onClose }: { onClose: () => void }) {
  need("sites");
  const [v, setV] = useState({
    number: "",
    dated: dayText(today(now.peek())),
    subject: "",
    kind: "plan",
    compartment: "measures",
    secrecy: "0",
    until: "",
    site: "",
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const submit = async () => {
    const made = await post("/documents", {
      number: v.number,
      dated: typedDay(v.dated),
      subject: v.subject,
      kind: v.kind,
      compartment: v.compartment,
      secrecy: Number(v.secrecy),
      until: v.until ? typedDay(v.until) : undefined,
      site: v.site || undefined,
    });
    go(`/documents/${made.id}`);
  };
  return (
    <FormDialog
      title={t("ui.documents.add")}
      submit={t("ui.action.add")}
      disabled={!typedDay(v.dated) || (!!v.until && !typedDay(v.until))}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("ui.documents.number")} max={60} value={v.number} onChange={(number) => set({ number })} />
      <DayField label={t("ui.documents.dated")} required value={v.dated} onChange={(dated) => set({ dated })} />
      <TextField
        label={t("ui.documents.subject")}
        max={500}
        wide
        value={v.subject}
        onChange={(subject) => set({ subject })}
      />
      <Field label={t("ui.documents.kind_label")}>
        <Select value={v.kind} onChange={(kind) => set({ kind })} options={options(KINDS, "ui.documents.kind")} />
      </Field>
      <Compartment value={v.compartment} onChange={(compartment) => set({ compartment })} />
      <Field label={t("ui.documents.level")}>
        <Select value={v.secrecy} onChange={(secrecy) => set({ secrecy })} options={levelOptions()} />
      </Field>
      {v.secrecy !== "0" && (
        <DayField
          label={t("ui.documents.until")}
          help={t("ui.documents.until_help")}
          value={v.until}
          onChange={(until) => set({ until })}
        />
      )}
      <SiteField value={v.site} none={t("ui.privacy.no_site")} onChange={(site) => set({ site })} />
      <Basis of="documents.add.secrecy" />
    </FormDialog>
  );
}

export function FileForm({ d, onClose }: { d: Paper; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  return (
    <FormDialog
      title={t(d.file_name ? "ui.documents.file_new" : "ui.documents.file_put")}
      submit={t("ui.action.save")}
      disabled={!file}
      onSubmit={() => upload(`/documents/${d.id}/file`, { file: file!.name }, file!)}
      onClose={onClose}
    >
      <FileField
        label={t("ui.documents.file")}
        help={t("ui.documents.file_help")}
        required
        wide
        accept=""
        onChange={(f) => setFile(f ?? null)}
      />
    </FormDialog>
  );
}

export function SendForm({ d, onClose }: { d: Paper; onClose: () => void }) {
  need("correspondents");
  const peers = rows("correspondents").filter((c) => c.state === "active");
  const [v, setV] = useState({ to: "", receiver: "", way: "usb" });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const submit = async () => {
    const made = await post(`/documents/${d.id}/send`, v);
    keepFile(`${BASE}/document-sendings/${made.id}/package`);
  };
  return (
    <FormDialog
      title={t("ui.documents.send_of", { number: d.number })}
      submit={t("ui.documents.send_do")}
      disabled={!v.to}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="wide dim">{t(peers.length ? "ui.documents.send_more" : "ui.documents.no_peer")}</p>
      <Field label={t("ui.documents.to")} wide>
        <Select
          value={v.to}
          required
          none={t("ui.choose")}
          onChange={(to) => set({ to })}
          options={peers.map((c) => [c.id, c.name])}
        />
      </Field>
      <TextField
        label={t("ui.documents.receiver")}
        max={120}
        value={v.receiver}
        onChange={(receiver) => set({ receiver })}
      />
      <Field label={t("ui.documents.way_label")}>
        <Select value={v.way} onChange={(way) => set({ way })} options={options(WAYS, "ui.documents.way")} />
      </Field>
    </FormDialog>
  );
}

export function ReceiveForm({ onClose }: { onClose: () => void }) {
  need("sites");
  const [file, setFile] = useState<File | null>(null);
  const [v, setV] = useState({ what: "paper", compartment: "measures", site: "" });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const paper = v.what === "paper";
  const submit = async () => {
    const answer = paper
      ? await upload<{ id: string; number: string }>(
          "/documents/receive",
          { compartment: v.compartment, site: v.site },
          file!,
        )
      : await upload<{ id: string; number: string }>("/documents/receipt", {}, file!);
    say(`${t("ui.documents.receive_done")}: ${answer.number}`);
    go(paper ? `/documents/${answer.id}` : "/documents?view=sent");
  };
  return (
    <FormDialog
      title={t("ui.documents.receive")}
      submit={t("ui.documents.receive_do")}
      disabled={!file}
      onSubmit={submit}
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.documents.receive_more")}</p>
      <Choices
        name="what"
        legend={t("ui.documents.receive_what")}
        value={v.what}
        onChange={(what) => set({ what })}
        options={[
          ["paper", t("ui.documents.receive_paper")],
          ["receipt", t("ui.documents.receive_receipt")],
        ]}
      />
      <FileField
        label={t("ui.documents.file")}
        required
        wide
        accept={paper ? ".vgp" : ".vgr"}
        onChange={(f) => setFile(f ?? null)}
      />
      {paper && (
        <>
          <Compartment value={v.compartment} onChange={(compartment) => set({ compartment })} />
          <SiteField value={v.site} none={t("ui.privacy.no_site")} onChange={(site) => set({ site })} />
        </>
      )}
    </FormDialog>
  );
}

export function ProlongForm({ d, onClose }: { d: Paper; onClose: () => void }) {
  const [v, setV] = useState({ until: "", reason: "" });
  return (
    <FormDialog
      title={t("ui.documents.prolong_of", { number: d.number })}
      submit={t("ui.documents.prolong")}
      disabled={!typedDay(v.until)}
      onSubmit={() => post(`/documents/${d.id}/prolong`, { until: typedDay(v.until), reason: v.reason })}
      onClose={onClose}
    >
      <DayField
        label={t("ui.documents.prolong_until")}
        required
        value={v.until}
        onChange={(until) => setV({ ...v, until })}
      />
      <Reason value={v.reason} onChange={(reason) => setV({ ...v, reason })} />
      <Basis of="documents.prolong.until" />
    </FormDialog>
  );
}

export function LevelForm({ d, onClose }: { d: Paper; onClose: () => void }) {
  const [v, setV] = useState({ secrecy: String(d.secrecy), reason: "" });
  return (
    <FormDialog
      title={t("ui.documents.level_of", { number: d.number })}
      submit={t("ui.documents.level_change")}
      disabled={v.secrecy === String(d.secrecy)}
      onSubmit={() =>
        post(`/documents/${d.id}/level`, { secrecy: Number(v.secrecy), reason: v.reason })
      }
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.documents.level_two")}</p>
      <Field label={t("ui.documents.level")} wide>
        <Select
          value={v.secrecy}
          onChange={(secrecy) => setV({ ...v, secrecy })}
          options={levelOptions()}
        />
      </Field>
      <Reason value={v.reason} onChange={(reason) => setV({ ...v, reason })} />
    </FormDialog>
  );
}
