// SPDX-License-Identifier: Apache-2.0
// Writing a rule: the form and the text side by side, each changing the other, and below them what the engine says
// of the text as it stands: the sentence, or the mistake at its line. While the text cannot be shown as a form the
// form says why and waits.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get, post } from "../api/client.ts";
import type { RuleLook, RuleText, RuleWords } from "../api/rule-types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { emptyForm, formOf, NoForm, textOf, type RuleForm } from "../lib/ruletext.ts";
import { hasComment } from "../lib/yaml.ts";
import { go } from "../router.ts";
import { retry } from "../store/store.ts";
import { useCommand } from "../ui/dialog.tsx";
import { Button, ErrorBox, errorText, Field, Filters, PageHead, Skeleton } from "../ui/parts.tsx";
import { RuleFields } from "./rule-form.tsx";
import { useSource } from "./rule.tsx";

const CHECK_MS = 500;
const TEXT_MAX = 65536;

type Checked = { state: "wait" } | { state: "good"; look: RuleLook } | { state: "bad"; text: string; line: number };

// The server reads the text without the empty lines before it.
const ledBy = (text: string): number => (/^\s*/.exec(text)![0].match(/\n/g) ?? []).length;
export const lineOf = (detail: string, text: string): number => {
  const m = /\btext:(\d+)/.exec(detail);
  return m ? Number(m[1]) + ledBy(text) : 0;
};

function useCheck(text: string): Checked {
  const [checked, set] = useState<Checked>({ state: "wait" });
  useEffect(() => {
    let alive = true;
    if (!text.trim()) {
      set({ state: "wait" });
      return;
    }
    const timer = setTimeout(() => {
      post<RuleLook>("/rules/check", { text }).then(
        (look) => alive && set({ state: "good", look }),
        (e: ApiError) => {
          const said = errorText(e);
          return alive && set({ state: "bad", text: said.replace(/\btext:(\d+)/, (_, n: string) => t("ui.rule.line", { n: Number(n) + ledBy(text) })), line: lineOf(said, text) });
        },
      );
    }, CHECK_MS);
    return () => {
      alive = false;
      clearTimeout(timer);
    };
  }, [text]);
  return checked;
}

function Result({ c, onLine }: { c: Checked; onLine: (n: number) => void }) {
  return (
    <section class={`rule-check ${c.state}`} aria-live="polite" aria-label={t("ui.rule.checked")}>
      {c.state === "wait" && <p class="dim">{t("ui.rule.checking")}</p>}
      {c.state === "bad" && (
        <p class="error">
          {c.text}{" "}
          {c.line > 0 && (
            <Button kind="plain" onClick={() => onLine(c.line)}>
              {t("ui.rule.go_line", { n: c.line })}
            </Button>
          )}
        </p>
      )}
      {c.state === "good" && (
        <>
          <p class="says">{pick(c.look, "sentence")}</p>
          <p>
            <b>{t("ui.rule.cancels")}</b> {pick(c.look, "cancel")}
          </p>
          <p class="dim">
            {c.look.portable ? t("ui.rule.portable_yes") : t("ui.rule.portable_no")}
            {c.look.stratum > 0 && ` · ${t("ui.rule.stratum_n", { n: c.look.stratum })}`}
            {` · ${c.look.sites.length ? t("ui.rule.limited_n", { n: c.look.sites.length }) : t("ui.rule.everywhere")}`}
          </p>
        </>
      )}
    </section>
  );
}

function TextPane({ text, line, onChange, area }: { text: string; line: number; onChange: (t: string) => void; area: { current: HTMLTextAreaElement | null } }) {
  const gutter = useRef<HTMLPreElement>(null);
  const lines = text.split("\n").length;
  return (
    <div class="text-pane">
      <pre class="gutter" aria-hidden="true" ref={gutter}>
        {Array.from({ length: lines }, (_, i) => (
          <span key={i} class={i + 1 === line ? "wrong" : ""}>
            {i + 1}
            {"\n"}
          </span>
        ))}
      </pre>
      <textarea
        ref={area}
        class="code"
        aria-label={t("ui.rule.text")}
        spellcheck={false}
        autocapitalize="none"
        wrap="off"
        maxLength={TEXT_MAX}
        rows={Math.max(18, Math.min(60, lines + 1))}
        value={text}
        onScroll={(e) => gutter.current && (gutter.current.scrollTop = e.currentTarget.scrollTop)}
        onInput={(e) => onChange(e.currentTarget.value)}
      />
    </div>
  );
}

interface Shape {
  form?: RuleForm;
  why?: string;
}
function shapeOf(text: string): Shape {
  try {
    return { form: formOf(text) };
  } catch (e) {
    if (!(e instanceof NoForm)) {
      throw e;
    }
    return { why: t("ui.rule.no_form", { why: word("ui.rule.no_form_why", e.why), word: e.word }) };
  }
}

