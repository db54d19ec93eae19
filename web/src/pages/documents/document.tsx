// SPDX-License-Identifier: Apache-2.0
// One paper: its level on top, what is due, its file, what was decided, where it went.
import { useState } from "preact/hooks";
import type { Paper, PaperDecision } from "../../api/documents.ts";
import { dayText } from "../../lib/day.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { Basis } from "../../ui/basis.tsx";
import { Button, Facts, Loaded, PageHead } from "../../ui/parts.tsx";
import { NotFoundPage } from "../notfound.tsx";
import { FileForm, LevelForm, ProlongForm, SendForm } from "./forms.tsx";
import { FileLink, isNear, Level, levelText, mayEdit, Term } from "./parts.tsx";

const minute = (at: string): string => full(at).slice(0, 16);

function changeText(x: PaperDecision): string {
  return x.what === "prolong"
    ? `${dayText(x.before)} → ${dayText(x.after)}`
    : `${levelText(x.before)} → ${levelText(x.after)}`;
}

function Decisions({ d }: { d: Paper }) {
  const list = rows("document-decisions")
    .filter((x) => x.document === d.id)
    .sort((a, b) => b.decided_at.localeCompare(a.decided_at));
  return list.length === 0 ? null : (
    <section aria-labelledby="decisions">
      <h2 id="decisions">{t("ui.documents.decisions")}</h2>
      <ul class="privacy-rows">
        {list.map((x) => (
          <li key={x.id}>
            <div>
              <p>
                <b>{word("ui.documents.what", x.what)}</b>: {changeText(x)}
              </p>
              <p class="dim">
                <span class="num">{minute(x.decided_at)}</span> · {x.by_name ?? "–"} · {x.reason}
                {x.late && ` · ${t("ui.documents.late")}`}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Travels({ d }: { d: Paper }) {
  const sent = rows("document-sendings")
    .filter((s) => s.document === d.id)
    .sort((a, b) => b.sent_at.localeCompare(a.sent_at));
  const got = rows("document-receivings").find((r) => r.document === d.id);
  return (
    <>
      {got && (
        <section aria-labelledby="received">
          <h2 id="received">{t("ui.documents.view_received")}</h2>
          <ul class="privacy-rows">
            <li>
              <div>
                <p>
                  <b class="num">{got.number}</b> · {got.from_name}
                </p>
                <p class="dim">
                  <span class="num">{minute(got.received_at)}</span> · {got.receiver}
                </p>
              </div>
              <FileLink path={`/document-receivings/${got.id}/receipt`}>
                {t("ui.documents.receipt_get")}
              </FileLink>
            </li>
          </ul>
        </section>
      )}
      {sent.length > 0 && (
        <section aria-labelledby="sent">
          <h2 id="sent">{t("ui.documents.sent_of")}</h2>
          <ul class="privacy-rows">
            {sent.map((s) => (
              <li key={s.id}>
                <div>
                  <p>
                    <b class="num">{s.number}</b> · {s.to_name} · {s.receiver}
                  </p>
                  <p class="dim">
                    <span class="num">{minute(s.sent_at)}</span> · {word("ui.documents.way", s.way)} ·{" "}
                    {t("ui.documents.receipt")}:{" "}
                    {s.receipt_number
                      ? t("ui.documents.receipt_of", {
                          number: s.receipt_number,
                          by: s.receipt_by ?? "",
                          time: minute(s.receipt_at ?? ""),
                        })
                      : t("ui.documents.receipt_none")}
                  </p>
                </div>
                <FileLink path={`/document-sendings/${s.id}/package`}>{t("ui.documents.package_get")}</FileLink>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

type Act = "file" | "send" | "level" | "prolong";

function Acts({ d, open }: { d: Paper; open: (a: Act) => void }) {
  return (
    <>
      <Button onClick={() => print()}>{t("ui.action.print")}</Button>
      {mayEdit() && (
        <>
          <Button onClick={() => open("level")}>{t("ui.documents.level_change")}</Button>
          {d.secrecy > 0 && d.until && (
            <Button kind={isNear(d) ? "primary" : undefined} onClick={() => open("prolong")}>
              {t("ui.documents.prolong")}
            </Button>
          )}
          <Button onClick={() => open("file")}>
            {t(d.file_name ? "ui.documents.file_new" : "ui.documents.file_put")}
          </Button>
          {d.file_name && (
            <Button kind={isNear(d) ? undefined : "primary"} onClick={() => open("send")}>
              {t("ui.documents.send")}
            </Button>
          )}
        </>
      )}
    </>
  );
}

function Body({ d }: { d: Paper }) {
  return (
    <Facts
      rows={[
        [t("ui.documents.number"), <span class="num">{d.number}</span>],
        [t("ui.documents.dated"), <span class="num">{dayText(d.dated)}</span>],
        [t("ui.documents.kind_label"), word("ui.documents.kind", d.kind)],
        [t("ui.documents.compartment_label"), word("ui.documents.compartment", d.compartment)],
        [
          t("ui.documents.until"),
          <>
            <Term d={d} /> <Basis refs={[d.term_ref]} />
            {d.secrecy > 0 && <span class="dim"> {t("ui.documents.keeps_level")}</span>}
          </>,
        ],
        [t("ui.documents.agency"), [d.agency_name, d.site_name].filter(Boolean).join(" · ")],
        ...(d.origin ? [[t("ui.documents.origin"), d.origin] as [string, string]] : []),
        [
          t("ui.documents.file"),
          d.file_name ? (
            <>
              {d.file_name} ({t("ui.documents.file_size", { n: Math.ceil((d.file_bytes ?? 0) / 1024) })}){" "}
              <FileLink path={`/documents/${d.id}/file`}>{t("ui.documents.file_get")}</FileLink>
            </>
          ) : (
            t("ui.documents.no_file")
          ),
        ],
      ]}
    />
  );
}

export function DocumentPage({ id }: { id: string }) {
  const d = one("documents", id);
  const load = d ? null : needOne("documents", id).value;
  const [act, setAct] = useState<Act | null>(null);
  need("document-decisions", { document: id });
  need("document-sendings", { document: id });
  need("document-receivings", { document: id });
  if (!d) {
    return load?.error?.status === 404 ? (
      <NotFoundPage what={t("ui.documents.missing")} />
    ) : (
      <div class="page">
        <Loaded load={load!} lines={8}>
          {() => null}
        </Loaded>
      </div>
    );
  }
  const close = () => setAct(null);
  return (
    <div class="page document">
      {d.secrecy > 0 && (
        <p class="stamp-line">
          <Level n={d.secrecy} />
        </p>
      )}
      <PageHead title={d.subject} sub={<a href="/documents">{t("ui.nav.documents")}</a>}>
        <Acts d={d} open={setAct} />
      </PageHead>
      <Body d={d} />
      <Decisions d={d} />
      <Travels d={d} />
      {act === "file" && <FileForm d={d} onClose={close} />}
      {act === "send" && <SendForm d={d} onClose={close} />}
      {act === "level" && <LevelForm d={d} onClose={close} />}
      {act === "prolong" && <ProlongForm d={d} onClose={close} />}
    </div>
  );
}
