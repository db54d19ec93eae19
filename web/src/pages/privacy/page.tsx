// SPDX-License-Identifier: Apache-2.0
// Dữ liệu cá nhân: first what has to be done and by when, soonest first; then the registers, each on a view of its own.
import { useState } from "preact/hooks";
import type { ComponentChild } from "preact";
import { t } from "../../lib/i18n.ts";
import { place, setQuery } from "../../router.ts";
import { need, rows } from "../../store/store.ts";
import { Button, Empty, Filters, Loaded, PageHead } from "../../ui/parts.tsx";
import { BreachForm, BreachItem } from "./breaches.tsx";
import { mayReadLookups } from "./lookups.tsx";
import { mayEdit } from "./parts.tsx";
import { isToAssess, ProcessingForm, ProcessingItem } from "./processing.tsx";
import { REGISTERS } from "./register.ts";
import { RequestForm, RequestItem } from "./requests.tsx";
import { Notices } from "./notices.tsx";
import { Retention } from "./retention.tsx";

type Form = "request" | "breach" | "processing";

const openRequests = () => rows("subject-requests").filter((r) => r.state === "open");
const openBreaches = () => rows("breaches").filter((b) => b.state !== "closed");
const toAssess = () => rows("processing-activities").filter(isToAssess);

const needAll = () => [
  need("subject-requests").value,
  need("breaches").value,
  need("breach-notices").value,
  need("processing-activities").value,
  need("retention-classes").value,
];

// The time by which something has to be done about it; what was told and is not closed waits without one.
function duties(): { due: string; item: ComponentChild }[] {
  return [
    ...openRequests().map((r) => ({
      due: [r.acknowledged_at ? null : r.ack_due, r.due].filter(Boolean).sort()[0] ?? "9999",
      item: <RequestItem key={r.id} r={r} />,
    })),
    ...openBreaches().map((b) => ({
      due: b.state === "open" ? (b.due ?? "9999") : "9999",
      item: <BreachItem key={b.id} b={b} />,
    })),
    ...toAssess().map((p) => ({ due: p.due ?? "9999", item: <ProcessingItem key={p.id} p={p} /> })),
  ].sort((a, b) => a.due.localeCompare(b.due));
}

function Duties() {
  const list = duties();
  return list.length === 0 ? (
    <Empty title={t("ui.privacy.nothing")}>{t("ui.privacy.nothing_more")}</Empty>
  ) : (
    <ul class="privacy-rows">{list.map((d) => d.item)}</ul>
  );
}

function All({ view }: { view: string }) {
  const items =
    view === "requests"
      ? rows("subject-requests")
          .slice()
          .sort((a, b) => b.received_at.localeCompare(a.received_at))
          .map((r) => <RequestItem key={r.id} r={r} />)
      : view === "breaches"
        ? rows("breaches")
            .slice()
            .sort((a, b) => b.found_at.localeCompare(a.found_at))
            .map((b) => <BreachItem key={b.id} b={b} />)
        : rows("processing-activities")
            .slice()
            .sort((a, b) => a.state.localeCompare(b.state) || a.name.localeCompare(b.name, "vi"))
            .map((p) => <ProcessingItem key={p.id} p={p} />);
  return items.length === 0 ? (
    <Empty title={t("ui.privacy.none")} />
  ) : (
    <ul class="privacy-rows">{items}</ul>
  );
}

function Tools({ view, open }: { view: string; open: (f: Form) => void }) {
  if (!mayEdit() || view === "retention" || view === "notices") {
    return null;
  }
  return view === "processing" ? (
    <Button kind="primary" onClick={() => open("processing")}>
      {t("ui.privacy.processing_add")}
    </Button>
  ) : (
    <>
      {view !== "requests" && (
        <Button kind={view === "breaches" ? "primary" : undefined} onClick={() => open("breach")}>
          {t("ui.privacy.breach_add")}
        </Button>
      )}
      {view !== "breaches" && (
        <Button kind="primary" onClick={() => open("request")}>
          {t("ui.privacy.request_add")}
        </Button>
      )}
    </>
  );
}

export function PrivacyPage() {
  const load = needAll();
  const view = place.value.query.get("view") ?? "";
  const [form, setForm] = useState<Form | null>(null);
  const close = () => setForm(null);
  return (
    <div class="page privacy">
      <PageHead title={t("ui.nav.privacy")} sub={t("ui.privacy.title_more")}>
        {mayReadLookups() && (
          <a class="button" href="/people?view=lookups">
            {t("ui.look.register")}
          </a>
        )}
        {REGISTERS[view] && <Button onClick={REGISTERS[view]}>{t("ui.register.print")}</Button>}
        <Tools view={view} open={setForm} />
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.privacy.views")}
          value={view}
          onChange={(v) => setQuery({ view: v || null })}
          options={[
            ["", t("ui.privacy.view_due"), duties().length],
            ["requests", t("ui.privacy.view_requests")],
            ["breaches", t("ui.privacy.view_breaches")],
            ["processing", t("ui.privacy.view_processing")],
            ["retention", t("ui.privacy.view_retention")],
            ["notices", t("ui.privacy.view_notices")],
          ]}
        />
      </div>
      {view === "retention" ? (
        <Retention />
      ) : view === "notices" ? (
        <Notices />
      ) : (
        <Loaded load={load} lines={6}>
          {() => (view ? <All view={view} /> : <Duties />)}
        </Loaded>
      )}
      {form === "request" && <RequestForm onClose={close} />}
      {form === "breach" && <BreachForm onClose={close} />}
      {form === "processing" && <ProcessingForm onClose={close} />}
    </div>
  );
}
