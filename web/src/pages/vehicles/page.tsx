// SPDX-License-Identifier: Apache-2.0
// Phương tiện, hàng hóa: what is inside and for how long it may be, who is expected, what was looked into and why, what
// goods went in and out.
import { useState } from "preact/hooks";
import type { ExpectedVehicle, GoodsMove, Presence, VehicleCheck } from "../../api/gatework.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { place, setQuery } from "../../router.ts";
import { may } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { Shape } from "../../ui/icons.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Filters, PageHead } from "../../ui/parts.tsx";
import { CancelDialog, CheckDialog, ExpectDialog, GoodsDialog, LimitDialog } from "./forms.tsx";
import { PlateBox } from "./plate.tsx";

const minute = (at: string | null | undefined) => full(at).slice(0, 16);
const text = <T,>(key: string, title: string, of: (row: T) => string | null | undefined, more: Partial<Column<T>> = {}): Column<T> => ({
  key,
  title: t(title),
  cell: (row) => of(row) || "–",
  text: (row) => of(row) ?? "",
  ...more,
});
const time = <T,>(key: string, title: string, of: (row: T) => string | null | undefined, more: Partial<Column<T>> = {}): Column<T> => ({
  ...text<T>(key, title, (row) => minute(of(row)), { width: "11rem", ...more }),
  cell: (row) => <span class="num">{minute(of(row))}</span>,
  sort: (row) => of(row) ?? "",
});
const NARROW = { narrow: true };
const MID = { mid: true, narrow: true };

const stayOf = (p: Presence) => one("vehicle-stays", p.id);
const dueText = (p: Presence): string => {
  const s = stayOf(p);
  return s ? t(s.state === "over" ? "ui.vehicle.over" : "ui.vehicle.until", { time: minute(s.due_at) }) : "–";
};

const insideColumns = (): Column<Presence>[] => [
  text("plate", "ui.vehicle.plate", (p) => p.name, { width: "10rem" }),
  text("area", "ui.tight.where", (p) => p.area_name),
  time("since", "ui.tight.since", (p) => p.since, NARROW),
  {
    ...text<Presence>("due", "ui.vehicle.may_stay", dueText, { width: "18rem" }),
    cell: (p) => (
      <>
        {stayOf(p)?.state === "over" && <Shape of="attention" />} {dueText(p)}
      </>
    ),
  },
];
const expectedColumns = (cancel?: (x: ExpectedVehicle) => void): Column<ExpectedVehicle>[] => [
  text("plate", "ui.vehicle.plate", (x) => x.plate, { width: "10rem" }),
  time("starts", "ui.vehicle.from", (x) => x.starts),
  time("ends", "ui.vehicle.to", (x) => x.ends, NARROW),
  text("goods", "ui.vehicle.goods", (x) => x.goods, MID),
  text("host", "ui.vehicle.host", (x) => x.host, MID),
  text("driver", "ui.vehicle.driver", (x) => x.driver, MID),
  text("state", "ui.state", (x) => word("ui.vehicle.state", x.state), { width: "9rem" }),
  {
    key: "act",
    title: t("ui.vehicle.act"),
    width: "5rem",
    fixed: true,
    text: () => "",
    cell: (x) =>
      cancel && x.state === "expected" ? (
        <Button kind="quiet" onClick={() => cancel(x)}>
          {t("ui.vehicle.cancel")}
        </Button>
      ) : (
        ""
      ),
  },
];
const parts = (c: VehicleCheck): string =>
  [c.under && t("ui.vehicle.under"), c.boot && t("ui.vehicle.boot")].filter(Boolean).join(", ");
