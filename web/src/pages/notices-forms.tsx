// SPDX-License-Identifier: Apache-2.0
// Forms of the page Báo tin: a rule, and how often a link is tried.
import { useState } from "preact/hooks";
import { post } from "../api/client.ts";
import type { LinkRow, NoticeRule, NoticeTest } from "../api/notices.ts";
import { t, word } from "../lib/i18n.ts";
import { clock, span } from "../lib/notices.ts";
import { need, retry, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { ROLES, SiteField, TextField } from "../ui/fields.tsx";
import { Field, Select } from "../ui/parts.tsx";

export const LEVELS = ["low", "medium", "high", "critical"] as const;
const PEOPLE = ["smtp", "sms"];
const TELLING = [...PEOPLE, "webhook_out", "dc09_out", "cap_out"];
const DELAYS = [0, 30, 60, 120, 180, 300, 600, 900, 1800, 3600];
const REPEATS = [0, 60, 120, 300, 600, 900, 1800, 3600];
const TESTS = [0, 600, 3600, 6 * 3600, 86400, 7 * 86400];
const HALF_HOURS = Array.from({ length: 48 }, (_, i) => i * 30);

export const spanWords = (s: number): string => {
  const [n, unit] = span(s);
  return t(`ui.span.${unit}`, { n });
};
export const delayWords = (s: number): string =>
  s === 0 ? t("ui.notice.at_once") : t("ui.notice.after", { time: spanWords(s) });

// What stands in the row stays choosable, whatever it is.
const choices = (list: number[], has: number, say: (n: number) => string): [string, string][] =>
  [...new Set([...list, has])].sort((a, b) => a - b).map((n) => [String(n), say(n)]);

interface Draft {
  name: string;
  site: string;
  link: string;
  role: string;
  min_rank: string;
  after_s: string;
  repeat_s: string;
  repeat_max: string;
  quiet_from: string;
  quiet_to: string;
}
const draftOf = (r?: NoticeRule): Draft => ({
  name: r?.name ?? "",
  site: r?.site ?? "",
  link: r?.link ?? "",
  role: r?.role ?? "",
  min_rank: String(r?.min_rank ?? 2),
  after_s: String(r?.after_s ?? 0),
  repeat_s: String(r?.repeat_s ?? 0),
  repeat_max: String(r?.repeat_max || 3),
  quiet_from: String(r?.quiet_from ?? -1),
  quiet_to: String(r?.quiet_to ?? -1),
});

function bodyOf(v: Draft) {
  const quiet = v.quiet_from !== "-1" && v.quiet_to !== "-1";
  return {
    name: v.name,
    role: v.role || undefined,
    min_rank: Number(v.min_rank),
    after_s: Number(v.after_s),
    repeat_s: Number(v.repeat_s),
    repeat_max: v.repeat_s === "0" ? 0 : Number(v.repeat_max),
    quiet_from: quiet ? Number(v.quiet_from) : -1,
    quiet_to: quiet ? Number(v.quiet_to) : -1,
  };
}

type Change = (change: Partial<Draft>) => void;

function Pick(p: {
  label: string;
  help?: string;
  value: string;
  options: [string, string][];
  onChange: (v: string) => void;
}) {
  return (
    <Field label={p.label} help={p.help}>
      <Select value={p.value} onChange={p.onChange} options={p.options} />
    </Field>
  );
}

function When({ v, set }: { v: Draft; set: Change }) {
  const minutes: [string, string][] = [
    ["-1", t("ui.notice.quiet_none")],
    ...choices(HALF_HOURS, Math.max(0, Number(v.quiet_from)), clock),
  ];
  return (
    <>
      <Pick
        label={t("ui.notice.when")}
        help={t("ui.notice.when_help")}
        value={v.after_s}
        onChange={(after_s) => set({ after_s })}
        options={choices(DELAYS, Number(v.after_s), delayWords)}
      />
      <Pick
        label={t("ui.notice.repeat")}
        value={v.repeat_s}
        onChange={(repeat_s) => set({ repeat_s })}
        options={choices(REPEATS, Number(v.repeat_s), (s) =>
          s === 0 ? t("ui.notice.repeat_none") : t("ui.notice.every", { time: spanWords(s) }),
        )}
      />
      {v.repeat_s !== "0" && (
        <Field label={t("ui.notice.repeat_max")}>
          <input
            type="number"
            required
            min={1}
            max={20}
            value={v.repeat_max}
            onInput={(e) => set({ repeat_max: e.currentTarget.value })}
          />
        </Field>
      )}
      <Pick
        label={t("ui.notice.quiet_from")}
        help={t("ui.notice.quiet_help")}
        value={v.quiet_from}
        onChange={(quiet_from) =>
          set(
            quiet_from === "-1"
              ? { quiet_from, quiet_to: "-1" }
              : { quiet_from, quiet_to: v.quiet_to === "-1" ? "360" : v.quiet_to },
          )
        }
        options={minutes}
      />
      {v.quiet_from !== "-1" && (
        <Pick
          label={t("ui.notice.quiet_to")}
          value={v.quiet_to}
          onChange={(quiet_to) => set({ quiet_to })}
          options={choices(HALF_HOURS, Math.max(0, Number(v.quiet_to)), clock)}
        />
      )}
    </>
  );
}

export function RuleForm({ rule, onClose }: { rule?: NoticeRule; onClose: () => void }) {
  need("links");
  const [v, setV] = useState(draftOf(rule));
  const set: Change = (change) => setV({ ...v, ...change });
  const links = rows("links").filter((l) => TELLING.includes(l.kind));
  const people = PEOPLE.includes(links.find((l) => l.id === v.link)?.kind ?? "");
  const title = t(rule ? "ui.notice.edit" : "ui.notice.add");
  const submit = async () => {
    const body = bodyOf(v);
    await (rule
      ? post(`/notice-rules/${rule.id}`, body)
      : post("/notice-rules", { ...body, link: v.link, site: v.site || undefined }));
    retry("notice-rules");
  };
  return (
    <FormDialog title={title} submit={title} onSubmit={submit} onClose={onClose}>
      <TextField
        label={t("ui.notice.name")}
        wide
        max={80}
        value={v.name}
        onChange={(name) => set({ name })}
      />
      {!rule && (
        <>
          <SiteField
            value={v.site}
            none={t("ui.all_sites")}
            onChange={(site) => set({ site })}
          />
          <Field label={t("ui.notice.link")}>
            <Select
              value={v.link}
              required
              none={t("ui.choose")}
              onChange={(link) => set({ link })}
              options={links.map((l) => [l.id, l.name])}
            />
          </Field>
        </>
      )}
      {(people || (rule && rule.role)) && (
        <Field label={t("ui.notice.who")}>
          <Select
            value={v.role}
            required
            none={t("ui.choose")}
            onChange={(role) => set({ role })}
            options={ROLES.filter((r) => r !== "auditor" && r !== "custodian").map((r) => [
              r,
              word("ui.role", r),
            ])}
          />
        </Field>
      )}
      <Pick
        label={t("ui.notice.min")}
        value={v.min_rank}
        onChange={(min_rank) => set({ min_rank })}
        options={LEVELS.map((l, i) => [String(i), t(`ui.level.${l}`)])}
      />
      <When v={v} set={set} />
    </FormDialog>
  );
}

export function TestForm(p: { link: LinkRow; test?: NoticeTest; onClose: () => void }) {
  const [every, setEvery] = useState(String(p.test?.every_s ?? 86400));
  const [site, setSite] = useState(p.test?.site ?? p.link.site);
  const submit = async () => {
    await post(`/links/${p.link.id}/test-plan`, { site, every_s: Number(every) });
    retry("notice-tests");
  };
  return (
    <FormDialog
      title={t("ui.notice.test_plan_of", { name: p.link.name })}
      submit={t("ui.notice.test_plan")}
      onSubmit={submit}
      onClose={p.onClose}
    >
      <Pick
        label={t("ui.notice.test_every")}
        help={t("ui.notice.test_help")}
        value={every}
        onChange={setEvery}
        options={choices(TESTS, Number(every), (s) =>
          s === 0 ? t("ui.notice.test_none") : t("ui.notice.every", { time: spanWords(s) }),
        )}
      />
      <SiteField value={site} required onChange={setSite} />
    </FormDialog>
  );
}
