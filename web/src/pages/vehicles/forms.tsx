// SPDX-License-Identifier: Apache-2.0
// What is entered about vehicles and goods. A look under a vehicle or into its boot asks for the suspicion first.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { ExpectedVehicle } from "../../api/gatework.ts";
import { t, word } from "../../lib/i18n.ts";
import { need, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { Choices, Field, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { vehiclePoints } from "./plate.tsx";

interface Props {
  onClose: () => void;
}
const given = <T extends object>(v: T) =>
  Object.fromEntries(Object.entries(v).filter(([, x]) => x !== "" && x !== false));

const PointField = (p: { value: string; onChange: (v: string) => void; all?: boolean }) => (
  <Field label={t("ui.tight.point")}>
    <Select
      value={p.value}
      required
      none={t("ui.choose")}
      onChange={p.onChange}
      options={p.all ? rows("gate-points").filter((x) => x.state === "active").map((x) => [x.id, x.name]) : vehiclePoints()}
    />
  </Field>
);

// Of those that are inside.
function VehicleField(p: { value: string; onChange: (v: string) => void }) {
  need("presence", { kind: "vehicle" });
  return (
    <Field label={t("ui.vehicle.one")}>
      <Select
        value={p.value}
        none={t("ui.vehicle.on_foot")}
        onChange={p.onChange}
        options={rows("presence").filter((x) => x.kind === "vehicle").map((x) => [x.id, x.name ?? "–"])}
      />
    </Field>
  );
}

export function ExpectDialog({ onClose }: Props) {
  const [v, setV] = useState({ site: "", plate: "", starts: "", ends: "", goods: "", host: "", driver: "" });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  return (
    <FormDialog
      title={t("ui.vehicle.add.expect")}
      submit={t("ui.action.save")}
      disabled={!v.site || !v.plate.trim() || !typedTime(v.starts) || !typedTime(v.ends)}
      onSubmit={() =>
        post("/expected-vehicles", { ...given(v), starts: typedTime(v.starts), ends: typedTime(v.ends) })
      }
      onClose={onClose}
    >
      <SiteField value={v.site} required onChange={(site) => set({ site })} />
      <TextField plain max={24} label={t("ui.vehicle.plate")} value={v.plate} onChange={(plate) => set({ plate })} />
      <TimeField label={t("ui.vehicle.from")} required value={v.starts} onChange={(starts) => set({ starts })} />
      <TimeField label={t("ui.vehicle.to")} required value={v.ends} onChange={(ends) => set({ ends })} />
      <TextField required={false} max={200} label={t("ui.vehicle.goods")} value={v.goods} onChange={(goods) => set({ goods })} />
      <TextField required={false} max={120} label={t("ui.vehicle.host")} value={v.host} onChange={(host) => set({ host })} />
      <TextField required={false} max={80} label={t("ui.vehicle.driver")} value={v.driver} onChange={(driver) => set({ driver })} />
    </FormDialog>
  );
}

export function CancelDialog({ x, onClose }: Props & { x: ExpectedVehicle }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.vehicle.cancel_long", { plate: x.plate ?? "–" })}
      submit={t("ui.vehicle.cancel")}
      disabled={!reason.trim()}
      onSubmit={() => post(`/expected-vehicles/${x.id}/cancel`, { reason })}
      onClose={onClose}
    >
      <TextField wide max={200} label={t("ui.reason")} value={reason} onChange={setReason} />
    </FormDialog>
  );
}

// at: of a vehicle that stands at a point now. Any plate will do: one that is turned away at the barrier is looked into too.
export function CheckDialog({ at, onClose }: Props & { at?: { point: string; holder?: string; plate: string } }) {
  need("gate-points");
  need("presence", { kind: "vehicle" });
  const [v, setV] = useState({ point: at?.point ?? "", plate: at?.plate ?? "", suspicion: "", under: false, boot: false, result: "", note: "" });
  const known = at?.holder && v.plate === at.plate;
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const tick = (key: "under" | "boot") => (
    <label class="row">
      <input type="checkbox" checked={v[key]} onChange={(e) => set({ [key]: e.currentTarget.checked })} />
      <span>{t(`ui.vehicle.${key}`)}</span>
    </label>
  );
  return (
    <FormDialog
      title={t("ui.vehicle.add.check")}
      submit={t("ui.action.save")}
      disabled={!v.point || !v.plate.trim() || !v.suspicion.trim() || (!v.under && !v.boot) || !v.result}
      onSubmit={() => post("/vehicle-checks", given(known ? { ...v, plate: "", holder: at.holder } : v))}
      onClose={onClose}
    >
      <TextField
        wide
        max={300}
        label={t("ui.vehicle.suspicion")}
        help={t("ui.vehicle.suspicion_help")}
        value={v.suspicion}
        onChange={(suspicion) => set({ suspicion })}
      />
      <PointField value={v.point} onChange={(point) => set({ point })} />
      <Field label={t("ui.vehicle.plate")} help={t("ui.vehicle.any_plate")}>
        <input
          type="text"
          required
          maxLength={24}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          list="vehicles-inside"
          value={v.plate}
          onInput={(e) => set({ plate: e.currentTarget.value })}
        />
        <datalist id="vehicles-inside">
          {rows("presence")
            .filter((x) => x.kind === "vehicle" && x.name)
            .map((x) => (
              <option key={x.id} value={x.name!} />
            ))}
        </datalist>
      </Field>
      {tick("under")}
      {tick("boot")}
      <div class="wide">
        <Choices
          name="result"
          legend={t("ui.vehicle.result")}
          value={v.result}
          onChange={(result) => set({ result })}
          options={["clear", "found"].map((r) => [r, word("ui.vehicle.result", r)])}
        />
      </div>
      <TextField wide required={false} max={300} label={t("ui.tight.note")} value={v.note} onChange={(note) => set({ note })} />
    </FormDialog>
  );
}

export function GoodsDialog({ onClose }: Props) {
  const [v, setV] = useState({ point: "", way: "out", what: "", quantity: "", paper: "", owner: "", holder: "", why: "" });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  const bare = v.way === "out" && !v.paper.trim();
  return (
    <FormDialog
      title={t("ui.vehicle.add.goods")}
      submit={t("ui.action.save")}
      disabled={!v.point || !v.what.trim() || (bare && !v.why.trim())}
      onSubmit={() => post("/goods-movements", given(v))}
      onClose={onClose}
    >
      <div class="wide">
        <Choices
          name="way"
          legend={t("ui.vehicle.way")}
          value={v.way}
          onChange={(way) => set({ way })}
          options={["in", "out"].map((w) => [w, word("ui.vehicle.way", w)])}
        />
      </div>
      <PointField all value={v.point} onChange={(point) => set({ point })} />
      <VehicleField value={v.holder} onChange={(holder) => set({ holder })} />
      <TextField max={200} label={t("ui.vehicle.goods")} value={v.what} onChange={(what) => set({ what })} />
      <TextField required={false} max={60} label={t("ui.vehicle.quantity")} value={v.quantity} onChange={(quantity) => set({ quantity })} />
      <TextField required={false} max={60} label={t("ui.vehicle.paper")} value={v.paper} onChange={(paper) => set({ paper })} />
      <TextField required={false} max={120} label={t("ui.vehicle.owner")} value={v.owner} onChange={(owner) => set({ owner })} />
      {bare && <TextField wide max={300} label={t("ui.vehicle.why_out")} value={v.why} onChange={(why) => set({ why })} />}
    </FormDialog>
  );
}

export function LimitDialog({ onClose }: Props) {
  const [v, setV] = useState({ site: "", class: "", max_min: "" });
  const set = (change: Partial<typeof v>) => setV({ ...v, ...change });
  need("vehicle-limits");
  const lines = rows("vehicle-limits").filter((l) => l.site === v.site && l.max_min > 0);
  return (
    <FormDialog
      title={t("ui.vehicle.add.limit")}
      submit={t("ui.action.save")}
      disabled={!v.site || v.max_min === ""}
      onSubmit={() => post("/vehicle-limits", { ...given(v), max_min: Number(v.max_min) })}
      onClose={onClose}
    >
      <SiteField value={v.site} required onChange={(site) => set({ site })} />
      <TextField required={false} max={40} label={t("ui.vehicle.class")} help={t("ui.vehicle.class_help")} value={v.class} onChange={(x) => set({ class: x })} />
      <Field label={t("ui.vehicle.max_min")} help={t("ui.vehicle.max_min_help")}>
        <input type="number" min={0} max={100000} step={1} inputMode="numeric" required value={v.max_min} onInput={(e) => set({ max_min: e.currentTarget.value })} />
      </Field>
      {lines.length > 0 && (
        <p class="wide dim">
          {lines.map((l) => t("ui.vehicle.limit_line", { class: l.class || t("ui.vehicle.any_class"), n: l.max_min })).join(" · ")}
        </p>
      )}
    </FormDialog>
  );
}
