// SPDX-License-Identifier: Apache-2.0
// The forms of Nguồn tin: add, accept one that knocks, dismiss it, a point, disable for a reason and a time.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Source, WaitingSource } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { need, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { Field, Select, TimeField, typedTime } from "../ui/parts.tsx";
import { SIGNALS } from "./signals.ts";
import { HTTP_DEVICES } from "./source-device.tsx";

export const signalOptions = (): [string, string][] =>
  SIGNALS.map((s): [string, string] => [s, word("signal", s)]).sort((a, b) =>
    a[1].localeCompare(b[1], "vi"),
  );

const EMPTY = {
  site: "",
  name: "",
  proto: "dc09",
  address: "",
  zone: "",
  kind: "",
  deadline: "180",
  key: "",
  encrypted: false,
  peers: "",
  days: "",
  certificate: "",
  token: true,
};
type Values = typeof EMPTY;

// Of cameras and terminals that report over HTTP: whence they may, how long pictures stay, and their proof.
function DeviceFields({ v, set }: { v: Values; set: (c: Partial<Values>) => void }) {
  return (
    <>
      <Field label={t("ui.source.peers")} help={t("ui.source.peers_help")}>
        <input
          type="text"
          maxLength={119}
          autocapitalize="none"
          spellcheck={false}
          placeholder="192.168.10.0/24"
          value={v.peers}
          onInput={(e) => set({ peers: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.source.image_days")} help={t("ui.source.image_days_help")}>
        <input
          type="number"
          min={0}
          max={3650}
          value={v.days}
          onInput={(e) => set({ days: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.source.certificate")} help={t("ui.source.certificate_help")}>
        <input
          type="text"
          maxLength={95}
          autocapitalize="none"
          spellcheck={false}
          value={v.certificate}
          onInput={(e) => set({ certificate: e.currentTarget.value })}
        />
      </Field>
      <label class="check">
        <input
          type="checkbox"
          checked={v.token}
          onChange={(e) => set({ token: e.currentTarget.checked })}
        />
        <span>{t("ui.source.token")}</span>
      </label>
    </>
  );
}

// A key nobody need ever read: the device's token comes from it.
function randomKey(): string {
  const bytes = window.crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
}

function Fields({
  v,
  set,
  fixed,
}: {
  v: Values;
  set: (c: Partial<Values>) => void;
  fixed?: boolean;
}) {
  need("zones");
  return (
    <>
      <Field label={t("ui.board.site")}>
        <Select
          value={v.site}
          required
          none={t("ui.choose")}
          onChange={(site) => set({ site, zone: "" })}
          options={rows("sites").map((s) => [s.id, s.name])}
        />
      </Field>
      <Field label={t("ui.source.name")} help={t("ui.source.name_help")}>
        <input
          type="text"
          required
          maxLength={80}
          value={v.name}
          onInput={(e) => set({ name: e.currentTarget.value })}
        />
      </Field>
      {!fixed && (
        <>
          <Field label={t("ui.source.proto")}>
            <Select
              value={v.proto}
              onChange={(proto) => set({ proto, token: proto !== "zkteco" })}
              options={["dc09", "webhook", "mqtt", "csv", ...HTTP_DEVICES].map((p) => [
                p,
                word("ui.proto", p),
              ])}
            />
          </Field>
          <Field label={t("ui.source.address")} help={t(`ui.source.address_help.${v.proto}`)}>
            <input
              type="text"
              required
              maxLength={39}
              autocapitalize="none"
              spellcheck={false}
              value={v.address}
              onInput={(e) => set({ address: e.currentTarget.value })}
            />
          </Field>
        </>
      )}
      <Field label={t("ui.zone.one")} help={t("ui.source.zone_help")}>
        <Select
          value={v.zone}
          none={t("ui.none")}
          onChange={(zone) => set({ zone })}
          options={rows("zones")
            .filter((z) => z.site === v.site)
            .map((z) => [z.id, z.name])}
        />
      </Field>
      <Field label={t("ui.source.meaning")} help={t("ui.source.meaning_help")}>
        <Select
          value={v.kind}
          none={t("ui.source.meaning_code")}
          onChange={(kind) => set({ kind })}
          options={signalOptions()}
        />
      </Field>
      <Field label={t("ui.source.deadline_label")} help={t("ui.source.deadline_help")}>
        <input
          type="number"
          min={0}
          max={604800}
          value={v.deadline}
          onInput={(e) => set({ deadline: e.currentTarget.value })}
        />
      </Field>
      {HTTP_DEVICES.includes(v.proto) ? (
        <DeviceFields v={v} set={set} />
      ) : (
        <Field label={t("ui.source.key")} help={t("ui.source.key_help")}>
          <input
            type="password"
            autocomplete="off"
            value={v.key}
            onInput={(e) => set({ key: e.currentTarget.value })}
          />
        </Field>
      )}
      <label class="check">
        <input
          type="checkbox"
          checked={v.encrypted}
          onChange={(e) => set({ encrypted: e.currentTarget.checked })}
        />
        <span>
          {t(
            HTTP_DEVICES.includes(v.proto)
              ? "ui.source.token_required"
              : "ui.source.encrypted_required",
          )}
        </span>
      </label>
    </>
  );
}

const body = (v: Values) => ({
  site: v.site,
  name: v.name,
  zone: v.zone || undefined,
  kind: v.kind || undefined,
  deadline_s: v.deadline === "" ? undefined : Number(v.deadline),
  key: HTTP_DEVICES.includes(v.proto) ? (v.token ? randomKey() : undefined) : v.key || undefined,
  peers: v.peers.trim() || undefined,
  certificate: (HTTP_DEVICES.includes(v.proto) && v.certificate.trim()) || undefined,
  image_days: v.days === "" ? undefined : Number(v.days),
  encrypted_required: v.encrypted || undefined,
});

export function AddSource({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState(EMPTY);
  return (
    <FormDialog
      title={t("ui.source.add")}
      submit={t("ui.source.add")}
      onClose={onClose}
      onSubmit={() => post("/sources", { ...body(v), proto: v.proto, address: v.address.trim() })}
    >
      <Fields v={v} set={(c) => setV({ ...v, ...c })} />
    </FormDialog>
  );
}

export function AcceptWaiting({ w, onClose }: { w: WaitingSource; onClose: () => void }) {
  const [v, setV] = useState({
    ...EMPTY,
    proto: w.proto,
    address: w.address,
    token: w.proto !== "zkteco",
  });
  return (
    <FormDialog
      title={t("ui.waiting.accept_title", { address: w.address })}
      submit={t("ui.waiting.accept")}
      onClose={onClose}
      onSubmit={() => post(`/waiting-sources/${w.id}/accept`, body(v))}
    >
      <Fields v={v} set={(c) => setV({ ...v, ...c })} fixed />
    </FormDialog>
  );
}

export function DismissWaiting({ w, onClose }: { w: WaitingSource; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.waiting.dismiss_title", { address: w.address })}
      submit={t("ui.waiting.dismiss")}
      onClose={onClose}
      disabled={!reason.trim()}
      onSubmit={() => post(`/waiting-sources/${w.id}/dismiss`, { reason })}
    >
      <Field label={t("ui.reason")} wide>
        <input
          type="text"
          required
          maxLength={200}
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function AddPoint({ s, onClose }: { s: Source; onClose: () => void }) {
  need("zones");
  const [v, setV] = useState({ area: "", point: "", zone: s.zone ?? "", kind: "" });
  return (
    <FormDialog
      title={t("ui.source.point_add", { name: s.name })}
      submit={t("ui.action.add")}
      onClose={onClose}
      onSubmit={() =>
        post(`/sources/${s.id}/points`, {
          area: v.area || undefined,
          point: v.point,
          zone: v.zone,
          kind: v.kind || undefined,
        })
      }
    >
      <Field label={t("ui.source.area")} help={t("ui.source.area_help")}>
        <input
          type="text"
          maxLength={11}
          value={v.area}
          onInput={(e) => setV({ ...v, area: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.source.point")} help={t("ui.source.point_help")}>
        <input
          type="text"
          required
          maxLength={15}
          value={v.point}
          onInput={(e) => setV({ ...v, point: e.currentTarget.value })}
        />
      </Field>
      <Field label={t("ui.zone.one")}>
        <Select
          value={v.zone}
          required
          none={t("ui.choose")}
          onChange={(zone) => setV({ ...v, zone })}
          options={rows("zones")
            .filter((z) => z.site === s.site)
            .map((z) => [z.id, z.name])}
        />
      </Field>
      <Field label={t("ui.source.meaning")}>
        <Select
          value={v.kind}
          none={t("ui.source.meaning_code")}
          onChange={(kind) => setV({ ...v, kind })}
          options={signalOptions()}
        />
      </Field>
    </FormDialog>
  );
}

export function DisableSource({ s, onClose }: { s: Source; onClose: () => void }) {
  const [v, setV] = useState({ reason: "", until: "" });
  return (
    <FormDialog
      title={t("ui.source.disable_title", { name: s.name })}
      submit={t("ui.source.disable")}
      onClose={onClose}
      disabled={!v.reason.trim() || (v.until !== "" && !typedTime(v.until))}
      onSubmit={() =>
        post(`/sources/${s.id}/disable`, { reason: v.reason, until: typedTime(v.until) })
      }
    >
      <Field label={t("ui.reason")} help={t("ui.source.disable_help")} wide>
        <input
          type="text"
          required
          maxLength={200}
          value={v.reason}
          onInput={(e) => setV({ ...v, reason: e.currentTarget.value })}
        />
      </Field>
      <TimeField
        label={t("ui.until_optional")}
        value={v.until}
        onChange={(until) => setV({ ...v, until })}
      />
    </FormDialog>
  );
}
