// SPDX-License-Identifier: Apache-2.0
// "Căn cứ": the article a value or a limit comes from, shown beside it. By the command's field ("of", as the API's
// own tables say) or by references already on hand. What nobody has read in full says so.
import { signal } from "@preact/signals";
import { get } from "../api/client.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { need, one } from "../store/store.ts";

const byField = signal<Record<string, string[]> | null>(null);
let asked = false;

function load(): void {
  if (asked) {
    return;
  }
  asked = true;
  get<{ items: { of: string; refs: string[] }[] }>("/law-basis").then(
    ({ items }) => {
      byField.value = Object.fromEntries(items.map((i) => [i.of, i.refs]));
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

export function Basis({ of, refs }: { of?: string; refs?: (string | null)[] }) {
  need("law-refs");
  need("law-articles");
  if (of) {
    load();
  }
  const list = (refs ?? byField.value?.[of ?? ""] ?? []).filter((r): r is string => !!r);
  return list.length === 0 ? null : (
    <small class="basis">
      {t("ui.law.basis")}{" "}
      {list.map((r, i) => (
        <>
          {i > 0 && "; "}
          <Ref id={r} key={r} />
        </>
      ))}
    </small>
  );
}
