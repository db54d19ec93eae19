// SPDX-License-Identifier: Apache-2.0
// Sổ tay: the manual, served by the node itself, a chapter at a time; the words of the search are folded, so
// "khoi phuc" finds "khôi phục". What is shown was built into the program, it holds nobody's input.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client.ts";
import { t } from "../lib/i18n.ts";
import { findIn, type Chapter, type Piece } from "../lib/manual.ts";
import { place } from "../router.ts";
import { Button, ErrorBox, PageHead, Skeleton } from "../ui/parts.tsx";

const clean = (s: string | null | undefined) => (s ?? "").normalize("NFC").replace(/\s+/g, " ").trim();

interface Loaded extends Chapter {
  section: Element;
}

// The chapter's own elements: parsed from what the program was built with, never from a text put into the page.
function Text({ section }: { section: Element }) {
  const at = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    at.current?.replaceChildren(...Array.from(section.children).map((e) => document.importNode(e, true)));
  }, [section]);
  return <article class="manual-text" lang="vi" ref={at} />;
}

function piecesOf(section: Element, id: string, title: string): Piece[] {
  const pieces: Piece[] = [{ id, title, text: "" }];
  for (const child of Array.from(section.children)) {
    if (/^H[234]$/.test(child.tagName) && child.id) {
      pieces.push({ id: child.id, title: clean(child.textContent), text: "" });
    } else if (child.tagName !== "H1") {
      const last = pieces[pieces.length - 1]!;
      last.text = `${last.text} ${clean(child.textContent)}`.trim();
    }
  }
  return pieces;
}

// Links inside the manual become addresses of this page.
function chaptersOf(html: string): Loaded[] {
  const doc = new DOMParser().parseFromString(html, "text/html");
  const home = new Map<string, string>();
  const sections = Array.from(doc.querySelectorAll("main > section"));
  for (const s of sections) {
    for (const e of [s, ...Array.from(s.querySelectorAll("[id]"))]) {
      home.set(e.id, s.id);
    }
  }
  for (const a of Array.from(doc.querySelectorAll<HTMLAnchorElement>('a[href^="#"]'))) {
    const to = a.getAttribute("href")!.slice(1);
    const chapter = home.get(to);
    a.setAttribute("href", `/manual?ch=${chapter}${chapter === to ? "" : `&at=${to}`}`);
  }
  return sections.map((s) => {
    const title = clean(s.querySelector("h1")?.textContent);
    return { id: s.id, part: s.getAttribute("data-part") ?? "", title, section: s, pieces: piecesOf(s, s.id, title) };
  });
}

let kept: Loaded[] | null = null;
async function load(): Promise<Loaded[]> {
  if (!kept) {
    const answer = await fetch("/manual.html");
    if (!answer.ok) {
      throw new ApiError(answer.status, { status: answer.status, title: answer.statusText });
    }
    kept = chaptersOf(await answer.text());
  }
  return kept;
}

export function ManualPage() {
  const [chapters, setChapters] = useState<Loaded[] | null>(kept);
  const [error, setError] = useState<ApiError | null>(null);
  const [query, setQuery] = useState("");
  const read = () => load().then(setChapters, (e) => setError(e instanceof ApiError ? e : new ApiError(0, { status: 0, title: String(e) })));
  useEffect(() => void read(), []);
  const wanted = place.value.query.get("ch");
  const at = place.value.query.get("at");
  const chapter = chapters?.find((c) => c.id === wanted) ?? chapters?.[0];
  const hits = useMemo(() => (chapters ? findIn(chapters, query) : []), [chapters, query]);
  useEffect(() => {
    if (at) {
      document.getElementById(at)?.scrollIntoView();
    } else {
      document.getElementById("main")?.scrollTo(0, 0);
    }
  }, [at, chapter?.id]);
  const parts = [...new Set(chapters?.map((c) => c.part))];
  return (
    <div class="page manual">
      <PageHead title={t("ui.manual.title")} sub={t("ui.manual.sub")}>
        <Button onClick={() => print()}>{t("ui.manual.print")}</Button>
        <a class="button plain" href="/manual.html" target="_blank">
          {t("ui.manual.whole")}
        </a>
      </PageHead>
      {error && <ErrorBox error={error} again={() => void read()} />}
      {!chapters && !error && <Skeleton lines={10} />}
      {chapters && chapter && (
        <div class="manual-columns">
          <div class="manual-side">
            <input
              type="text"
              placeholder={t("ui.manual.search")}
              aria-label={t("ui.manual.search")}
              value={query}
              onInput={(e) => setQuery(e.currentTarget.value)}
            />
            {query.trim() ? (
              <div aria-live="polite">
                <p class="dim">{t("ui.manual.hits", { n: hits.length })}</p>
                <ul class="manual-hits">
                  {hits.map((h) => (
                    <li key={`${h.chapter}${h.id}`}>
                      <a href={`/manual?ch=${h.chapter}${h.id === h.chapter ? "" : `&at=${h.id}`}`}>{h.title}</a>
                      {h.around && <span class="dim">…{h.around}…</span>}
                    </li>
                  ))}
                </ul>
              </div>
            ) : (
              <nav aria-label={t("ui.manual.chapters")}>
                {parts.map((part) => (
                  <div key={part}>
                    <h2>{part}</h2>
                    <ul>
                      {chapters
                        .filter((c) => c.part === part)
                        .map((c) => (
                          <li key={c.id}>
                            <a href={`/manual?ch=${c.id}`} aria-current={c.id === chapter.id ? "page" : undefined}>
                              {c.title}
                            </a>
                          </li>
                        ))}
                    </ul>
                  </div>
                ))}
              </nav>
            )}
          </div>
          <Text section={chapter.section} />
        </div>
      )}
    </div>
  );
}
