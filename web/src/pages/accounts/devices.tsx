// SPDX-License-Identifier: Apache-2.0
// Accounts of devices: a gate or a phone that acts by itself, at one site, with a key of its own. The code that binds one
// is shown once, to be said, typed or pointed a camera at.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { DeviceAccount, DeviceCode } from "../../api/accounts.ts";
import { post } from "../../api/client.ts";
import { t, word } from "../../lib/i18n.ts";
import { date, full } from "../../lib/time.ts";
import { now } from "../../store/session.ts";
import { need, retry, rows } from "../../store/store.ts";
import { Dialog, Form, FormDialog } from "../../ui/dialog.tsx";
import { AgencyField, SiteField, TextField } from "../../ui/fields.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Field, Select } from "../../ui/parts.tsx";
import { Qr } from "../../ui/qr.tsx";
import { attempt } from "../../ui/toast.tsx";
import { minuteOf, siteName } from "./words.ts";

const DAYS_MAX = 400;
const KINDS = ["gate", "phone"];

function Code({ code, onClose }: { code: DeviceCode; onClose: () => void }) {
  return (
    <Dialog title={t("ui.machine.code")} onClose={onClose}>
      <p>{t("ui.machine.code_more", { time: minuteOf(code.code_until) })}</p>
      <div class="factor-seed">
        <Qr rows={code.qr} label={t("ui.machine.qr")} />
        <div>
          <p class="dim">{t("ui.machine.by_hand", { address: `${location.origin}/thiet-bi` })}</p>
          <code class="seed said">{code.code}</code>
        </div>
      </div>
      <div class="buttons">
        <Button kind="primary" onClick={onClose}>
          {t("ui.action.close_dialog")}
        </Button>
      </div>
    </Dialog>
  );
}

