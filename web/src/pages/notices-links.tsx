// SPDX-License-Identifier: Apache-2.0
// The lines that notices go over: whether each works, what waits on it, when it was last tried.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../api/client.ts";
import type { LinkRow, Waiting } from "../api/notices.ts";
import { t, word } from "../lib/i18n.ts";
import { may } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { Shape } from "../ui/icons.tsx";
import { List, type Column } from "../ui/list.tsx";
import { Button, Empty, Time } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { spanWords, TestForm } from "./notices-forms.tsx";

const AGAIN_MS = 10_000;
const SHAPE = { up: "normal", down: "attention", new: "unknown" } as const;

// Figures of a table that is not streamed: read again every ten seconds.
function useWaiting(): Map<string, Waiting> {
  const [by, setBy] = useState(new Map<string, Waiting>());
  useEffect(() => {
    let here = true;
    const read = () =>
      get<{ items: Waiting[] }>("/outbox/summary").then(
        ({ items }) => here && setBy(new Map(items.map((w) => [w.link, w]))),
        () => {}, // the last figures stay
      );
    void read();
    const timer = setInterval(read, AGAIN_MS);
    return () => {
      here = false;
      clearInterval(timer);
    };
  }, []);
  return by;
}

const stateWords = (l: LinkRow): string =>
  !l.enabled
    ? t("ui.notice.link.off")
    : l.state === "down" && l.problem
      ? t(l.problem)
      : word("ui.notice.link", l.state);

const tryIt = (l: LinkRow) =>
  void attempt(() => post(`/links/${l.id}/try`), t("ui.notice.tried", { name: l.name }));

function testWords(l: LinkRow): string {
  const test = one("notice-tests", l.id);
  return test
    ? `${word("ui.notice.test", test.state)} · ${t("ui.notice.every", { time: spanWords(test.every_s) })}`
    : t("ui.notice.test_none");
}

function columns(waiting: Map<string, Waiting>, plan: (l: LinkRow) => void): Column<LinkRow>[] {
  const count = (l: LinkRow) => waiting.get(l.id)?.count ?? 0;
  return [
    { key: "name", title: t("ui.notice.line"), text: (l) => l.name },
    {
      key: "kind",
      title: t("ui.notice.kind"),
      width: "12rem",
      narrow: true,
      text: (l) => word("link.kind", l.kind),
    },
    {
      key: "site",
      title: t("ui.board.site"),
      width: "12rem",
      mid: true,
      cell: (l) => l.site_name || t("ui.notice.node"),
      text: (l) => l.site_name,
    },
    {
      key: "state",
      title: t("ui.state"),
      width: "14rem",
      cell: (l) => (
        <span class="mark">
          <Shape of={l.enabled ? SHAPE[l.state] : "unknown"} /> {stateWords(l)}
        </span>
      ),
      text: stateWords,
    },
    {
      key: "waits",
      title: t("ui.notice.waits"),
      width: "14rem",
      narrow: true,
      cell: (l) => {
        const oldest = waiting.get(l.id)?.oldest;
        return oldest ? (
          <>
            <span class="num">{count(l)}</span> · <Time at={oldest} />
          </>
        ) : (
          <span class="dim">{t("ui.notice.waits_none")}</span>
        );
      },
      text: (l) => String(count(l)),
      sort: count,
    },
    {
      key: "test",
      title: t("ui.notice.test"),
      width: "15rem",
      narrow: true,
      cell: (l) => {
        const test = one("notice-tests", l.id);
        return (
          <span class="mark">
            {test && (
              <Shape
                of={
                  test.state === "failed"
                    ? "attention"
                    : test.state === "passed"
                      ? "normal"
                      : "unknown"
                }
              />
            )}{" "}
            {testWords(l)}
          </span>
        );
      },
      text: testWords,
    },
    ...(may("links.edit") || may("notices.edit")
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.waiting.do"),
            width: "15rem",
            cell: (l: LinkRow) => (
              <span class="row">
                {may("links.edit") && l.enabled && (
                  <Button kind="plain" onClick={() => tryIt(l)}>
                    {t("ui.notice.try")}
                  </Button>
                )}
                {may("notices.edit") && (
                  <Button kind="plain" onClick={() => plan(l)}>
                    {t("ui.notice.test_plan")}
                  </Button>
                )}
              </span>
            ),
          },
        ]
      : []),
  ];
}

export function Lines() {
  const load = need("links").value;
  need("notice-tests");
  void rows("notice-tests");
  const waiting = useWaiting();
  const [open, setOpen] = useState<LinkRow | null>(null);
  return (
    <>
      <List
        name="links"
        label={t("ui.notice.lines")}
        rows={rows("links")
          .slice()
          .sort((a, b) => a.name.localeCompare(b.name, "vi"))}
        columns={columns(waiting, setOpen)}
        keyOf={(l) => l.id}
        load={load}
        exportName="duong-noi"
        filters={["view"]}
        empty={<Empty title={t("ui.notice.lines_none")}>{t("ui.notice.lines_none_more")}</Empty>}
      />
      {open && (
        <TestForm
          link={open}
          test={one("notice-tests", open.id)}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}
