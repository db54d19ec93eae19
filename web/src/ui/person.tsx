// SPDX-License-Identifier: Apache-2.0
// Choosing somebody of the agency's people by a part of his name: there are too many for a list.
import { useEffect, useState } from "preact/hooks";
import { get, query } from "../api/client.ts";
import { t } from "../lib/i18n.ts";
import { may } from "../store/session.ts";
import { TextField } from "./fields.tsx";
import { Choices } from "./parts.tsx";

const FOUND_MAX = 6;
interface Hits {
  groups: { resource: string; items: { id: string; title: string; subtitle?: string }[] }[];
}

async function found(name: string): Promise<[string, string][]> {
  const hits = await get<Hits>(`/search${query({ q: name, limit: FOUND_MAX, resource: "persons" })}`);
  return (hits.groups.find((g) => g.resource === "persons")?.items ?? []).map((p) => [
    p.id,
    [p.title, p.subtitle].filter(Boolean).join(" · "),
  ]);
}

// none: what it means to choose nobody. Who may not look among people is not asked.
export function PersonPick(p: {
  label: string;
  help?: string;
  none: string;
  value: string;
  onChange: (person: string) => void;
}) {
  const [name, setName] = useState("");
  const [list, setList] = useState<[string, string][]>([]);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      (name.trim() ? found(name) : Promise.resolve([])).then(
        (l) => wanted && setList(l),
        () => wanted && setList([]),
      );
    }, 250);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [name]);
  const change = (text: string) => {
    setName(text);
    p.onChange("");
  };
  return may("people.read") ? (
    <>
      <TextField label={p.label} help={p.help} max={64} required={false} value={name} onChange={change} />
      {list.length > 0 && (
        <Choices
          name="person"
          legend={t("ui.person_which")}
          value={p.value}
          onChange={p.onChange}
          options={[["", p.none], ...list]}
        />
      )}
    </>
  ) : null;
}
