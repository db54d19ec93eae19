// SPDX-License-Identifier: Apache-2.0
// The registers of personal data on paper: requests, breaches, processing. What was erased is not there either.
import { dayText } from "../../lib/day.ts";
import { pick, t, word } from "../../lib/i18n.ts";
import { one, rows } from "../../store/store.ts";
import { refTitle } from "../../ui/basis.tsx";
import { printRegister } from "../../ui/register.tsx";
import { minuteOf, wordsOf } from "./parts.tsx";

const requests = () =>
  printRegister({
    title: t("ui.privacy.register_requests"),
    heads: [
      t("ui.number"),
      t("ui.privacy.asks"),
      t("ui.privacy.name"),
      t("ui.privacy.received"),
      t("ui.privacy.register_due"),
      t("ui.state"),
      t("ui.privacy.reason"),
    ],
    lines: [...rows("subject-requests")]
      .sort((a, b) => a.received_at.localeCompare(b.received_at))
      .map((r) => [
        r.number,
        word("ui.privacy.request", r.kind),
        r.name ?? "–",
        minuteOf(r.received_at),
        minuteOf(r.due),
        r.state === "open"
          ? t("ui.privacy.register_open")
          : `${word("ui.privacy.outcome", r.state)} ${minuteOf(r.closed_at)}`,
        r.reason ?? r.extend_reason ?? "",
      ]),
  });

const told = (breach: string): string =>
  rows("breach-notices")
    .filter((n) => n.breach === breach)
    .sort((x, y) => x.n - y.n)
    .map((n) => `${minuteOf(n.sent_at)} ${n.recipient} ${n.reference}`)
    .join("; ");

const breachState = (state: string, closed: string | null): string =>
  state === "open"
    ? t("ui.privacy.register_open")
    : state === "closed"
      ? `${t("ui.privacy.register_closed")} ${minuteOf(closed)}`
      : word("ui.privacy.breach", state);

const breaches = () =>
  printRegister({
    title: t("ui.privacy.register_breaches"),
    heads: [
      t("ui.number"),
      t("ui.privacy.found"),
      t("ui.privacy.what"),
      t("ui.privacy.which_data"),
      t("ui.privacy.whose"),
      t("ui.privacy.measures"),
      t("ui.privacy.how_much"),
      t("ui.state"),
    ],
    lines: [...rows("breaches")]
      .sort((a, b) => a.found_at.localeCompare(b.found_at))
      .map((b) => [
        b.number,
        minuteOf(b.found_at),
        b.what,
        wordsOf("data", b.data),
        wordsOf("people", b.people),
        b.measures ?? "",
        told(b.id),
        breachState(b.state, b.closed_at),
      ]),
  });

const processing = () =>
  printRegister({
    title: t("ui.privacy.view_processing"),
    heads: [
      t("ui.privacy.processing"),
      t("ui.privacy.purpose"),
      t("ui.privacy.ground_label"),
      t("ui.privacy.which_data"),
      t("ui.privacy.whose"),
      t("ui.privacy.recipients"),
      t("ui.privacy.kept_as"),
      t("ui.privacy.started"),
      t("ui.privacy.assessment"),
    ],
    lines: [...rows("processing-activities")]
      .sort((a, b) => a.started.localeCompare(b.started) || a.name.localeCompare(b.name, "vi"))
      .map((p) => [
        p.name,
        p.purpose,
        `${word("ui.privacy.ground", p.ground)}, ${refTitle(p.ref)}`,
        wordsOf("data", p.data),
        wordsOf("people", p.people),
        p.recipients,
        pick(one("retention-classes", p.retention), "name"),
        [dayText(p.started), p.ended_on && dayText(p.ended_on)].filter(Boolean).join(" – "),
        p.assessed_on ? `${dayText(p.assessed_on)} ${p.assessment ?? ""}` : "",
      ]),
  });

export const REGISTERS: Record<string, () => void> = { requests, breaches, processing };