function selectLine(area: HTMLTextAreaElement | null, n: number): void {
  if (area) {
    const lines = area.value.split("\n");
    const from = lines.slice(0, n - 1).reduce((s, l) => s + l.length + 1, 0);
    area.focus();
    area.setSelectionRange(from, from + (lines[n - 1]?.length ?? 0));
  }
}

function Editor({ first, words, draft, back }: { first: string; words: RuleWords; draft?: RuleText; back: string }) {
  const [{ text, shape }, set] = useState(() => ({ text: first, shape: shapeOf(first) }));
  const [note, setNote] = useState(draft?.note ?? "");
  const [budget, setBudget] = useState(draft ? String(draft.budget) : "");
  const [view, setView] = useState("form");
  const [state, run] = useCommand();
  const area = useRef<HTMLTextAreaElement | null>(null);
  const checked = useCheck(text);
  const setText = (v: string) => set({ text: v, shape: shapeOf(v) });
  const save = () =>
    run(async () => {
      const { id, name } = await post<{ id: string; name: string }>("/rule-texts", {
        text,
        ...(draft && { id: draft.id }),
        ...(note.trim() && { note: note.trim() }),
        ...(budget && { budget: Number(budget) }),
      });
      retry("rule-texts");
      go(`/rules/${encodeURIComponent(name)}?text=${id}`);
    });
  return (
    <form
      class="rule-edit"
      onSubmit={(e) => {
        e.preventDefault();
        void save();
      }}
    >
      <div class="pane-choice">
        <Filters
          name={t("ui.rule.pane")}
          value={view}
          onChange={setView}
          options={[
            ["form", t("ui.rule.form")],
            ["text", t("ui.rule.text")],
          ]}
        />
      </div>
      <div class={`panes show-${view}`}>
        <div class="form-pane">
          {shape.why && (
            <p class="note-box" role="status">
              {shape.why}
            </p>
          )}
          {shape.form && hasComment(text) && (
            <p class="note-box" role="status">
              {t("ui.rule.comments_lost")}
            </p>
          )}
          {shape.form && <RuleFields f={shape.form} words={words} onChange={(form) => set({ text: textOf(form), shape: { form } })} />}
        </div>
        <div class="text-side">
          <TextPane text={text} line={checked.state === "bad" ? checked.line : 0} onChange={setText} area={area} />
          <Result
            c={checked}
            onLine={(n) => {
              setView("text");
              setTimeout(() => selectLine(area.current, n));
            }}
          />
        </div>
      </div>
      <div class="fields rule-save">
        <Field label={t("ui.rule.budget")} help={t("ui.rule.budget_help")}>
          <input type="number" min={0} max={10000} value={budget} onInput={(e) => setBudget(e.currentTarget.value)} />
        </Field>
        <Field label={t("ui.rule.note")}>
          <input type="text" maxLength={500} value={note} onInput={(e) => setNote(e.currentTarget.value)} />
        </Field>
      </div>
      {state.error && (
        <p class="error" role="alert">
          {state.error}
        </p>
      )}
      <div class="buttons">
        <Button kind="quiet" onClick={() => go(back)}>
          {t("ui.action.cancel")}
        </Button>
        <Button kind="primary" type="submit" busy={state.busy} disabled={checked.state === "bad" || !text.trim()}>
          {t("ui.rule.save_draft")}
        </Button>
      </div>
    </form>
  );
}

function useWords(): [RuleWords | null, ApiError | null, () => void] {
  const [words, set] = useState<RuleWords | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = () => {
    setError(null);
    get<RuleWords>("/rule-words").then(set, setError);
  };
  useEffect(read, []);
  return [words, error, read];
}

// name "": a new rule. draft: it is changed; like: a new draft that begins as it is; neither: as the rule in force.
export function RuleEditor({ name, draft, like, hint }: { name: string; draft?: RuleText; like?: RuleText; hint?: string | null }) {
  const [words, failed, again] = useWords();
  const from = draft ?? like;
  const [source, error, reread] = useSource(name && !from ? name : "");
  const first = from?.text ?? (name ? source?.text : textOf(emptyForm()));
  const back = name ? `/rules/${encodeURIComponent(name)}${from ? `?text=${from.id}` : ""}` : "/rules";
  const bad = failed ?? error;
  return (
    <div class={name ? "" : "page rule-page"}>
      <PageHead
        title={name ? t("ui.rule.editing", { name }) : t("ui.rule.write")}
        sub={<a href={back}>{name ? t("ui.rule.back") : t("ui.nav.rules")}</a>}
      />
      {hint && <p class="note-box">{hint}</p>}
      {bad && <ErrorBox error={bad} again={failed ? again : reread} />}
      {!bad && (words && first !== undefined ? <Editor key={from?.id ?? name} first={first} words={words} draft={draft} back={back} /> : <Skeleton lines={10} />)}
    </div>
  );
}
