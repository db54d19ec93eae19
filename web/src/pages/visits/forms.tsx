// SPDX-License-Identifier: Apache-2.0
// Planning a visit, adding somebody to it, writing down who comes unannounced.
import { useState } from "preact/hooks";
import { ApiError, post } from "../../api/client.ts";
import type { ReadCard, Visit } from "../../api/visits.ts";
import { t, word } from "../../lib/i18n.ts";
import type { Written } from "../../lib/scan.ts";
import { full } from "../../lib/time.ts";
import { go } from "../../router.ts";
import { now, session } from "../../store/session.ts";
import { need } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { PersonPick } from "../../ui/person.tsx";
import { errorText, Field, Select, TimeField, typedTime } from "../../ui/parts.tsx";
import { say } from "../../ui/toast.tsx";
import { Check, NOBODY, useAreas, whoBody, WhoFields } from "./parts.tsx";

function AreaPicks(p: { site: string; value: string[]; onChange: (v: string[]) => void }) {
  const areas = useAreas(p.site);
  return areas.length === 0 ? null : (
    <fieldset class="wide picks">
      <legend>{t("ui.visits.areas")}</legend>
      {areas.map((a) => (
        <label key={a.id} class="check">
          <input
            type="checkbox"
            checked={p.value.includes(a.id)}
            onChange={(e) =>
              p.onChange(e.currentTarget.checked ? [...p.value, a.id] : p.value.filter((x) => x !== a.id))
            }
          />
          <span>{a.name}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function PlanForm({ site, onClose }: { site: string; onClose: () => void }) {
  need("sites");
  const [v, setV] = useState({
    site,
    kind: "visit",
    purpose: "",
    office: "",
    host: "",
    starts: full(now.peek()).slice(0, 16),
    ends: "",
    release: "",
    areas: [] as string[],
    escort: false,
  });
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  // Only who sees movements may hold a list back, and of roles only this one does.
  const held = session.value?.user.roles.some((r) => r.role === "site_commander");
  const kinds = ["visit", "group", "contractor", ...(held ? ["delegation"] : [])];
  const submit = async () => {
    const { id } = await post("/visits", {
      site: v.site,
      kind: v.kind,
      purpose: v.purpose,
      office: v.office || undefined,
      host: v.host || undefined,
      starts: typedTime(v.starts),
      ends: typedTime(v.ends),
      release_at: v.kind === "delegation" ? typedTime(v.release) : undefined,
      areas: v.areas,
      escort: v.escort,
    });
    go(`/visits/${id}`);
  };
  return (
    <FormDialog
      title={t("ui.visits.new")}
      submit={t("ui.visits.new")}
      disabled={!v.site || !v.purpose.trim() || !typedTime(v.starts)}
      onSubmit={submit}
      onClose={onClose}
    >
      <SiteField required value={v.site} onChange={(s) => set({ site: s, areas: [] })} />
      <Field label={t("ui.visits.kind_label")}>
        <Select
          value={v.kind}
          onChange={(kind) => set({ kind })}
          options={kinds.map((k) => [k, word("ui.visits.kind", k)])}
        />
      </Field>
      <TextField
        label={t("ui.visits.purpose")}
        max={200}
        wide
        value={v.purpose}
        onChange={(purpose) => set({ purpose })}
      />
      <TextField
        label={t("ui.visits.office")}
        max={80}
        required={false}
        wide
        value={v.office}
        onChange={(office) => set({ office })}
      />
      <PersonPick
        label={t("ui.visits.host")}
        help={t("ui.visits.host_help")}
        none={t("ui.visits.host_me")}
        value={v.host}
        onChange={(host) => set({ host })}
      />
      <TimeField label={t("ui.visits.starts")} required value={v.starts} onChange={(s) => set({ starts: s })} />
      <TimeField
        label={t("ui.visits.ends")}
        help={t("ui.visits.ends_help")}
        value={v.ends}
        onChange={(e) => set({ ends: e })}
      />
      {v.kind === "delegation" && (
        <TimeField
          label={t("ui.visits.release")}
          help={t("ui.visits.release_help")}
          value={v.release}
          onChange={(r) => set({ release: r })}
        />
      )}
      <AreaPicks site={v.site} value={v.areas} onChange={(areas) => set({ areas })} />
      <Check label={t("ui.visits.escort")} checked={v.escort} onChange={(escort) => set({ escort })} />
    </FormDialog>
  );
}

// --- who -----------------------------------------------------------------------------------------
const GUEST = { ...NOBODY, company: "" };
type Guest = typeof GUEST;
const guestBody = (v: Guest) => ({ ...whoBody(v), company: v.company || undefined });

// A reader types like a keyboard and ends with Enter: what it typed fills the form, and the guard looks at the card.
const hintText = (hints: string[]): string => hints.map((h) => word("ui.visits.hint", h)).join(". ");
function ScanField({ hints = [], onRead }: { hints?: string[]; onRead: (c: ReadCard) => void }) {
  const [text, setText] = useState("");
  const [said, setSaid] = useState(hintText(hints));
  const read = async () => {
    try {
      const card = await post<ReadCard>("/visits/read-card", { text });
      onRead(card);
      setSaid(hintText(card.hints));
    } catch (e) {
      setSaid(e instanceof ApiError ? errorText(e) : t("ui.visits.scan"));
    }
    setText("");
  };
  return (
    <Field label={t("ui.visits.scan")} help={t("ui.visits.scan_help")} error={said || undefined} wide>
      <input
        type="text"
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key === "Enter" && text.trim()) {
            e.preventDefault();
            void read();
          }
        }}
      />
    </Field>
  );
}

function GuestFields({ v, set, hints }: { v: Guest; set: (c: Partial<Guest>) => void; hints?: string[] }) {
  return (
    <>
      <ScanField
        hints={hints}
        onRead={(c) =>
          set({
            doc_number: c.doc_number,
            ...(c.name ? { name: c.name } : {}),
            ...(c.born ? { born: String(c.born) } : {}),
            ...(c.doc_kind ? { doc_kind: c.doc_kind } : {}),
          })
        }
      />
      <WhoFields v={v} set={set}>
        <TextField
          label={t("ui.visits.company")}
          max={120}
          required={false}
          wide
          value={v.company}
          onChange={(company) => set({ company })}
        />
      </WhoFields>
    </>
  );
}

export function GuestForm({ v, onClose }: { v: Visit; onClose: () => void }) {
  const [who, setWho] = useState(GUEST);
  return (
    <FormDialog
      title={t("ui.visits.add_guest")}
      submit={t("ui.action.add")}
      disabled={!who.name.trim()}
      onSubmit={() => post(`/visits/${v.id}/guests`, guestBody(who))}
      onClose={onClose}
    >
      <GuestFields v={who} set={(c) => setWho((w) => ({ ...w, ...c }))} />
    </FormDialog>
  );
}

interface WalkIn {
  site: string;
  who?: Written; // what was scanned or typed at the gate fills the form
  hints?: string[]; // of the number that was scanned
  onMade?: (holder: string) => void; // the holder that was written down
  onClose: () => void;
}
export function WalkInForm(p: WalkIn) {
  need("sites");
  const [who, setWho] = useState({ ...GUEST, ...p.who, born: p.who?.born ? String(p.who.born) : "" });
  const [v, setV] = useState({ site: p.site, purpose: "", office: "", host: "", areas: [] as string[], told: false });
  const submit = async () => {
    const made = await post<{ holder?: string }>("/visits/walk-in", {
      site: v.site,
      purpose: v.purpose,
      office: v.office || undefined,
      host: v.host || undefined,
      areas: v.areas,
      told: v.told,
      ...guestBody(who),
    });
    say(t("ui.visits.registered", { name: who.name }));
    if (made.holder) {
      p.onMade?.(made.holder);
    }
  };
  return (
    <FormDialog
      title={t("ui.visits.walk_in")}
      submit={t("ui.visits.register")}
      disabled={!v.site || !who.name.trim() || !v.purpose.trim()}
      onSubmit={submit}
      onClose={p.onClose}
    >
      <SiteField required value={v.site} onChange={(s) => setV({ ...v, site: s, areas: [] })} />
      <GuestFields hints={p.hints} v={who} set={(c) => setWho((w) => ({ ...w, ...c }))} />
      <TextField
        label={t("ui.visits.purpose")}
        max={200}
        wide
        value={v.purpose}
        onChange={(purpose) => setV({ ...v, purpose })}
      />
      <TextField
        label={t("ui.visits.office")}
        max={80}
        required={false}
        value={v.office}
        onChange={(office) => setV({ ...v, office })}
      />
      <PersonPick
        label={t("ui.visits.host")}
        none={t("ui.visits.host_none")}
        value={v.host}
        onChange={(host) => setV({ ...v, host })}
      />
      <AreaPicks site={v.site} value={v.areas} onChange={(areas) => setV({ ...v, areas })} />
      <Check label={t("ui.visits.told_check")} checked={v.told} onChange={(told) => setV({ ...v, told })} />
    </FormDialog>
  );
}
