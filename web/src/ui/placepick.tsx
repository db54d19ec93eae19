// SPDX-License-Identifier: Apache-2.0
// Choosing an administrative unit by name. Old names are understood: a unit that no longer stands offers what it is
// today, and says until when it stood. Several answers are shown; nothing is guessed.
import { useEffect, useState } from "preact/hooks";
import { get, query } from "../api/client.ts";
import type { PlaceHit } from "../api/register.ts";
import { dayText } from "../lib/day.ts";
import { t } from "../lib/i18n.ts";
import { Field } from "./parts.tsx";

const WAIT_MS = 200;
const SHOWN = 8;

export function usePlaces(name: string, on: string): PlaceHit[] | null {
  const [hits, setHits] = useState<PlaceHit[] | null>(null);
  useEffect(() => {
    if (name.trim().length < 2) {
      setHits(null);
      return;
    }
    let alive = true;
    const timer = setTimeout(() => {
      get<{ items: PlaceHit[] }>("/place-find" + query({ name, on: on || undefined })).then(
        (a) => alive && setHits(a.items),
        () => alive && setHits([]),
      );
    }, WAIT_MS);
    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, [name, on]);
  return hits;
}

export const fullName = (p: { name: string; parent_name: string | null }): string =>
  p.parent_name ? `${p.name}, ${p.parent_name}` : p.name;

export function PlacePick(props: {
  value: string;
  shown: string;
  onChange: (id: string, name: string) => void;
}) {
  const [text, setText] = useState("");
  const hits = usePlaces(text, "");
  const offers = (hits ?? []).flatMap((h) => h.today.map((now) => ({ now, old: h })));
  return (
    <div class="field wide place-pick">
      <Field
        label={t("ui.place.one")}
        help={props.value ? t("ui.place.chosen", { name: props.shown }) : t("ui.place.help")}
      >
        <input
          type="text"
          value={text}
          placeholder={props.shown || t("ui.place.example")}
          onInput={(e) => setText(e.currentTarget.value)}
        />
      </Field>
      {hits && (
        <ul class="offers" aria-label={t("ui.place.offers")}>
          {offers.length === 0 && <li class="dim">{t("ui.place.none")}</li>}
          {offers.slice(0, SHOWN).map(({ now, old }) => (
            <li key={old.id + now.id}>
              <button
                type="button"
                class="as-link"
                onClick={() => {
                  props.onChange(now.id, fullName(now));
                  setText("");
                }}
              >
                {fullName(now)}
              </button>
              {old.valid_to && (
                <span class="dim">
                  {" "}
                  {t("ui.place.once", { name: old.name, day: dayText(old.valid_to) })}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
