// SPDX-License-Identifier: Apache-2.0
// The small pieces every page is made of.
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ApiError } from "../api/client.ts";
import type { Level, Source, SourceState } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { age, full, ms, near, parseTyped, type TimeLike } from "../lib/time.ts";
import { loudnessOf } from "../lib/urgency.ts";
import { now } from "../store/session.ts";
import { retry, type LoadState } from "../store/store.ts";
import { Icon, Shape } from "./icons.tsx";

type ButtonProps = JSX.IntrinsicElements["button"] & {
  kind?: "primary" | "quiet" | "plain";
  icon?: string;
  keys?: string;
  busy?: boolean;
};

export function Button({ kind, icon, keys, busy, children, class: cls, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      class={`button ${kind ?? ""} ${cls ?? ""}`}
      aria-busy={busy || undefined}
      disabled={rest.disabled || busy}
    >
      {icon && <Icon name={icon} />}
      {children}
      {keys && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}

export function ageText(at: TimeLike, nowMs: number): string {
  const a = age(at, nowMs);
  return a ? t(`ui.age.${a.unit}`, { n: a.n }) : "";
}

// The absolute time with its age beside it; the whole date on hover and for machines.
export function Time({ at, withAge = true }: { at: TimeLike; withAge?: boolean }) {
  const at_ms = ms(at);
  if (at_ms === null) {
    return <span class="dim">–</span>;
  }
  return (
    <time class="time" dateTime={new Date(at_ms).toISOString()} title={full(at_ms)}>
      {near(at_ms, now.value)}
      {withAge && <span class="age"> {ageText(at_ms, now.value)}</span>}
    </time>
  );
}

export function LevelMark({
  level,
  filled,
  short,
}: {
  level: Level;
  filled?: boolean;
  short?: boolean;
}) {
  const of = loudnessOf(level);
  return (
    <span class={`mark ${of}`}>
      <Shape of={of} filled={filled} />
      {short ? <span class="hidden">{word("ui.level", level)}</span> : word("ui.level", level)}
    </span>
  );
}

const SOURCE_SHAPE = {
  alive: "normal",
  silent: "unknown",
  unproven: "attention",
  never: "unknown",
  disabled: "info",
} as const;
export const sourceShape = (state: SourceState) => SOURCE_SHAPE[state] ?? "unknown";

export function sourceWords(s: Source, nowMs: number): string {
  return s.state === "silent"
    ? t("ui.source.silent_since", { time: near(s.last_seen ?? s.state_since, nowMs) })
    : word("ui.source.state", s.state);
}

export function SourceMark({ source }: { source: Source }) {
  const of = sourceShape(source.state);
  return (
    <span class={`mark ${source.state === "silent" ? "unknown" : of}`}>
      <Shape of={of} />
      {sourceWords(source, now.value)}
    </span>
  );
}

export function Chip({ children, kind }: { children: ComponentChildren; kind?: string }) {
  return <span class={`chip ${kind ?? ""}`}>{children}</span>;
}

export function Field(props: {
  label: string;
  help?: string;
  error?: string;
  children: ComponentChildren;
  wide?: boolean;
}) {
  return (
    <label class={`field ${props.wide ? "wide" : ""} ${props.error ? "wrong" : ""}`}>
      <span class="label">{props.label}</span>
      {props.children}
      {props.error ? (
        <span class="error" role="alert">
          {props.error}
        </span>
      ) : (
        props.help && <span class="help">{props.help}</span>
      )}
    </label>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="title">{title}</p>
      {children && <div class="dim">{children}</div>}
    </div>
  );
}

// Nothing for the first 150 ms, then grey lines: a fast answer never flickers.
export function Skeleton({ lines = 6 }: { lines?: number }) {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div class="skeleton" role="status" aria-label={t("ui.state.loading")}>
      {shown && Array.from({ length: lines }, (_, i) => <div key={i} class={`line w${i % 3}`} />)}
    </div>
  );
}

export function errorText(e: ApiError): string {
  if (e.offline) {
    return t("ui.error.offline");
  }
  return e.problem.detail || e.problem.title || t("ui.error.status", { status: e.status });
}

export function ErrorBox({ error, again }: { error: ApiError; again: () => void }) {
  return (
    <div class="empty error-box" role="alert">
      <p class="title">
        <Shape of="attention" /> {t("ui.error.title")}
      </p>
      <p class="dim">{errorText(error)}</p>
      <Button onClick={again}>{t("ui.action.retry")}</Button>
    </div>
  );
}

// Shows what a query gives only once it has given it.
export function Loaded({
  load,
  lines,
  children,
}: {
  load: LoadState | LoadState[];
  lines?: number;
  children: () => ComponentChildren;
}) {
  const all = Array.isArray(load) ? load : [load];
  const failed = all.find((l) => l.state === "error");
  if (failed?.error) {
    return <ErrorBox error={failed.error} again={() => retry()} />;
  }
  return all.some((l) => l.state === "loading") ? <Skeleton lines={lines} /> : <>{children()}</>;
}

export function PageHead({
  title,
  sub,
  children,
}: {
  title: ComponentChildren;
  sub?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class="page-head">
      <div>
        <h1>{title}</h1>
        {sub && <div class="sub">{sub}</div>}
      </div>
      <div class="tools">{children}</div>
    </header>
  );
}

export function Facts({ rows }: { rows: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {rows.map(([k, v]) => (
        <div key={k}>
          <dt>{k}</dt>
          <dd>{v === null || v === undefined || v === "" ? <span class="dim">–</span> : v}</dd>
        </div>
      ))}
    </dl>
  );
}

export function Select(props: {
  value: string;
  onChange: (v: string) => void;
  options: [string, string][];
  none?: string;
  required?: boolean;
  label?: string;
  name?: string;
}) {
  return (
    <select
      value={props.value}
      required={props.required}
      aria-label={props.label}
      name={props.name}
      onChange={(e) => props.onChange(e.currentTarget.value)}
    >
      {props.none !== undefined && <option value="">{props.none}</option>}
      {props.options.map(([v, text]) => (
        <option key={v} value={v}>
          {text}
        </option>
      ))}
    </select>
  );
}

// A time as it is said here: 22/11/2026 14:05. The form holds the text; typedTime() gives what is sent.
export function TimeField(props: {
  label: string;
  value: string;
  onChange: (v: string) => void;
  required?: boolean;
  help?: string;
}) {
  const wrong = props.value !== "" && parseTyped(props.value, now.value) === null;
  return (
    <Field
      label={props.label}
      help={props.help ?? t("ui.time.help")}
      error={wrong ? t("ui.time.wrong") : undefined}
    >
      <input
        type="text"
        inputMode="numeric"
        autocomplete="off"
        placeholder={t("ui.time.example")}
        required={props.required}
        value={props.value}
        aria-invalid={wrong || undefined}
        onInput={(e) => props.onChange(e.currentTarget.value)}
      />
    </Field>
  );
}

export const typedTime = (text: string): string | undefined =>
  parseTyped(text, now.peek()) ?? undefined;

// A set of exclusive choices shown at once.
export function Choices(props: {
  name: string;
  legend: string;
  value: string;
  onChange: (v: string) => void;
  options: [string, string][];
  error?: string;
}) {
  return (
    <fieldset class={`choices ${props.error ? "wrong" : ""}`}>
      <legend>{props.legend}</legend>
      <div class="row">
        {props.options.map(([v, text]) => (
          <label key={v} class="choice">
            <input
              type="radio"
              name={props.name}
              value={v}
              checked={props.value === v}
              onChange={() => props.onChange(v)}
            />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {props.error && (
        <span class="error" role="alert">
          {props.error}
        </span>
      )}
    </fieldset>
  );
}

export function Filters(props: {
  name: string;
  value: string;
  onChange: (v: string) => void;
  options: [string, string, number?][];
}) {
  return (
    <div class="filters" role="group" aria-label={props.name}>
      {props.options.map(([v, text, n]) => (
        <button
          key={v}
          type="button"
          class="filter"
          aria-pressed={props.value === v}
          onClick={() => props.onChange(v)}
        >
          {text}
          {n !== undefined && <span class="n">{n}</span>}
        </button>
      ))}
    </div>
  );
}
