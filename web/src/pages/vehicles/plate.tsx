// SPDX-License-Identifier: Apache-2.0
// Whose plate: typed, or what the camera of the point has just read. One that was perhaps misread is shown as "maybe":
// the guard asks.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { PlateLook } from "../../api/gatework.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { rows } from "../../store/store.ts";
import { useCommand } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button, Field, Select } from "../../ui/parts.tsx";

export const vehiclePoints = (): [string, string][] =>
  rows("gate-points")
    .filter((p) => p.state === "active" && p.lane !== "person")
    .map((p) => [p.id, p.name]);

function Answer({ a }: { a: PlateLook }) {
  return (
    <div role="status">
      <p>
        <Shape of={a.say === "green" ? "normal" : "attention"} /> <b>{t(`ui.vehicle.say.${a.why}`)}</b> ·{" "}
        <span class="num">{a.plate}</span>
        {a.read_at && <span class="dim"> · {t("ui.vehicle.read_at", { time: full(a.read_at) })}</span>}
      </p>
      <ul class="plate-found">
        {a.candidates.map((c) => (
          <li key={c.holder + c.expected}>
            <b class="num">{c.plate}</b> · {word("ui.vehicle.match", c.match)}
            {c.class && ` · ${c.class}`}
            {c.expected && ` · ${t("ui.vehicle.is_expected", { from: full(c.starts).slice(0, 16), to: full(c.until).slice(0, 16) })}`}
            {c.goods && ` · ${c.goods}`}
            {c.inside && ` · ${t("ui.vehicle.is_inside")}`}
          </li>
        ))}
      </ul>
    </div>
  );
}

export function PlateBox() {
  const points = vehiclePoints();
  const [v, setV] = useState({ point: "", plate: "" });
  const [found, setFound] = useState<PlateLook | null>(null);
  const [state, run] = useCommand();
  const point = v.point || points[0]?.[0] || "";
  if (!point) {
    return null;
  }
  return (
    <section class="plate-box" aria-label={t("ui.vehicle.look")}>
      <form
        class="plate-form"
        onSubmit={(e) => {
          e.preventDefault();
          const plate = v.plate.trim();
          void run(async () => {
            setFound(null);
            setFound(await post<PlateLook>(`/gate-points/${point}/plate`, plate ? { plate } : {}));
          });
        }}
      >
        <Field label={t("ui.tight.point")}>
          <Select value={point} onChange={(p) => setV({ ...v, point: p })} options={points} />
        </Field>
        <Field label={t("ui.vehicle.plate")} help={t("ui.vehicle.plate_help")}>
          <input
            type="text"
            autocomplete="off"
            autocapitalize="characters"
            maxLength={24}
            value={v.plate}
            onInput={(e) => setV({ ...v, plate: e.currentTarget.value })}
          />
        </Field>
        <Button kind="primary" type="submit" busy={state.busy}>
          {t("ui.vehicle.look")}
        </Button>
      </form>
      {state.error && (
        <p class="error" role="alert">
          {state.error}
        </p>
      )}
      {found && <Answer a={found} />}
    </section>
  );
}
