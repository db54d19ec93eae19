// SPDX-License-Identifier: Apache-2.0
// The decision in the middle of the screen: go, ask or stop in a word, why, who it is and where he is by record. No
// picture of a paper is kept, so none is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import { mustSayWhy, nameShown, type Decision, type Found, type Tongue } from "../../lib/gatekeeper.ts";
import { likely, type Step } from "../../lib/gatestep.ts";
import { t, word } from "../../lib/i18n.ts";
import { Icon, Shape } from "../../ui/icons.tsx";
import { Time } from "../../ui/parts.tsx";
import { Hints, HouseRules, VisitorPass, type PassActs } from "./visitor.tsx";
import { reasonText, sayText, SHAPE, whys } from "./words.ts";

export type Act = "pass" | "refuse";

function Who({ d }: { d: Decision }) {
  const w = d.who;
  if (!w) {
    return <h2>{nameShown(d)}</h2>;
  }
  return (
    <>
      <h2>{w.name ?? t("ui.pass.unnamed")}</h2>
      <p>{[word("ui.pass.kind", w.kind), w.class, w.company, w.doc].filter(Boolean).join(" · ")}</p>
    </>
  );
}

// Whom the entries name and why each may be he: the guard compares and decides.
function Bans({ d }: { d: Decision }) {
  return (
    <ul class="gate-bans" aria-label={t("ui.pass.bans")}>
      {d.bans.map((b) => (
        <li key={b.number}>
          <b>{b.name || t("ui.pass.ban_closed")}</b>{" "}
          {[b.born ? t("ui.pass.born", { year: b.born }) : "", b.doc].filter(Boolean).join(" · ")}
          {b.score !== undefined && <b class="num gate-likely">{t("ui.pass.likely", { n: likely(b.score) })}</b>}
          <span class="dim">
            {[b.number, b.reason && t(`bans.reason.${b.reason}`), b.why.map((w) => t(`match.why.${w}`)).join(", ")]
              .filter(Boolean)
              .join(" · ")}
          </span>
        </li>
      ))}
    </ul>
  );
}

function WhereLine({ d }: { d: Decision }) {
  const w = d.where;
  return (
    <dl class="gate-where">
      <div>
        <dt>{t("ui.pass.where")}</dt>
        <dd>
          {!w ? (
            "…"
          ) : w.area ? (
            <>
              {w.area}{" "}
              <Time at={w.since} />
            </>
          ) : (
            t("ui.pass.outside")
          )}
        </dd>
      </div>
      <div>
        <dt>{t("ui.pass.last")}</dt>
        <dd>
          {!w ? (
            "…"
          ) : w.last ? (
            <>
              {w.last.way ? word("ui.pass.way", w.last.way) : ""} {w.last.point}{" "}
              <Time at={w.last.at} />
            </>
          ) : (
            "–"
          )}
        </dd>
      </div>
    </dl>
  );
}

// A digit alone picks a reason; a scanner types faster than that, and what it types is none.
const DIGIT_MS = 150;

function Why({
  d,
  act,
  onSay,
  onBack,
}: {
  d: Decision;
  act: Act;
  onSay: (why?: string) => void;
  onBack: () => void;
}) {
  const [text, setText] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const pending = useRef<ReturnType<typeof setTimeout>>();
  const list = whys(act);
  const must = mustSayWhy(d, act);
  useEffect(() => {
    box.current?.focus();
    return () => clearTimeout(pending.current);
  }, []);
  const onKey = (e: KeyboardEvent) => {
    clearTimeout(pending.current);
    const n = Number(e.key);
    if (e.key === "Escape") {
      e.preventDefault();
      e.stopPropagation();
      onBack();
    } else if (e.key === "Enter" && e.ctrlKey && (text.trim() || !must)) {
      e.preventDefault();
      onSay(text.trim() || undefined);
    } else if (!text && n >= 1 && n <= list.length) {
      e.preventDefault();
      pending.current = setTimeout(() => onSay(list[n - 1]), DIGIT_MS);
    }
  };
  return (
    <div class="gate-why" role="group" aria-label={t(`ui.pass.why_${act}`)}>
      <h3>{t(`ui.pass.why_${act}`)}</h3>
      <div class="gate-choices">
        {list.map((w, i) => (
          <button key={w} type="button" class="gate-key" onClick={() => onSay(w)}>
            <kbd aria-hidden="true">{i + 1}</kbd>{" "}
            {w}
          </button>
        ))}
      </div>
      <label class="field">
        <span class="label">{t("ui.pass.why_other")}</span>
        <input
          ref={box}
          type="text"
          maxLength={300}
          value={text}
          onInput={(e) => setText(e.currentTarget.value)}
          onKeyDown={onKey}
        />
      </label>
      <div class="gate-acts">
        <button type="button" class="gate-key" onClick={onBack}>
          {t("ui.pass.back")}
        </button>
        <button
          type="button"
          class="gate-key primary"
          disabled={must && !text.trim()}
          onClick={() => onSay(text.trim() || undefined)}
        >
          {t(`ui.pass.do_${act}`)}
        </button>
      </div>
    </div>
  );
}

