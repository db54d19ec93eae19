// SPDX-License-Identifier: Apache-2.0
// Văn bản: papers, those whose term ends first on top; the two registers as the books on paper have them; whom papers
// are exchanged with.
import { useState } from "preact/hooks";
import type { Paper, PaperReceiving, PaperSending } from "../../api/documents.ts";
import { dayText } from "../../lib/day.ts";
import { t, word } from "../../lib/i18n.ts";
import { full } from "../../lib/time.ts";
import { go, place, setQuery } from "../../router.ts";
import { need, rows } from "../../store/store.ts";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Empty, Filters, Loaded, PageHead, Time } from "../../ui/parts.tsx";
import { AddForm, ReceiveForm } from "./forms.tsx";
import { isNear, Level, levelText, mayEdit, Term } from "./parts.tsx";
import { PeerForm, Peers } from "./peers.tsx";

const papers = (): Column<Paper>[] => [
  { key: "number", title: t("ui.documents.number"), width: "10rem", cell: (d) => <a class="num" href={`/documents/${d.id}`}>{d.number}</a>, text: (d) => d.number },
  { key: "subject", title: t("ui.documents.subject"), text: (d) => d.subject },
  { key: "level", title: t("ui.documents.level"), width: "9rem", cell: (d) => <Level n={d.secrecy} />, text: (d) => levelText(d.secrecy), sort: (d) => d.secrecy },
  { key: "until", title: t("ui.documents.until"), width: "16rem", narrow: true, cell: (d) => <Term d={d} />, text: (d) => d.until },
  { key: "dated", title: t("ui.documents.dated"), width: "8rem", mid: true, cell: (d) => <span class="num">{dayText(d.dated)}</span>, text: (d) => d.dated },
  { key: "kind", title: t("ui.documents.kind_label"), width: "8rem", mid: true, text: (d) => word("ui.documents.kind", d.kind) },
  { key: "agency", title: t("ui.documents.agency"), width: "12rem", mid: true, off: true, text: (d) => d.agency_name },
];

const receiptText = (s: PaperSending): string =>
  s.receipt_number
    ? t("ui.documents.receipt_of", { number: s.receipt_number, by: s.receipt_by ?? "", time: full(s.receipt_at).slice(0, 16) })
    : t("ui.documents.receipt_none");

const sent = (): Column<PaperSending>[] => [
  { key: "number", title: t("ui.documents.sent_number"), width: "11rem", cell: (s) => <span class="num">{s.number}</span>, text: (s) => s.number },
  { key: "at", title: t("ui.documents.sent_at"), width: "9rem", narrow: true, cell: (s) => <Time at={s.sent_at} withAge={false} />, text: (s) => full(s.sent_at), sort: (s) => s.sent_at },
  { key: "doc", title: t("ui.documents.doc_number"), width: "8rem", cell: (s) => <a class="num" href={`/documents/${s.document}`}>{s.doc_number}</a>, text: (s) => s.doc_number },
  { key: "level", title: t("ui.documents.level"), width: "9rem", cell: (s) => <Level n={s.secrecy} />, text: (s) => levelText(s.secrecy), sort: (s) => s.secrecy },
  { key: "subject", title: t("ui.documents.subject"), narrow: true, text: (s) => s.subject },
  { key: "to", title: t("ui.documents.to"), width: "12rem", narrow: true, text: (s) => s.to_name },
  { key: "receiver", title: t("ui.documents.receiver"), width: "10rem", mid: true, text: (s) => s.receiver },
  { key: "way", title: t("ui.documents.way_label"), width: "7rem", mid: true, text: (s) => word("ui.documents.way", s.way) },
  { key: "receipt", title: t("ui.documents.receipt"), width: "14rem", mid: true, cell: receiptText, text: receiptText },
];

const received = (): Column<PaperReceiving>[] => [
  { key: "number", title: t("ui.documents.received_number"), width: "11rem", cell: (r) => <span class="num">{r.number}</span>, text: (r) => r.number },
  { key: "at", title: t("ui.documents.received_at"), width: "9rem", narrow: true, cell: (r) => <Time at={r.received_at} withAge={false} />, text: (r) => full(r.received_at), sort: (r) => r.received_at },
  { key: "doc", title: t("ui.documents.doc_number"), width: "8rem", cell: (r) => <a class="num" href={`/documents/${r.document}`}>{r.doc_number}</a>, text: (r) => r.doc_number },
  { key: "level", title: t("ui.documents.level"), width: "9rem", cell: (r) => <Level n={r.secrecy} />, text: (r) => levelText(r.secrecy), sort: (r) => r.secrecy },
  { key: "subject", title: t("ui.documents.subject"), narrow: true, text: (r) => r.subject },
  { key: "from", title: t("ui.documents.from"), width: "12rem", narrow: true, text: (r) => r.from_name },
  { key: "receiver", title: t("ui.documents.receiver"), width: "10rem", mid: true, text: (r) => r.receiver },
];

