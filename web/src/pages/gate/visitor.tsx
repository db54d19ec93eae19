// SPDX-License-Identifier: Apache-2.0
// On the card of a visitor: what his number contradicts, the house rules to be told, the pass to be given or taken back.
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Errand, Telling, Tongue } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button } from "../../ui/parts.tsx";

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

const TONGUES = ["vi", "en"] as const;

// Nothing is read out of what the site has none of.
function Texts({ of }: { of: Telling }) {
  const text = (title: string, body: string) => (
    <>
      <h3>{title}</h3>
      <p class="gate-rules-text" tabIndex={0} lang={of.lang}>
        {body}
      </p>
    </>
  );
  return (
    <>
      {of.rules_n > 0 && text(t("ui.pass.rules_version", { n: of.rules_n }), of.rules[of.lang])}
      {of.notice_n > 0
        ? text(
            t("ui.pass.notice_n", { n: of.notice_n }),
            `${of.notice[of.lang]}\n\n${t("ui.pass.notice_contact", { contact: of.contact })}`,
          )
        : <p class="dim">{t("ui.pass.notice_none")}</p>}
    </>
  );
}

// For the visitor's own eyes: large on the screen, or on paper.
function Sheet({ of, onClose }: { of: Telling; onClose: () => void }) {
  return (
    <Dialog title={t("ui.visits.rules")} class="sheet gate-sheet" onClose={onClose}>
      <Texts of={of} />
      <footer class="buttons">
        <Button kind="primary" onClick={() => print()}>
          {t("ui.action.print")}
        </Button>
      </footer>
    </Dialog>
  );
}

export function HouseRules({ of, onTongue }: { of: Telling; onTongue: (t: Tongue) => void }) {
  const [shown, setShown] = useState(false);
  const back = () => document.getElementById("gate-entry")?.focus(); // Enter is the card's again
  return (
    <section class="gate-rules" aria-label={t("ui.visits.rules")}>
      <div class="gate-tongue" role="group" aria-label={t("ui.pass.reading_lang")}>
        <span>{t("ui.pass.reading_lang")}</span>
        {TONGUES.map((l) => (
          <button
            key={l}
            type="button"
            class="gate-key"
            lang={l}
            aria-pressed={of.lang === l}
            onClick={() => {
              onTongue(l);
              back();
            }}
          >
            {t(`ui.pass.lang.${l}`)}
          </button>
        ))}
        <button type="button" class="gate-key" onClick={() => setShown(true)}>
          {t("ui.pass.show_visitor")}
        </button>
      </div>
      <Texts of={of} />
      {shown && (
        <Sheet
          of={of}
          onClose={() => {
            setShown(false);
            setTimeout(back);
          }}
        />
      )}
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