interface CardProps {
  d: Decision;
  act: Act | null; // what is being given a reason for
  busy: boolean;
  mayPass: boolean;
  mayWrite: boolean;
  step: Step | null; // what Enter does before he may pass
  pass: PassActs;
  onStep: () => void;
  onTell: () => void;
  onTongue: (t: Tongue) => void;
  onCheck?: () => void; // the vehicle is looked into
  onAct: (act: Act) => void;
  onWhy: (why?: string) => void;
  onBack: () => void;
}

function Acts(p: CardProps) {
  const key = (text: string, act: () => void, kbd: string, primary: boolean) => (
    <button type="button" class={`gate-key ${primary ? "primary" : ""}`} disabled={p.busy} onClick={act}>
      {text} {kbd && <kbd aria-hidden="true">{kbd}</kbd>}
    </button>
  );
  return (
    <div class="gate-acts">
      {key(t("ui.pass.do_refuse"), () => p.onAct("refuse"), "Del", false)}
      {p.mayPass && p.step && key(t("ui.pass.do_pass"), () => p.onAct("pass"), "", false)}
      {p.step && key(t(`ui.pass.step.${p.step}`), p.onStep, "Enter", true)}
      {p.mayWrite && key(t("ui.visits.walk_in"), () => p.onAct("pass"), "Enter", true)}
      {p.mayPass && !p.step && key(t("ui.pass.do_pass"), () => p.onAct("pass"), "Enter", true)}
    </div>
  );
}

// What is to be seen to besides letting him through.
function Errands(p: CardProps) {
  const { rules, pass } = p.d.errand ?? {};
  return (
    <>
      {rules && <HouseRules of={rules} onTongue={p.onTongue} />}
      {((rules && !p.step) || p.onCheck) && (
        <div class="gate-pass">
          {rules && !p.step && (
            <button type="button" class="gate-key" disabled={p.busy} onClick={p.onTell}>
              {t("ui.pass.step.tell")}
            </button>
          )}
          {p.onCheck && (
            <button type="button" class="gate-key" onClick={p.onCheck}>
              {t("ui.pass.check_vehicle")}
            </button>
          )}
        </div>
      )}
      {pass !== undefined && <VisitorPass pass={pass} first={p.step === "take_back"} busy={p.busy} acts={p.pass} />}
    </>
  );
}

export function Card(p: CardProps) {
  const { d } = p;
  return (
    <section class={`gate-card ${d.say}`} aria-label={t("ui.pass.decision")}>
      <div class="gate-band" role="status">
        {d.say === "green" ? <Icon name="check" /> : <Shape of={SHAPE[d.say]} />}
        <strong>{sayText(d.say)}</strong>
      </div>
      <div class="gate-body">
        <Who d={d} />
        {d.reasons.length > 0 && (
          <ul class="gate-reasons">
            {d.reasons.map((r) => (
              <li key={r.code + (r.detail ?? "")} class={r.say}>
                <Shape of={SHAPE[r.say]} />{" "}
                {reasonText(r)}
              </li>
            ))}
          </ul>
        )}
        {d.bans.length > 0 && <Bans d={d} />}
        {d.errand && d.errand.hints.length > 0 && <Hints list={d.errand.hints} />}
        {d.who && !p.act && <WhereLine d={d} />}
        {p.act ? (
          <Why d={d} act={p.act} onSay={p.onWhy} onBack={p.onBack} />
        ) : (
          <>
            <Errands {...p} />
            <Acts {...p} />
          </>
        )}
      </div>
    </section>
  );
}

// onNone: whoever stands there is none of them and is written down.
export function Candidates({ list, onPick, onNone }: { list: Found[]; onPick: (f: Found) => void; onNone?: () => void }) {
  return (
    <section class="gate-card" aria-label={t("ui.pass.candidates")}>
      <div class="gate-body">
        <h2>{t("ui.pass.candidates")}</h2>
        <div class="gate-choices">
          {list.map((f, i) => (
            <button key={f.holder} type="button" class="gate-key" onClick={() => onPick(f)}>
              {i === 0 && <kbd aria-hidden="true">Enter</kbd>} {f.title}
              {f.sub && <span class="dim"> · {f.sub}</span>}
            </button>
          ))}
          {onNone && (
            <button type="button" class="gate-key" onClick={onNone}>
              {t("ui.pass.none_of_them")}
            </button>
          )}
        </div>
      </div>
    </section>
  );
}