const checkColumns = (): Column<VehicleCheck>[] => [
  time("at", "ui.tight.since", (c) => c.at),
  text("plate", "ui.vehicle.plate", (c) => c.plate, { width: "10rem" }),
  text("suspicion", "ui.vehicle.suspicion", (c) => c.suspicion),
  text("parts", "ui.vehicle.looked", parts, MID),
  text("result", "ui.vehicle.result", (c) => [word("ui.vehicle.result", c.result), c.note].filter(Boolean).join(": ")),
  text("point", "ui.tight.point", (c) => c.point_name, MID),
  text("by", "ui.vehicle.by", (c) => c.by_name, MID),
];
const goodsColumns = (): Column<GoodsMove>[] => [
  time("at", "ui.tight.since", (g) => g.at),
  text("way", "ui.vehicle.way", (g) => word("ui.vehicle.way", g.way), { width: "6rem" }),
  text("what", "ui.vehicle.goods", (g) => [g.what, g.quantity].filter(Boolean).join(", ")),
  {
    ...text<GoodsMove>("paper", "ui.vehicle.paper", (g) => g.paper ?? g.why, {}),
    cell: (g) => (
      <>
        {g.advice === "ask" && <Shape of="attention" />} {g.paper ?? (g.why ? t("ui.vehicle.no_paper_why", { why: g.why }) : "–")}
      </>
    ),
  },
  text("owner", "ui.vehicle.owner", (g) => g.owner, MID),
  text("point", "ui.tight.point", (g) => g.point_name, MID),
  text("by", "ui.vehicle.by", (g) => g.by_name, MID),
];

type Form = "expect" | "check" | "goods" | "limit";
const VIEWS = ["inside", "expected", "checks", "goods"];

function Tools({ view, open }: { view: string; open: (f: Form) => void }) {
  const button = (f: Form, permission: string) =>
    may(permission) && (
      <Button kind="primary" onClick={() => open(f)}>
        {t(`ui.vehicle.add.${f}`)}
      </Button>
    );
  return view === "inside" ? (
    <>{button("limit", "gate.edit")}</>
  ) : view === "expected" ? (
    <>{button("expect", "gate.badge")}</>
  ) : (
    <>{button(view === "checks" ? "check" : "goods", "gate.pass")}</>
  );
}

function Lists({ view }: { view: string }) {
  const [cancelling, setCancelling] = useState<ExpectedVehicle | null>(null);
  const presence = need("presence", { kind: "vehicle" }).value;
  const stays = need("vehicle-stays").value;
  const load = {
    inside: [presence, stays],
    expected: need("expected-vehicles").value,
    checks: need("vehicle-checks").value,
    goods: need("goods-movements").value,
  }[view]!;
  const common = {
    name: `vehicles-${view}`,
    label: t(`ui.vehicle.view.${view}`),
    load,
    exportName: `phuong-tien-${view}`,
    empty: <Empty title={t("ui.vehicle.none")} />,
  };
  return view === "inside" ? (
    <List {...common} rows={rows("presence").filter((p) => p.kind === "vehicle")} columns={insideColumns()} keyOf={(p) => p.id} />
  ) : view === "expected" ? (
    <>
      <List
        {...common}
        rows={[...rows("expected-vehicles")].sort((a, b) => b.starts.localeCompare(a.starts))}
        columns={expectedColumns(may("gate.badge") ? setCancelling : undefined)}
        keyOf={(x) => x.id}
      />
      {cancelling && <CancelDialog x={cancelling} onClose={() => setCancelling(null)} />}
    </>
  ) : view === "checks" ? (
    <List {...common} rows={[...rows("vehicle-checks")].sort((a, b) => b.at.localeCompare(a.at))} columns={checkColumns()} keyOf={(c) => c.id} />
  ) : (
    <List {...common} rows={[...rows("goods-movements")].sort((a, b) => b.at.localeCompare(a.at))} columns={goodsColumns()} keyOf={(g) => g.id} />
  );
}

export function VehiclesPage() {
  const asked = place.value.query.get("view") ?? "inside";
  const view = VIEWS.includes(asked) ? asked : "inside";
  const [form, setForm] = useState<Form | null>(null);
  need("gate-points");
  const close = () => setForm(null);
  return (
    <div class="page">
      <PageHead title={t("ui.vehicle.title")} sub={t("ui.vehicle.title_more")}>
        <Tools view={view} open={setForm} />
      </PageHead>
      {may("gate.pass") && <PlateBox />}
      <div class="toolbar">
        <Filters
          name={t("ui.vehicle.title")}
          value={view}
          onChange={(v) => setQuery({ view: v })}
          options={VIEWS.map((v) => [v, t(`ui.vehicle.view.${v}`)])}
        />
      </div>
      <Lists key={view} view={view} />
      {form === "expect" && <ExpectDialog onClose={close} />}
      {form === "check" && <CheckDialog onClose={close} />}
      {form === "goods" && <GoodsDialog onClose={close} />}
      {form === "limit" && <LimitDialog onClose={close} />}
    </div>
  );
}
