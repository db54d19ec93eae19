// SPDX-License-Identifier: Apache-2.0
// What stands at a site: posts with what each must overlook, gates, and the fixtures by kind; and what is overlooked
// by no post.
import { useState } from "preact/hooks";
import { post as send } from "../api/client.ts";
import type { Post } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { need, rows } from "../store/store.ts";
import { Basis } from "../ui/basis.tsx";
import { FormDialog } from "../ui/dialog.tsx";
import { Shape } from "../ui/icons.tsx";
import { Button, Chip, Field, Loaded, Select } from "../ui/parts.tsx";
import { mayEdit } from "./site-dossier.tsx";

const FIXTURES = ["store", "camera", "assembly", "patrol_point", "checkpoint"];

interface Thing {
  id: string;
  name: string;
}
function useThings(site: string): Thing[] {
  return [...rows("zones"), ...rows("gates"), ...rows("fixtures")].filter((x) => x.site === site);
}

function FixtureForm({ site, onClose }: { site: string; onClose: () => void }) {
  const [v, setV] = useState({ kind: "assembly", name: "", zone: "", note: "" });
  const text = (key: "name" | "note", label: string, required: boolean) => (
    <Field label={label} wide>
      <input
        type="text"
        required={required}
        maxLength={200}
        value={v[key]}
        onInput={(e) => setV({ ...v, [key]: e.currentTarget.value })}
      />
    </Field>
  );
  return (
    <FormDialog
      title={t("ui.fixture.add")}
      submit={t("ui.action.add")}
      onClose={onClose}
      onSubmit={() =>
        send("/fixtures", {
          site,
          kind: v.kind,
          name: v.name,
          zone: v.zone || undefined,
          note: v.note || undefined,
        })
      }
    >
      <Field label={t("ui.fixture.kind_label")} help={word("ui.fixture.who", v.kind)}>
        <Select
          value={v.kind}
          onChange={(kind) => setV({ ...v, kind })}
          options={FIXTURES.map((k) => [k, word("ui.fixture.kind", k)])}
        />
      </Field>
      <Field label={t("ui.fixture.zone")}>
        <Select
          value={v.zone}
          none={t("ui.fixture.no_zone")}
          onChange={(zone) => setV({ ...v, zone })}
          options={rows("zones")
            .filter((z) => z.site === site)
            .map((z) => [z.id, z.name])}
        />
      </Field>
      {text("name", t("ui.name"), true)} {text("note", t("ui.note"), false)}
    </FormDialog>
  );
}

function OverlookForm({ of, onClose }: { of: Post; onClose: () => void }) {
  const things = useThings(of.site);
  const [chosen, setChosen] = useState(new Set(of.overlooks ?? []));
  const [special, setSpecial] = useState(of.special);
  const [central, setCentral] = useState(of.central);
  const check = (on: boolean, set: (v: boolean) => void, label: string, law: string) => (
    <label class="check wide">
      <input type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
      <span>
        {label}
        <Basis of={law} />
      </span>
    </label>
  );
  return (
    <FormDialog
      title={t("ui.post.edit", { name: of.name })}
      submit={t("ui.action.save")}
      onClose={onClose}
      onSubmit={() =>
        send(`/posts/${of.id}`, {
          central,
          special,
          overlooks: [...chosen].filter((id) => things.some((x) => x.id === id)),
        })
      }
    >
      {check(central, setCentral, t("ui.post.central"), "sites.post_add.central")}
      {check(special, setSpecial, t("ui.post.special"), "sites.post_add.special")}
      <fieldset class="wide picks">
        <legend>{t("ui.post.overlooks")}</legend>
        {things.map((x) => (
          <label key={x.id} class="check">
            <input
              type="checkbox"
              checked={chosen.has(x.id)}
              onChange={(e) => {
                const next = new Set(chosen);
                if (e.currentTarget.checked) {
                  next.add(x.id);
                } else {
                  next.delete(x.id);
                }
                setChosen(next);
              }}
            />
            <span>{x.name}</span>
          </label>
        ))}
        <Basis of="sites.post_add.overlooks" />
      </fieldset>
    </FormDialog>
  );
}