// What needs a decision first, then by the day the term ends, then what has none.
const byTerm = (a: Paper, b: Paper): number =>
  (a.until ?? "9999").localeCompare(b.until ?? "9999") || b.changed_at.localeCompare(a.changed_at);

// The book on paper: every line, oldest first, with room to sign. The list on the screen draws only what is in sight.
function Book<T>(p: { title: string; rows: T[]; columns: Column<T>[] }) {
  return (
    <table class="book">
      <caption>{p.title}</caption>
      <thead>
        <tr>
          {p.columns.map((c) => (
            <th key={c.key}>{c.title}</th>
          ))}
          <th>{t("ui.documents.sign_here")}</th>
        </tr>
      </thead>
      <tbody>
        {p.rows
          .slice()
          .reverse()
          .map((r, i) => (
            <tr key={i}>
              {p.columns.map((c) => (
                <td key={c.key}>{c.text?.(r)}</td>
              ))}
              <td />
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function Table({ view }: { view: string }) {
  if (view === "sent") {
    const list = rows("document-sendings").slice().sort((a, b) => b.sent_at.localeCompare(a.sent_at));
    return (
      <>
        <List
          name="document-sendings"
          label={t("ui.documents.view_sent")}
          rows={list}
          columns={sent()}
          keyOf={(s) => s.id}
          load={need("document-sendings").value}
          download="document-sendings"
          empty={<Empty title={t("ui.documents.none_sent")} />}
        />
        <Book title={t("ui.documents.view_sent")} rows={list} columns={sent()} />
      </>
    );
  }
  const got = rows("document-receivings").slice().sort((a, b) => b.received_at.localeCompare(a.received_at));
  return view === "received" ? (
    <>
      <List
        name="document-receivings"
        label={t("ui.documents.view_received")}
        rows={got}
        columns={received()}
        keyOf={(r) => r.id}
        load={need("document-receivings").value}
        download="document-receivings"
        empty={<Empty title={t("ui.documents.none_received")} />}
      />
      <Book title={t("ui.documents.view_received")} rows={got} columns={received()} />
    </>
  ) : (
    <List
      name="documents"
      label={t("ui.nav.documents")}
      rows={rows("documents").slice().sort(byTerm)}
      columns={papers()}
      keyOf={(d) => d.id}
      load={need("documents").value}
      onOpen={(d) => go(`/documents/${d.id}`)}
      rowClass={(d) => (isNear(d) ? "late" : "")}
      download="documents"
      empty={<Empty title={t("ui.documents.none")} />}
    />
  );
}

export function DocumentsPage() {
  const load = need("correspondents").value;
  const view = place.value.query.get("view") ?? "";
  const [form, setForm] = useState("");
  const close = () => setForm("");
  return (
    <div class={`page documents ${view === "peers" ? "" : "full"}`}>
      <PageHead title={t("ui.nav.documents")} sub={t("ui.documents.about")}>
        {mayEdit() &&
          (view === "peers" ? (
            <Button kind="primary" onClick={() => setForm("peer")}>
              {t("ui.documents.peer_add")}
            </Button>
          ) : (
            <>
              {view && <Button onClick={() => print()}>{t("ui.action.print")}</Button>}
              <Button onClick={() => setForm("receive")}>{t("ui.documents.receive")}</Button>
              <Button kind="primary" onClick={() => setForm("add")}>
                {t("ui.documents.add")}
              </Button>
            </>
          ))}
      </PageHead>
      <div class="toolbar">
        <Filters
          name={t("ui.documents.views")}
          value={view}
          onChange={(v) => setQuery({ view: v || null })}
          options={["", "sent", "received", "peers"].map((v) => [v, t(`ui.documents.view_${v || "all"}`)])}
        />
      </div>
      {view === "peers" ? (
        <Loaded load={load} lines={4}>
          {() => <Peers />}
        </Loaded>
      ) : (
        <Table view={view} key={view} />
      )}
      {form === "add" && <AddForm onClose={close} />}
      {form === "receive" && <ReceiveForm onClose={close} />}
      {form === "peer" && <PeerForm onClose={close} />}
    </div>
  );
}
