// SPDX-License-Identifier: Apache-2.0
// One mục tiêu: its dossier (what is known and what is missing), posts, zones, gates, contacts, drawings.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api/client.ts";
import type { Site } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, needOne, one, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { Shape } from "../ui/icons.tsx";
import {
  Button,
  Chip,
  Empty,
  Facts,
  Field,
  Filters,
  Loaded,
  PageHead,
  Select,
  SourceMark,
  Time,
} from "../ui/parts.tsx";
import { ZoneActions } from "../ui/zones.tsx";
import { zoneLook } from "./desk/marks.tsx";
import { Drawings } from "./drawings.tsx";
import { NotFoundPage } from "./notfound.tsx";
import { SiteForm } from "./sites.tsx";

const ZONE_CLASSES = ["public", "controlled", "prohibited", "vault", "corridor", "perimeter"];
const GATE_KINDS = ["person", "vehicle", "both"];
type Adding = "zone" | "post" | "gate" | "contact";

function AddDialog({ what, site, onClose }: { what: Adding; site: string; onClose: () => void }) {
  const [v, setV] = useState<Record<string, string>>({
    name: "",
    class: "controlled",
    kind: "both",
    sector: "",
    orders: "",
    central: "",
    role: "",
    phone: "",
  });
  const text = (key: string, label: string, required: boolean, help?: string) => (
    <Field label={label} help={help} wide>
      <input
        type="text"
        required={required}
        maxLength={key === "phone" ? 40 : key === "name" ? 80 : 500}
        value={v[key]}
        onInput={(e) => setV({ ...v, [key]: e.currentTarget.value })}
      />
    </Field>
  );
  const body = {
    zone: { class: v.class },
    post: {
      central: v.central === "yes",
      sector: v.sector || undefined,
      orders: v.orders || undefined,
    },
    gate: { kind: v.kind },
    contact: { role: v.role, phone: v.phone || undefined },
  }[what];
  return (
    <FormDialog
      title={t(`ui.site.add_${what}`)}
      submit={t("ui.action.add")}
      onClose={onClose}
      onSubmit={() => post(`/${what}s`, { site, name: v.name, ...body })}
    >
      {text("name", t("ui.name"), true)}
      {what === "zone" && (
        <Field label={t("ui.zone.class_label")}>
          <Select
            value={v.class!}
            onChange={(x) => setV({ ...v, class: x })}
            options={ZONE_CLASSES.map((c) => [c, word("ui.zone.class", c)])}
          />
        </Field>
      )}
      {what === "gate" && (
        <Field label={t("ui.gate.kind_label")}>
          <Select
            value={v.kind!}
            onChange={(x) => setV({ ...v, kind: x })}
            options={GATE_KINDS.map((c) => [c, word("ui.gate.kind", c)])}
          />
        </Field>
      )}
      {what === "post" && (
        <>
          <label class="check">
            <input
              type="checkbox"
              checked={v.central === "yes"}
              onChange={(e) => setV({ ...v, central: e.currentTarget.checked ? "yes" : "" })}
            />
            <span>{t("ui.post.central")}</span>
          </label>
          {text("sector", t("ui.post.sector"), false, t("ui.post.sector_help"))}
          {text("orders", t("ui.post.orders"), false)}
        </>
      )}
      {what === "contact" && (
        <>
          {text("role", t("ui.contact.role"), true)}
          {text("phone", t("ui.contact.phone"), false)}
        </>
      )}
    </FormDialog>
  );
}

function Part({
  title,
  n,
  add,
  children,
  onAdd,
}: {
  title: string;
  n: number;
  add?: boolean;
  children: preact.ComponentChildren;
  onAdd?: () => void;
}) {
  return (
    <section class="part">
      <h2>
        {title} <span class="dim num">{n}</span>
        {add && may("sites.edit") && (
          <Button kind="plain" icon="plus" onClick={onAdd}>
            {t("ui.action.add")}
          </Button>
        )}
      </h2>
      {n === 0 ? <p class="dim">{t("ui.site.part_none")}</p> : children}
    </section>
  );
}

interface Dossier {
  items: { item: string; n: number }[];
  score: number;
}

function DossierBox({ site, tick }: { site: string; tick: number }) {
  const [d, setD] = useState<Dossier | null>(null);
  useEffect(() => {
    get<Dossier>(`/sites/${site}/dossier`).then(setD, () => setD(null));
  }, [site, tick]);
  const missing = d?.items.filter((i) => i.n === 0) ?? [];
  return (
    d && (
      <section class="dossier">
        <h2>
          {t("ui.dossier.title")} <span class="num">{t("ui.dossier.score", { n: d.score })}</span>
        </h2>
        {missing.length === 0 ? (
          <p>{t("ui.dossier.full")}</p>
        ) : (
          <p>
            {t("ui.dossier.missing")}{" "}
            {missing.map((i) => word("ui.dossier.item", i.item)).join(", ")}.
          </p>
        )}
      </section>
    )
  );
}

