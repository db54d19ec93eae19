// SPDX-License-Identifier: Apache-2.0
// Search and commands (Ctrl+K): every word typed must match; tone marks and đ do not matter. Searches what
// the console has loaded, and says so by what it lists.
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { t, pick, word } from "../lib/i18n.ts";
import { score } from "../lib/text.ts";
import { near } from "../lib/time.ts";
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
      hint: `${t("ui.alert.one")} · ${a.site_name ?? ""} · ${near(a.raised_at, now.value)}`,
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

export function Palette({ commands, onClose }: { commands: Command[]; onClose: () => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const all = useMemo(() => [...commands, ...things()], [commands]);
  const found = text.trim()
    ? all
        .map((c) => ({ c, s: score(text, `${c.text} ${c.hint}`) }))
        .filter((x) => x.s > 0)
        .sort((a, b) => b.s - a.s)
        .map((x) => x.c)
    : all;
  const shown = found.slice(0, 50);
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
    </Dialog>
  );
}
