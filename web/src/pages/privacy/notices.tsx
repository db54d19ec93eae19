// SPDX-License-Identifier: Apache-2.0
// Thông báo cho khách: what visitors of a site are told, in versions; a draft until a person confirms it. The page of
// one version prints as a sheet of A4.
import { useState } from "preact/hooks";
import { post } from "../../api/client.ts";
import type { VisitorNotice } from "../../api/privacy.ts";
import type { Site } from "../../api/types.ts";
import { t, word } from "../../lib/i18n.ts";
import { date } from "../../lib/time.ts";
import { session } from "../../store/session.ts";
import { need, needOne, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { TextField } from "../../ui/fields.tsx";
import { Button, Empty, Loaded, PageHead } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";
import { Area, mayEdit } from "./parts.tsx";
import { daysOf } from "./retention.tsx";

const noticesOf = (site: string): VisitorNotice[] =>
  rows("visitor-notices")
    .filter((n) => n.site === site)
    .sort((a, b) => b.n - a.n);

const fill = (text: string, site: Site): string =>
  text
    .trim()
    .replaceAll("{site}", site.name)
    .replaceAll("{agency}", site.agency_name ?? "")
    .replaceAll("{days}", String(daysOf("visitor_log") ?? ""));

// The program deletes by this number; a text that tells another is no longer true.
const untrue = (n: VisitorNotice): boolean => {
  const number = new RegExp(`(^|\\D)${n.days}(\\D|$)`);
  return n.days !== null && !(number.test(n.text_vi) && number.test(n.text_en));
};

function Untrue({ n }: { n: VisitorNotice }) {
  return untrue(n) ? (
    <p class="notice-untrue error">
      <Shape of="attention" /> {t("ui.privacy.notice_untrue", { n: n.days ?? "" })}
    </p>
  ) : null;
}

function NoticeForm({ site, onClose }: { site: Site; onClose: () => void }) {
  const last = noticesOf(site.id)[0];
  const shipped = rows("notice-texts")[0];
  const [v, setV] = useState({
    vi: last?.text_vi ?? fill(shipped?.text_vi ?? "", site),
    en: last?.text_en ?? fill(shipped?.text_en ?? "", site),
    contact: last?.contact ?? "",
  });
  return (
    <FormDialog
      title={t("ui.privacy.notice_of", { site: site.name })}
      submit={t("ui.privacy.notice_draft")}
      onSubmit={() =>
        post("/visitor-notices", { site: site.id, text_vi: v.vi, text_en: v.en, contact: v.contact })
      }
      onClose={onClose}
    >
      {!last && <p class="wide dim">{t("ui.privacy.notice_ours")}</p>}
      <Area
        label={t("ui.privacy.text_vi")}
        max={6000}
        rows={10}
        required
        value={v.vi}
        onChange={(vi) => setV({ ...v, vi })}
      />
      <Area
        label={t("ui.privacy.text_en")}
        max={6000}
        rows={6}
        required
        value={v.en}
        onChange={(en) => setV({ ...v, en })}
      />
      <TextField
        label={t("ui.privacy.notice_contact")}
        help={t("ui.privacy.notice_contact_help")}
        max={200}
        wide
        value={v.contact}
        onChange={(contact) => setV({ ...v, contact })}
      />
    </FormDialog>
  );
}

function Standing({ list }: { list: VisitorNotice[] }) {
  const used = list.find((n) => n.state === "confirmed");
  const draft = list.find((n) => n.state === "draft");
  return (
    <>
      <p class={used ? "" : "dim"}>
        {used
          ? t("ui.privacy.notice_used", { n: used.n, day: date(used.confirmed_at) })
          : t("ui.privacy.notice_none")}{" "}
        {used && <a href={`/privacy/notice/${used.id}`}>{t("ui.privacy.see")}</a>}
      </p>
      {used && <Untrue n={used} />}
      {draft && (
        <p>
          <Shape of="attention" /> {t("ui.privacy.notice_waiting", { n: draft.n })}{" "}
          <a href={`/privacy/notice/${draft.id}`}>{t("ui.privacy.read_confirm")}</a>
        </p>
      )}
    </>
  );
}

export function Notices() {
  const load = [
    need("visitor-notices").value,
    need("notice-texts").value,
    need("sites").value,
    need("retention-classes").value,
    need("retention-choices").value,
  ];
  const [writing, setWriting] = useState<Site | null>(null);
  const sites = rows("sites").filter((s) => s.agency === session.value?.user.agency);
  return (
    <section aria-label={t("ui.privacy.view_notices")}>
      <p class="privacy-about">{t("ui.privacy.notices_about")}</p>
      <Loaded load={load} lines={4}>
        {() =>
          sites.length === 0 ? (
            <Empty title={t("ui.privacy.no_own_site")} />
          ) : (
            <ul class="privacy-rows">
              {sites.map((s) => (
                <li key={s.id}>
                  <div>
                    <p>
                      <b>{s.name}</b>
                    </p>
                    <Standing list={noticesOf(s.id)} />
                  </div>
                  {mayEdit() && (
                    <span class="row tools">
                      <Button onClick={() => setWriting(s)}>{t("ui.privacy.notice_write")}</Button>
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {writing && <NoticeForm site={writing} onClose={() => setWriting(null)} />}
    </section>
  );
}

// --- one version, as a sheet --------------------------------------------------------------------
function Sheet({ n }: { n: VisitorNotice }) {
  return (
    <article class={`notice-sheet ${n.state}`}>
      {n.state !== "confirmed" && (
        <p class="notice-draft">
          {n.state === "draft" ? t("ui.privacy.draft_mark") : t("ui.privacy.replaced_mark")}
        </p>
      )}
      <p class="notice-agency">{n.agency_name}</p>
      <h2 lang="vi">Thông báo về dữ liệu cá nhân của khách</h2>
      <p class="notice-site">{n.site_name}</p>
      <div class="notice-text" lang="vi">
        {n.text_vi}
      </div>
      <h2 lang="en">Notice to visitors on personal data</h2>
      <div class="notice-text" lang="en">
        {n.text_en}
      </div>
      <p class="notice-contact">
        <span lang="vi">Liên hệ</span> · <span lang="en">Contact</span>: <b>{n.contact}</b>
      </p>
      <p class="notice-foot num">
        {n.n} · {date(n.confirmed_at ?? n.drafted_at)}
      </p>
    </article>
  );
}

export function NoticePage({ id }: { id: string }) {
  const load = needOne("visitor-notices", id).value;
  const n = one("visitor-notices", id);
  const confirm = () =>
    attempt(() => post(`/visitor-notices/${id}/confirm`), t("ui.privacy.notice_confirmed"));
  return (
    <div class="page privacy">
      <Loaded load={load} lines={10}>
        {() =>
          n && (
            <>
              <PageHead
                title={t("ui.privacy.notice_title", { n: n.n })}
                sub={
                  n.state === "draft"
                    ? t("ui.privacy.notice_read_first")
                    : word("ui.privacy.notice_is", n.state)
                }
              >
                <Button onClick={() => print()}>{t("ui.action.print")}</Button>
                {n.state === "draft" && mayEdit() && (
                  <Button kind="primary" onClick={() => void confirm()}>
                    {t("ui.privacy.notice_confirm")}
                  </Button>
                )}
              </PageHead>
              {n.state !== "replaced" && <Untrue n={n} />}
              <Sheet n={n} />
            </>
          )
        }
      </Loaded>
    </div>
  );
}
