// SPDX-License-Identifier: Apache-2.0
// On the card of a visitor: what his number contradicts, the house rules to be told, the pass to be given or taken back.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Errand } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { Shape } from "../../ui/icons.tsx";

export function Hints({ list }: { list: string[] }) {
  return (
    <ul class="gate-reasons">
      {list.map((h) => (
        <li key={h}>
          <Shape of="attention" /> {word("ui.visits.hint", h)} <span class="dim">({t("ui.pass.hint_only")})</span>
        </li>
      ))}
    </ul>
  );
}

export function HouseRules({ text }: { text: string }) {
  return (
    <section class="gate-rules" aria-labelledby="gate-rules">
      <h3 id="gate-rules">{t("ui.visits.rules")}</h3>
      {text && (
        <p class="gate-rules-text" tabIndex={0}>
          {text}
        </p>
      )}
      <p class="dim">{t("ui.pass.notice_posted")}</p>
    </section>
  );
}

function Give(p: { busy: boolean; onIssue: (code: string) => void; onBack: () => void }) {
  const [code, setCode] = useState("");
  const box = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => box.current?.focus(), []); // a scanner does not wait
  const give = () => code.trim() && p.onIssue(code.trim());
  return (
    <>
      <label class="field">
        <span class="label">{t("ui.pass.give_help")}</span>
        <input
          ref={box}
          type="text"
          name="pass"
          maxLength={64}
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={code}
          onInput={(e) => setCode(e.currentTarget.value)}
          onKeyDown={(e) => {
            if (e.key === "Enter" || e.key === "Escape") {
              e.preventDefault();
              e.stopPropagation();
              (e.key === "Enter" ? give : p.onBack)();
            }
          }}
        />
      </label>
      <button type="button" class="gate-key" onClick={p.onBack}>
        {t("ui.pass.back")}
      </button>
      <button type="button" class="gate-key primary" disabled={p.busy || !code.trim()} onClick={give}>
        {t("ui.pass.give")}
      </button>
    </>
  );
}

export interface PassActs {
  issue: (code: string) => void;
  end: (id: string, state: "returned" | "lost") => void;
}
// first: to take it back is what Enter does, and stands among the card's own keys.
export function VisitorPass(p: { pass: NonNullable<Errand["pass"]> | null; first?: boolean; busy: boolean; acts: PassActs }) {
  const { pass } = p;
  const [giving, setGiving] = useState(false);
  const back = () => {
    setGiving(false);
    document.getElementById("gate-entry")?.focus();
  };
  return (
    <div class="gate-pass" role="group" aria-label={t("ui.pass.visitor_pass")}>
      {pass ? (
        <>
          <span>
            {t("ui.pass.held")} <b class="num">{pass.code}</b>
          </span>
          {!p.first && (
            <button type="button" class="gate-key" disabled={p.busy} onClick={() => p.acts.end(pass.id, "returned")}>
              {t("ui.pass.badge_end.returned")}
            </button>
          )}
          <button type="button" class="gate-key" disabled={p.busy} onClick={() => p.acts.end(pass.id, "lost")}>
            {t("ui.pass.badge_end.lost")}
          </button>
        </>
      ) : giving ? (
        <Give busy={p.busy} onIssue={p.acts.issue} onBack={back} />
      ) : (
        <button type="button" class="gate-key" disabled={p.busy} onClick={() => setGiving(true)}>
          {t("ui.pass.give")}
        </button>
      )}
    </div>
  );
}
