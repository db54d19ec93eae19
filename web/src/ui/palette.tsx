// SPDX-License-Identifier: Apache-2.0
// Search and commands (Ctrl+K): every word typed must match; tone marks and đ do not matter. The node searches
// everything one may see; what the console has loaded is searched while it is asked, and when it does not answer.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { get, query } from "../api/client.ts";
import { t, pick, word } from "../lib/i18n.ts";
import { alertSite } from "../lib/place.ts";
import { score } from "../lib/text.ts";
import { near } from "../lib/time.ts";
import { mayOpen } from "../pages.tsx";
import { go } from "../router.ts";
import { now } from "../store/session.ts";
import { rows } from "../store/store.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";

export interface Command {
  text: string;
  hint: string;
  run: () => void;
}

function things(): Command[] {
  const out: Command[] = [];
  for (const i of rows("incidents")) {
    out.push({
      text: `${i.number} ${i.title}`,
      hint: `${t("ui.nav.incident_one")} · ${i.site_name ?? ""}`,
      run: () => go(`/incidents/${i.id}`),
    });
  }
  for (const a of rows("alerts")) {
    out.push({
      text: `${a.number} ${pick(a, "title")}`,
      hint: `${t("ui.alert.one")} · ${alertSite(a)} · ${near(a.raised_at, now.value)}`,
      run: () => go(`/?alert=${a.id}`),
    });
  }
  for (const s of rows("sites")) {
    out.push({ text: s.name, hint: t("ui.palette.plan"), run: () => go(`/?site=${s.id}`) });
    out.push({ text: s.name, hint: t("ui.palette.dossier"), run: () => go(`/sites/${s.id}`) });
  }
  for (const s of rows("sources")) {
    out.push({
      text: `${s.name} ${s.address}`,
      hint: `${t("ui.source.one")} · ${word("ui.source.state", s.state)}`,
      run: () => go(`/sources?source=${s.id}`),
    });
  }
  return out;
}

interface Found {
  groups: { resource: string; total: number; items: Hit[] }[];
  total: number;
  complete: boolean;
  building: boolean;
}
interface Hit {
  id: string;
  title?: string;
  subtitle?: string;
  site?: string;
  parent?: string;
}

// Where a thing is shown; what has no page in the console is not listed.
const PAGES: Partial<Record<string, (h: Hit) => string>> = {
  incidents: (h) => `/incidents/${h.id}`,
  "incident-log": (h) => `/incidents/${h.parent}`,
  tasks: (h) => `/incidents/${h.parent}`,
  alerts: (h) => `/?alert=${h.id}`,
  sites: (h) => `/sites/${h.id}`,
  posts: (h) => `/sites/${h.site}`,
  zones: (h) => `/sites/${h.site}`,
  gates: (h) => `/sites/${h.site}`,
  contacts: (h) => `/sites/${h.site}`,
  drawings: (h) => `/sites/${h.site}`,
  sources: (h) => `/sources?source=${h.id}`,
  rules: () => "/rules",
  units: (h) => `/people?unit=${h.id}`,
  persons: (h) => `/people?person=${h.id}`,
  agencies: () => "/admin",
  users: () => "/admin",
};

function hits(found: Found): Command[] {
  const sites = new Map(rows("sites").map((s) => [s.id, s.name]));
  return found.groups.flatMap((g) => {
    const page = PAGES[g.resource];
    return (page ? g.items : []).filter((h) => mayOpen(page!(h))).map((h) => {
      const where = g.resource !== "sites" && h.site ? sites.get(h.site) : undefined;
      return {
        text: [h.title, h.subtitle].filter(Boolean).join(" · "),
        hint: [word("ui.found", g.resource), where].filter(Boolean).join(" · "),
        run: () => go(page!(h)),
      };
    });
  });
}

const PAUSE_MS = 120;
const SHORTEST = 2;

// What the node finds; undefined: not asked or not answered yet, null: it did not answer.
function useFound(text: string): Found | null | undefined {
  const [found, setFound] = useState<Found | null>();
  const asked = text.trim();
  useEffect(() => {
    if (asked.length < SHORTEST) {
      setFound(undefined);
      return;
    }
    let over = false;
    const timer = setTimeout(() => {
      get<Found>(`/search${query({ q: asked, limit: 6 })}`).then(
        (f) => !over && setFound(f),
        () => !over && setFound(null),
      );
    }, PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [asked]);
  return asked.length < SHORTEST ? undefined : found;
}

function matching(all: Command[], text: string): Command[] {
  return all
    .map((c) => ({ c, s: score(text, `${c.text} ${c.hint}`) }))
    .filter((x) => x.s > 0)
    .sort((a, b) => b.s - a.s)
    .map((x) => x.c);
}

// What one should know of the list: that it is not all, and why.
function note(found: Found | null | undefined, shown: number): string | null {
  if (found === null) {
    return t("ui.found.local");
  }
  if (!found) {
    return null;
  }
  if (found.building) {
    return t("ui.found.building");
  }
  if (!found.complete) {
    return t("ui.found.common");
  }
  return found.total > shown ? t("ui.found.more", { n: found.total - shown }) : null;
}

export function Palette({ commands, onClose }: { commands: Command[]; onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const local = useMemo(things, []);
  const answer = useFound(text);
  const theirs = useMemo(() => (answer ? hits(answer) : null), [answer]);
  const shown = (
    text.trim()
      ? [...matching(commands, text), ...(theirs ?? matching(local, text))]
      : [...commands, ...local]
  ).slice(0, 60);
  const remark = note(answer, theirs?.length ?? 0);
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: "nearest" }), [at]);
  const run = (c: Command | undefined) => {
    if (c) {
      onClose();
      c.run();
    }
  };
  const onKey = (e: KeyboardEvent) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") {
      e.preventDefault();
      setAt((at + (e.key === "ArrowDown" ? 1 : shown.length - 1)) % Math.max(1, shown.length));
    } else if (e.key === "Enter") {
      e.preventDefault();
      run(shown[at]);
    }
  };
  return (
    <Dialog title={t("ui.palette.title")} onClose={onClose} class="palette" bare>
      <div class="palette-input">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-label={t("ui.palette.title")}
          autofocus
          aria-activedescendant={shown[at] ? `palette-${at}` : undefined}
          placeholder={t("ui.palette.hint")}
          value={text}
          onKeyDown={onKey}
          onInput={(e) => {
            setText(e.currentTarget.value);
            setAt(0);
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <ul id="palette-list" role="listbox" aria-label={t("ui.palette.results")} ref={list}>
        {shown.map((c, i) => (
          <li
            key={i}
            id={`palette-${i}`}
            role="option"
            aria-selected={i === at}
            onMouseMove={() => i !== at && setAt(i)}
            onClick={() => run(c)}
          >
            <span>{c.text}</span>
            <span class="dim">{c.hint}</span>
          </li>
        ))}
      </ul>
      {shown.length === 0 && <p class="none dim">{t("ui.palette.none")}</p>}
      <p class="palette-note dim" role="status">
        {remark}
      </p>
    </Dialog>
  );
}
