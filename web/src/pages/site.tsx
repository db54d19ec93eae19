// SPDX-License-Identifier: Apache-2.0
// One mục tiêu, by tabs: overview, posts, zones, sources, dossier, contacts, legal basis, drawings.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { Site } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { place, setQuery } from "../router.ts";
import { may } from "../store/session.ts";
import { need, needOne, one, rows } from "../store/store.ts";
import { dayText } from "../lib/day.ts";
import { Basis, hasBasis } from "../ui/basis.tsx";
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
import { DossierTab, itemName, useDossier, Verdicts } from "./site-dossier.tsx";
import { PostsTab } from "./site-places.tsx";
import { SiteForm } from "./sites.tsx";

const ZONE_CLASSES = ["public", "controlled", "prohibited", "vault", "corridor", "perimeter", "gate"];
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
        <div>
          <Field label={t("ui.zone.class_label")}>
            <Select
              value={v.class!}
              onChange={(x) => setV({ ...v, class: x })}
              options={ZONE_CLASSES.map((c) => [c, word("ui.zone.class", c)])}
            />
          </Field>
          <Basis of={`zone.${v.class}`} />
        </div>
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
            <span>
              {t("ui.post.central")} <Basis of="sites.post_add.central" />
            </span>
          </label>
          {text("sector", t("ui.post.sector"), false, t("ui.post.sector_help"))}
          {text("orders", t("ui.post.orders"), false)}
        </>
      )}
      {what === "contact" && (
        <>
          {text("role", t("ui.contact.role"), true)} {text("phone", t("ui.contact.phone"), false)}
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
        {title}
        <span class="dim num">{n}</span>
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

function DossierBox({ site, tick }: { site: string; tick: number }) {
  const d = useDossier(site, tick);
  const open = d?.items.filter((i) => i.state !== "good") ?? [];
  return (
    d && (
      <section class="dossier">
        <h2>
          {t("ui.dossier.title")} <span class="num">{t("ui.dossier.score", { n: d.score })}</span>
        </h2>
        {open.length === 0 ? (
          <p>{t("ui.dossier.full")}</p>
        ) : (
          <ul class="todo">
            {open.slice(0, 8).map((i) => (
              <li key={i.item}>
                <Verdicts of={i.state} /> {itemName(i)}
              </li>
            ))}
          </ul>
        )}
        <a href={`/sites/${site}?view=dossier`}>{t("ui.dossier.open")}</a>
      </section>
    )
  );
}

function Listed({ site }: { site: string }) {
  need("site-list-entries", { site });
  const mine = rows("site-list-entries")
    .filter((e) => e.site === site)
    .sort((a, b) => b.valid_from.localeCompare(a.valid_from));
  return (
    <Part title={t("ui.sitelist.of_site")} n={mine.length}>
      <ul class="lines">
        {mine.map((e) => (
          <li key={e.id}>
            <b>{t("ui.sitelist.decision", { number: e.number, day: dayText(e.dated) })}</b>
            <span class="dim">
              {t("ui.law.span", {
                from: dayText(e.valid_from),
                to: e.valid_to ? dayText(e.valid_to) : "…",
              })}
            </span>
            {!e.valid_to && <Chip>{t("ui.place.in_force")}</Chip>}
          </li>
        ))}
      </ul>
    </Part>
  );
}

function SiteFacts({ site }: { site: Site }) {
  const parts = rows("sites").filter((s) => s.part_of === site.id);
  return (
    <Facts
      rows={[
        [
          t("ui.site.agency"),
          site.host_unit ? `${site.agency_name ?? "–"} – ${site.host_unit}` : site.agency_name,
        ],
        [t("ui.site.address"), site.address],
        [
          t("ui.place.one"),
          site.place_name && (
            <>
              {site.place_name}
              {site.place_to && <Chip>{t("ui.place.until", { day: dayText(site.place_to) })}</Chip>}
            </>
          ),
        ],
        [
          t("ui.site.field"),
          site.field && (
            <>
              {word("ui.site.field", site.field)} <Basis of="sites.site_add.field" />
            </>
          ),
        ],
        [
          t("ui.site.ground"),
          site.ground && (
            <>
              {word("ui.site.ground", site.ground)} <Basis of="sites.site_add.ground" />
            </>
          ),
        ],
        [
          t("ui.site.asset_class"),
          site.asset_class && (
            <>
              {word("ui.site.asset", site.asset_class)} <Basis of={`asset.${site.asset_class}`} />
            </>
          ),
        ],
        ...(site.part_of
          ? [
              [
                t("ui.site.part_of"),
                <a href={`/sites/${site.part_of}`}>{site.part_of_name ?? "–"}</a>,
              ] as [string, preact.ComponentChildren],
            ]
          : []),
        ...(parts.length
          ? [
              [t("ui.site.parts"), parts.map((x) => x.name).join(", ")] as [
                string,
                preact.ComponentChildren,
              ],
            ]
          : []),
        [t("ui.site.decision"), site.decision],
      ]}
    />
  );
}

// Every basis that a field about sites names, in one place.
const SITE_BASES = [
  "sites.site_add.ground",
  "sites.site_add.field",
  "sites.site_add.place",
  "sites.post_add.central",
  "sites.post_add.overlooks",
  "sites.zone_add.class",
  "sites.fixture_add.kind",
  "dossier.state.heading",
  "sitelist.issue.kind",
  "sitelist.review.on",
  "part.posts",
  "part.gates",
  "part.works",
  "part.log",
  "part.list_cases",
];
function LawTab() {
  return (
    <table class="rows">
      <thead>
        <tr>
          <th scope="col">{t("ui.law.what")}</th>
          <th scope="col">{t("ui.law.basis_head")}</th>
        </tr>
      </thead>
      <tbody>
        {SITE_BASES.map((of) => (
          <tr key={of}>
            <td>{word("ui.law.field", of.replace(/^[a-z]+\./, ""))}</td>
            <td>
              <Basis of={of} bare />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Overview({ site, view }: { site: Site; view: string }) {
  const load = ["zones", "posts", "gates", "contacts"].map(
    (n) => need(n as "posts", n === "zones" ? {} : { site: site.id }).value,
  );
  need("sources");
  const [adding, setAdding] = useState<Adding | null>(null);
  const of = <
    T extends {
      site: string;
      name: string;
    },
  >(
    list: T[],
  ) => list.filter((x) => x.site === site.id).sort((a, b) => a.name.localeCompare(b.name, "vi"));
  const zones = of(rows("zones")),
    posts = of(rows("posts")),
    gates = of(rows("gates")),
    contacts = of(rows("contacts")),
    sources = of(rows("sources"));
  return (
    <Loaded load={load} lines={10}>
      {() => (
        <>
          {view === "" && (
            <>
              <SiteFacts site={site} />
              <DossierBox
                site={site.id}
                tick={zones.length + posts.length + gates.length + contacts.length + sources.length}
              />
            </>
          )}
          {view === "posts" && <PostsTab site={site.id} onAdd={() => setAdding("post")} />}
          {view === "zones" && (
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
              <ul class="bases">
                {ZONE_CLASSES.filter(
                  (c) => hasBasis(`zone.${c}`) && zones.some((z) => z.class === c),
                ).map((c) => (
                  <li key={c}>
                    {word("ui.zone.class", c)}. <Basis of={`zone.${c}`} />
                  </li>
                ))}
              </ul>
            </Part>
          )}
          {view === "" && (
            <div class="columns">
              <Part title={t("ui.site.gates")} n={gates.length} add onAdd={() => setAdding("gate")}>
                <Basis of="part.gates" />
                <ul class="lines">
                  {gates.map((g) => (
                    <li key={g.id}>
                      <b>{g.name}</b>
                      <span class="dim">{word("ui.gate.kind", g.kind)}</span>
                    </li>
                  ))}
                </ul>
              </Part>
              <Listed site={site.id} />
            </div>
          )}
          {view === "contacts" && (
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
          )}
          {view === "sources" && (
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
          )}
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
            ["", t("ui.site.view_overview")],
            ["posts", t("ui.site.posts")],
            ["zones", t("ui.site.zones")],
            ["sources", t("ui.nav.sources")],
            ["dossier", t("ui.site.view_dossier")],
            ["contacts", t("ui.site.contacts")],
            ["law", t("ui.law.basis_head")],
            ["drawings", t("ui.site.view_drawings")],
          ]}
        />
      </div>
      {view === "drawings" ? (
        <Drawings site={site.id} />
      ) : view === "dossier" ? (
        <DossierTab site={site.id} />
      ) : view === "law" ? (
        <LawTab />
      ) : (
        <Overview site={site} view={view} />
      )}
      {editing && <SiteForm site={site} onClose={() => setEditing(false)} />}
    </div>
  );
}