function Posts({ site, onAdd }: { site: string; onAdd: () => void }) {
  const things = new Map(useThings(site).map((x) => [x.id, x.name]));
  const posts = rows("posts")
    .filter((p) => p.site === site)
    .sort((a, b) => Number(b.central) - Number(a.central) || a.name.localeCompare(b.name, "vi"));
  const [editing, setEditing] = useState<Post | null>(null);
  const seen = new Set(posts.flatMap((p) => p.overlooks ?? []));
  const blind = rows("zones").filter(
    (z) =>
      z.site === site &&
      ["gate", "perimeter", "corridor", "prohibited", "vault"].includes(z.class) &&
      !seen.has(z.id),
  );
  return (
    <section class="part">
      <h2>
        {t("ui.site.posts")} <span class="dim num">{posts.length}</span>
        {mayEdit() && (
          <Button kind="plain" icon="plus" onClick={onAdd}>
            {t("ui.action.add")}
          </Button>
        )}
      </h2>
      <Basis of="part.posts" />
      {posts.length > 0 && !posts.some((p) => p.central) && (
        <p class="mark attention">
          <Shape of="attention" />
          {t("ui.post.no_central")}
        </p>
      )}
      {posts.length === 0 && <p class="dim">{t("ui.site.part_none")}</p>}
      <ul class="lines">
        {posts.map((p) => (
          <li key={p.id}>
            <b>{p.name}</b>
            {p.central && <Chip>{t("ui.post.central_short")}</Chip>}
            {p.special && <Chip>{t("ui.post.special_short")}</Chip>}
            {mayEdit() && (
              <Button kind="plain" onClick={() => setEditing(p)}>
                {t("ui.action.edit")}
              </Button>
            )}
            {p.sector && (
              <span class="whole dim">
                {t("ui.post.sector")}: {p.sector}
              </span>
            )}
            {p.orders && <span class="whole">{p.orders}</span>}
            <span class="whole dim">
              {t("ui.post.overlooks")}:{" "}
              {p.overlooks?.length
                ? p.overlooks.map((id) => things.get(id) ?? t("ui.post.hidden")).join(", ")
                : t("ui.post.overlooks_none")}
            </span>
          </li>
        ))}
      </ul>
      {posts.length > 0 && blind.length > 0 && (
        <p class="blind">
          <span class="mark attention">
            <Shape of="attention" />
            {t("ui.post.blind")}
          </span>
          {blind.map((z) => z.name).join(", ")}
        </p>
      )}
      {editing && <OverlookForm of={editing} onClose={() => setEditing(null)} />}
    </section>
  );
}

function Fixtures({ site }: { site: string }) {
  const [adding, setAdding] = useState(false);
  const list = rows("fixtures").filter((f) => f.site === site && f.state === "active");
  return (
    <section class="part">
      <h2>
        {t("ui.fixture.title")}
        <span class="dim num">{list.length}</span>
        {mayEdit() && (
          <Button kind="plain" icon="plus" onClick={() => setAdding(true)}>
            {t("ui.action.add")}
          </Button>
        )}
      </h2>
      {list.length === 0 && <p class="dim">{t("ui.site.part_none")}</p>}
      {FIXTURES.map((kind) => {
        const some = list
          .filter((f) => f.kind === kind)
          .sort((a, b) => a.name.localeCompare(b.name, "vi"));
        return (
          some.length > 0 && (
            <div key={kind}>
              <h3>{word("ui.fixture.kind", kind)}</h3>
              <ul class="lines">
                {some.map((f) => (
                  <li key={f.id}>
                    <b>{f.name}</b>
                    {f.zone_name && <span class="dim">{f.zone_name}</span>}
                    {f.note && <span class="dim">{f.note}</span>}
                  </li>
                ))}
              </ul>
            </div>
          )
        );
      })}
      {adding && <FixtureForm site={site} onClose={() => setAdding(false)} />}
    </section>
  );
}

export function PostsTab({ site, onAdd }: { site: string; onAdd: () => void }) {
  const load = [
    need("posts", { site }).value,
    need("fixtures", { site }).value,
    need("gates", { site }).value,
    need("zones").value,
  ];
  return (
    <Loaded load={load} lines={8}>
      {() => (
        <div class="columns">
          <Posts site={site} onAdd={onAdd} />
          <Fixtures site={site} />
        </div>
      )}
    </Loaded>
  );
}
