// SPDX-License-Identifier: Apache-2.0
// What the pages of papers share: the label, the term in words, the ends of a link to a file.
import type { ComponentChildren } from "preact";
import { BASE } from "../../api/client.ts";
import type { Paper } from "../../api/documents.ts";
import { dayText, today } from "../../lib/day.ts";
import { t, word } from "../../lib/i18n.ts";
import { may, now } from "../../store/session.ts";
import { Shape } from "../../ui/icons.tsx";

export const mayEdit = (): boolean => may("documents.edit");
export const LEVELS = ["0", "1", "2", "3"];
export const levelText = (n: number | string): string => word("ui.documents.level_n", String(n));
export const levelOptions = (): [string, string][] => LEVELS.map((n) => [n, levelText(n)]);

// The level as a stamp: the word is the sign, the frame only helps to find it.
export function Level({ n }: { n: number }) {
  return n ? (
    <b class={`stamp level-${n}`}>{levelText(n)}</b>
  ) : (
    <span class="dim">{levelText(n)}</span>
  );
}

interface Lasting {
  until: string | null;
  remind_at: string | null;
}
export const isNear = (d: Lasting): boolean =>
  !!d.remind_at && Date.parse(d.remind_at) <= now.value;

export function Term({ d }: { d: Paper }) {
  return d.secrecy ? <TermOf d={d} /> : <span class="dim">–</span>;
}

export function TermOf({ d }: { d: Lasting }) {
  if (!d.until) {
    return <span class="dim">{t("ui.documents.no_term")}</span>;
  }
  const day = dayText(d.until);
  return isNear(d) ? (
    <span class="mark attention">
      <Shape of="attention" />
      {t(d.until < today(now.value) ? "ui.documents.over" : "ui.documents.near", { day })}
    </span>
  ) : (
    <span>{t("ui.documents.until_by", { day })}</span>
  );
}

export function FileLink({ path, children }: { path: string; children: ComponentChildren }) {
  return (
    <a class="button" href={BASE + path} download="">
      {children}
    </a>
  );
}

// After an act that made a file: the browser keeps it as if the link had been pressed.
export function keepFile(href: string, name = ""): void {
  const a = document.createElement("a");
  a.href = href;
  a.download = name;
  a.click();
}
