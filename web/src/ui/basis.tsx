// SPDX-License-Identifier: Apache-2.0
// "Căn cứ": the article a value or a limit comes from, shown beside it. By name ("of": a command's field or an entry
// of law/basis.yaml, both from the one answer of the API) or by references already on hand. A number that comes from
// the law is said with its article; what nobody has read in full says so. No article, nothing shown.
import { signal } from "@preact/signals";
import { get } from "../api/client.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { inSentence } from "../lib/text.ts";
import { need, one } from "../store/store.ts";

interface Entry {
  of: string;
  refs: string[];
  term?: string;
  value?: number;
  unit?: string;
}
const entries = signal<Map<string, Entry[]> | null>(null);
let asked = false;

function load(): void {
  if (asked) {
    return;
  }
  asked = true;
  get<{ items: Entry[] }>("/law-basis").then(
    ({ items }) => {
      const by = new Map<string, Entry[]>();
      items.forEach((i) => by.set(i.of, [...(by.get(i.of) ?? []), i]));
      entries.value = by;
    },
    () => {
      asked = false; // the next one who shows a basis asks again
    },
  );
}

export function refTitle(ref: string): string {
  const article = one("law-articles", ref);
  const act = one("law-refs", article ? article.act : ref);
  const name = act ? pick(act, "title") : ref;
  return article?.number ? t("ui.law.article", { n: article.number, act: name }) : name;
}

function Ref({ id }: { id: string }) {
  const article = one("law-articles", id);
  const certainty = (article ?? one("law-refs", id))?.certainty;
  return (
    <a href={`/law?ref=${encodeURIComponent(id)}`} title={article?.heading}>
      {refTitle(id)}
      {certainty && !certainty.startsWith("A") && (
        <span class="certainty" title={word("ui.law.certainty", certainty)}>
          {" "}
          ({t("ui.law.unread")})
        </span>
      )}
    </a>
  );
}

const norm = (e: Entry): string =>
  inSentence(`${word("ui.law.of", e.term)} ${e.value} ${word("ui.law.unit", e.unit)}`);

// What the article says of it, article by article: the numbers of one article stand together.
function grouped(of: string[], refs: (string | null)[]): Map<string, string[]> {
  const by = new Map<string, string[]>();
  refs.forEach((r) => r && by.set(r, []));
  of.flatMap((o) => entries.value?.get(o) ?? []).forEach((e) =>
    e.refs.forEach((r) => {
      const said = by.get(r) ?? [];
      by.set(r, e.term && !said.includes(norm(e)) ? [...said, norm(e)] : said);
    }),
  );
  return by;
}

interface BasisProps {
  of?: string | string[];
  refs?: (string | null)[];
  bare?: boolean; // under a head that says "căn cứ" already
}

export function Basis({ of, refs, bare }: BasisProps) {
  need("law-refs");
  need("law-articles");
  if (of) {
    load();
  }
  const list = [...grouped([of ?? []].flat(), refs ?? [])];
  return list.length === 0 ? null : (
    <small class="basis">
      {!bare && `${t("ui.law.basis")} `}
      {list.map(([r, numbers], i) => (
        <span key={r}>
          {i > 0 && " · "}
          <Ref id={r} />
          {numbers.length > 0 && `: ${numbers.join("; ")}`}
        </span>
      ))}
    </small>
  );
}

// The basis of a checklist or of its item where the table has one; the words of its maker where it has not.
export function hasBasis(of: string): boolean {
  load();
  return entries.value?.has(of) ?? false;
}