function Overview({ site }: { site: Site }) {
  const load = ["zones", "posts", "gates", "contacts"].map(
    (n) => need(n as "posts", n === "zones" ? {} : { site: site.id }).value,
  );
  need("sources");
  const [adding, setAdding] = useState<Adding | null>(null);
  const of = <T extends { site: string; name: string }>(list: T[]) =>
    list.filter((x) => x.site === site.id).sort((a, b) => a.name.localeCompare(b.name, "vi"));
  const zones = of(rows("zones")),
    posts = of(rows("posts")),
    gates = of(rows("gates")),
    contacts = of(rows("contacts")),
    sources = of(rows("sources"));
  return (
    <Loaded load={load} lines={10}>
      {() => (
        <>
          <DossierBox
            site={site.id}
            tick={zones.length + posts.length + gates.length + contacts.length + sources.length}
          />
          <Part title={t("ui.site.zones")} n={zones.length} add onAdd={() => setAdding("zone")}>
            <table class="rows">
              <thead>
                <tr>
                  <th scope="col">{t("ui.name")}</th>
                  <th scope="col">{t("ui.state")}</th>
                  <th scope="col" class="wide-only">
                    {t("ui.zone.last_signal")}
                  </th>
                  <th scope="col">{t("ui.waiting.do")}</th>
                </tr>
              </thead>
              <tbody>
                {zones.map((z) => {
                  const { of, words } = zoneLook(z);
                  return (
                    <tr key={z.id}>
                      <td>
                        <a href={`/?site=${site.id}&zone=${z.id}`}>{z.name}</a>
                        <span class="sub dim">{word("ui.zone.class", z.class)}</span>
                      </td>
                      <td>
                        <span class={`mark ${of}`}>
                          <Shape of={of} />
                          {words}
                        </span>
                      </td>
                      <td class="wide-only">
                        {z.last_signal_kind && <>{word("signal", z.last_signal_kind)} · </>}
                        <Time at={z.last_signal_at} />
                      </td>
                      <td>
                        <ZoneActions zone={z} />
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </Part>
          <div class="columns">
            <Part title={t("ui.site.posts")} n={posts.length} add onAdd={() => setAdding("post")}>
              <ul class="lines">
                {posts.map((p) => (
                  <li key={p.id}>
                    <b>{p.name}</b>
                    {p.central && <Chip>{t("ui.post.central_short")}</Chip>}
                    {p.sector && (
                      <span class="dim">
                        {t("ui.post.sector")}: {p.sector}
                      </span>
                    )}
                    {p.orders && <span>{p.orders}</span>}
                  </li>
                ))}
              </ul>
            </Part>
            <Part title={t("ui.site.gates")} n={gates.length} add onAdd={() => setAdding("gate")}>
              <ul class="lines">
                {gates.map((g) => (
                  <li key={g.id}>
                    <b>{g.name}</b>
                    <span class="dim">{word("ui.gate.kind", g.kind)}</span>
                  </li>
                ))}
              </ul>
            </Part>
            <Part
              title={t("ui.site.contacts")}
              n={contacts.length}
              add
              onAdd={() => setAdding("contact")}
            >
              <ul class="lines">
                {contacts.map((c) => (
                  <li key={c.id}>
                    <b>{c.name}</b>
                    <span class="dim">{c.role}</span>
                    {c.phone && (
                      <a class="num" href={`tel:${c.phone.replace(/[^+\d]/g, "")}`}>
                        {c.phone}
                      </a>
                    )}
                  </li>
                ))}
              </ul>
            </Part>
            <Part title={t("ui.nav.sources")} n={sources.length}>
              <ul class="lines">
                {sources.map((s) => (
                  <li key={s.id}>
                    <a href={`/sources?source=${s.id}`}>{s.name}</a>
                    <SourceMark source={s} />
                  </li>
                ))}
              </ul>
            </Part>
          </div>
          {adding && <AddDialog what={adding} site={site.id} onClose={() => setAdding(null)} />}
        </>
      )}
    </Loaded>
  );
}

export function SitePage({ id }: { id: string }) {
  const site = one("sites", id);
  const load = site ? null : needOne("sites", id).value;
  const [editing, setEditing] = useState(false);
  const view = place.value.query.get("view") ?? "";
  if (!site) {
    return load?.error?.status === 404 ? (
      <NotFoundPage what={t("ui.site.missing")} />
    ) : (
      <div class="page">
        <Loaded load={load!} lines={10}>
          {() => <Empty title="" />}
        </Loaded>
      </div>
    );
  }
  return (
    <div class="page">
      <PageHead
        title={site.name}
        sub={
          <>
            <span class="num">{site.code}</span> · {word("ui.site.kind", site.kind)}
            {site.key_site && <Chip>{t("ui.site.key")}</Chip>}
          </>
        }
      >
        <a class="button" href={`/?site=${site.id}`}>
          {t("ui.site.on_desk")}
        </a>
        {may("sites.edit") && <Button onClick={() => setEditing(true)}>{t("ui.site.edit")}</Button>}
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.site.views")}
          value={view}
          onChange={(v) => setQuery({ view: v })}
          options={[
            ["", t("ui.site.view_dossier")],
            ["drawings", t("ui.site.view_drawings")],
          ]}
        />
      </div>
      {view === "drawings" ? (
        <Drawings site={site.id} />
      ) : (
        <>
          <Facts
            rows={[
              [t("ui.site.agency"), site.agency_name],
              [t("ui.site.address"), site.address],
              [t("ui.site.decision"), site.decision],
            ]}
          />
          <Overview site={site} />
        </>
      )}
      {editing && <SiteForm site={site} onClose={() => setEditing(false)} />}
    </div>
  );
}