function Days({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  return (
    <Field label={t("ui.token.days")}>
      <input
        type="number"
        required
        min={1}
        max={DAYS_MAX}
        value={value}
        onInput={(e) => onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export function AddDevice({ onClose }: { onClose: () => void }) {
  const [v, setV] = useState({ kind: "gate", name: "", site: "", agency: "", days: "365" });
  const [code, setCode] = useState<DeviceCode | null>(null);
  const submit = async () => {
    const made = await post<DeviceCode>("/device-accounts", {
      kind: v.kind,
      name: v.name,
      site: v.site,
      agency: v.agency || undefined,
      days: Number(v.days),
      origin: location.origin,
    });
    retry("device-accounts");
    setCode(made);
  };
  if (code) {
    return <Code code={code} onClose={onClose} />;
  }
  return (
    <Dialog title={t("ui.machine.add")} onClose={onClose}>
      <Form submit={t("ui.machine.add")} onSubmit={submit} onCancel={onClose}>
        <p class="wide dim">{t("ui.machine.add_more")}</p>
        <Field label={t("ui.machine.kind")}>
          <Select
            value={v.kind}
            required
            options={KINDS.map((k) => [k, word("ui.machine.kind", k)])}
            onChange={(kind) => setV({ ...v, kind })}
          />
        </Field>
        <TextField
          label={t("ui.name")}
          help={t("ui.machine.name_help")}
          max={60}
          value={v.name}
          onChange={(name) => setV({ ...v, name })}
        />
        <SiteField required value={v.site} onChange={(site) => setV({ ...v, site })} />
        <AgencyField
          value={v.agency}
          none={t("ui.token.own_agency")}
          onChange={(agency) => setV({ ...v, agency })}
        />
        <Days value={v.days} onChange={(days) => setV({ ...v, days })} />
      </Form>
    </Dialog>
  );
}

// Another code, or another end.
function NewCode({ of, onClose }: { of: DeviceAccount; onClose: () => void }) {
  const [code, setCode] = useState<DeviceCode | null>(null);
  const submit = async () =>
    setCode(await post<DeviceCode>(`/device-accounts/${of.id}/code`, { origin: location.origin }));
  return code ? (
    <Code code={code} onClose={onClose} />
  ) : (
    <Dialog title={t("ui.machine.new_code")} onClose={onClose}>
      <Form submit={t("ui.machine.new_code")} onSubmit={submit} onCancel={onClose}>
        <p class="wide">{t(of.fingerprint ? "ui.machine.rebind_more" : "ui.machine.bind_more", { name: of.name })}</p>
      </Form>
    </Dialog>
  );
}

function Renew({ of, onClose }: { of: DeviceAccount; onClose: () => void }) {
  const [days, setDays] = useState("365");
  const submit = () => post(`/device-accounts/${of.id}/renew`, { days: Number(days) });
  return (
    <FormDialog title={t("ui.machine.renew")} submit={t("ui.machine.renew")} onSubmit={submit} onClose={onClose}>
      <p class="wide">{t("ui.machine.renew_more", { name: of.name })}</p>
      <Days value={days} onChange={setDays} />
    </FormDialog>
  );
}

const stateOf = (x: DeviceAccount): string =>
  x.state === "active" && Date.parse(x.expires) <= now.peek()
    ? "expired"
    : x.state === "active" && !x.fingerprint
      ? "waiting"
      : x.state;

type Open = { what: "code" | "renew"; of: DeviceAccount } | null;

const columns = (open: (o: Open) => void): Column<DeviceAccount>[] => [
  { key: "name", title: t("ui.name"), text: (x) => x.name },
  {
    key: "kind",
    title: t("ui.machine.kind"),
    width: "8.5rem",
    narrow: true,
    text: (x) => word("ui.machine.kind", x.kind),
  },
  {
    key: "site",
    title: t("ui.board.site"),
    width: "10rem",
    narrow: true,
    text: (x) => siteName(x.site),
  },
  {
    key: "print",
    title: t("ui.machine.print"),
    width: "16rem",
    narrow: true,
    cell: (x) => x.fingerprint && <span class="num">{x.fingerprint}</span>,
    text: (x) => x.fingerprint,
  },
  {
    key: "seen",
    title: t("ui.machine.seen"),
    width: "11rem",
    narrow: true,
    cell: (x) => x.last_seen && minuteOf(x.last_seen),
    text: (x) => full(x.last_seen),
    sort: (x) => x.last_seen,
  },
  {
    key: "expires",
    title: t("ui.token.expires"),
    width: "9rem",
    narrow: true,
    cell: (x) => date(x.expires),
    text: (x) => full(x.expires),
    sort: (x) => x.expires,
  },
  {
    key: "state",
    title: t("ui.state"),
    width: "11rem",
    text: (x) => word("ui.machine.state", stateOf(x)),
  },
  {
    key: "do",
    fixed: true,
    title: t("ui.waiting.do"),
    width: "20.5rem",
    cell: (x) =>
      x.state === "active" && (
        <span class="row">
          <Button kind="plain" onClick={() => open({ what: "code", of: x })}>
            {t("ui.machine.new_code")}
          </Button>
          <Button kind="plain" onClick={() => open({ what: "renew", of: x })}>
            {t("ui.machine.renew")}
          </Button>
          <Button
            kind="plain"
            onClick={() =>
              void attempt(() => post(`/device-accounts/${x.id}/revoke`), t("ui.machine.revoked", { name: x.name }))
            }
          >
            {t("ui.token.revoke")}
          </Button>
        </span>
      ),
  },
];

export function Devices({ tools }: { tools: ComponentChildren }) {
  const [open, setOpen] = useState<Open>(null);
  const load = need("device-accounts").value;
  const list = rows("device-accounts")
    .slice()
    .sort(
      (a, b) =>
        Number(a.state !== "active") - Number(b.state !== "active") || b.made_at.localeCompare(a.made_at),
    );
  const close = () => setOpen(null);
  return (
    <>
      <List
        name="device-accounts"
        label={t("ui.machines")}
        rows={list}
        columns={columns(setOpen)}
        keyOf={(x) => x.id}
        load={load}
        download="device-accounts"
        filters={["view"]}
        tools={tools}
        empty={<Empty title={t("ui.machines.none")}>{t("ui.machines.none_more")}</Empty>}
      />
      {open?.what === "code" && <NewCode of={open.of} onClose={close} />}
      {open?.what === "renew" && <Renew of={open.of} onClose={close} />}
    </>
  );
}
