// SPDX-License-Identifier: Apache-2.0
// One rule: what it says first, then what can be done with the version at hand, what it would have found, its text,
// and every version there was with who wrote and who approved it.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post, upload } from "../api/client.ts";
import type { FileTrial, RuleSource, RuleState, RuleText } from "../api/rule-types.ts";
import { pick, t, word } from "../lib/i18n.ts";
import { go, place, setQuery } from "../router.ts";
import { may, session } from "../store/session.ts";
import { need, one, rows } from "../store/store.ts";
import { FormDialog } from "../ui/dialog.tsx";
import { FileField } from "../ui/fields.tsx";
import { Shape } from "../ui/icons.tsx";
import { Button, Chip, ErrorBox, Facts, Field, Filters, LevelMark, Loaded, PageHead, Skeleton, Time, errorText } from "../ui/parts.tsx";
import { attempt } from "../ui/toast.tsx";
import { RuleEditor } from "./rule-edit.tsx";
import { Shadow, Trial, TrialOfFile } from "./rule-found.tsx";

const ORDER: RuleState[] = ["draft", "shadow", "active", "superseded", "retired"];
const address = (name: string, more = "") => `/rules/${encodeURIComponent(name)}${more}`;
const PERIODS = [1, 7, 28, 90, 365];
const FILE_MB = 16; // what the server takes

// --- acts -----------------------------------------------------------------------------------------
function tryJournal(x: RuleText, days: number) {
  const to = Date.now();
  return post(`/rule-texts/${x.id}/try`, {
    from: new Date(to - days * 86400e3).toISOString(),
    to: new Date(to).toISOString(),
  });
}

async function tryFile(x: RuleText, file: File): Promise<FileTrial> {
  if (file.size > FILE_MB << 20) {
    throw new ApiError(413, { status: 413, detail: t("ui.rule.file_big", { n: FILE_MB }) });
  }
  return { ...(await upload<FileTrial>(`/rule-texts/${x.id}/try-file`, {}, file)), name: file.name };
}

type Tried = (of: FileTrial) => void;

function TryDialog({ x, onFile, onClose }: { x: RuleText; onFile: Tried; onClose: () => void }) {
  const [on, setOn] = useState("journal");
  const [days, setDays] = useState("28");
  const [file, setFile] = useState<File | undefined>();
  const [error, setError] = useState("");
  const upload = async () => {
    try {
      onFile(await tryFile(x, file!));
    } catch (e) {
      setError(e instanceof ApiError ? errorText(e) : "");
      throw e;
    }
  };
  return (
    <FormDialog
      title={t("ui.rule.try")}
      submit={t("ui.rule.try")}
      onClose={onClose}
      quiet={on === "file"}
      disabled={on === "file" && !file}
      onSubmit={() => (on === "file" ? upload() : tryJournal(x, Number(days)))}
    >
      <div class="wide">
        <Filters
          name={t("ui.rule.try_on")}
          value={on}
          onChange={setOn}
          options={["journal", "file"].map((o) => [o, word("ui.rule.try_on", o)])}
        />
        <p>{t(on === "file" ? "ui.rule.file_help" : "ui.rule.try_help")}</p>
        {on === "journal" && (
          <Filters
            name={t("ui.rule.try_period")}
            value={days}
            onChange={setDays}
            options={PERIODS.map((n) => [String(n), t("ui.rule.days", { n })])}
          />
        )}
      </div>
      {on === "file" && (
        <FileField
          label={t("ui.rule.file_field")}
          help={t("ui.rule.file_form", { n: FILE_MB })}
          error={error}
          wide
          required
          accept=".csv,.txt"
          onChange={(f) => {
            setFile(f);
            setError("");
          }}
        />
      )}
    </FormDialog>
  );
}

function ReasonDialog(p: {
  title: string;
  help: string;
  required: boolean;
  danger?: boolean;
  onSubmit: (reason: string) => Promise<unknown>;
  onClose: () => void;
}) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog title={p.title} submit={p.title} onClose={p.onClose} onSubmit={() => p.onSubmit(reason.trim())}>
      <div class="wide">
        <p>{p.help}</p>
      </div>
      <Field label={p.required ? t("ui.rule.reason") : t("ui.rule.reason_may")} wide>
        <textarea
          rows={3}
          maxLength={500}
          required={p.required}
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

const isAuthor = (x: RuleText): boolean => x.authors.split(" ").includes(session.value?.user.id ?? "-");

function Approve({ x, onClose }: { x: RuleText; onClose: () => void }) {
  const tried = x.trial_state === "done";
  const needed = !tried || x.trial_over;
  return (
    <ReasonDialog
      title={t("ui.rule.approve")}
      help={
        !tried ? t("ui.rule.approve_untried") : x.trial_over ? t("ui.rule.approve_over") : t("ui.rule.approve_help")
      }
      required={needed}
      onClose={onClose}
      onSubmit={(reason) => post(`/rule-texts/${x.id}/approve`, reason ? { reason } : {})}
    />
  );
}

// The address may ask for an act (the page of alarm quality links to them): ?act=try, ?act=retire.
function Acts({ x, onFile }: { x: RuleText; onFile: Tried }) {
  const asked = place.value.query.get("act");
  const [open, setOpen] = useState<"try" | "approve" | "retire" | null>(
    may("rules.draft") && x.state !== "superseded" && x.state !== "retired" && (asked === "try" || asked === "retire") ? asked : null,
  );
  const close = () => {
    setOpen(null);
    setQuery({ act: null });
  };
  const fresh = x.state === "draft" || x.state === "shadow";
  const drafts = may("rules.draft");
  return (
    <div class="acts">
      {drafts && x.state === "draft" && (
        <Button onClick={() => go(address(x.name, `?edit=1&text=${x.id}`))}>{t("ui.rule.edit")}</Button>
      )}
      {drafts && x.state !== "draft" && (
        <Button onClick={() => go(address(x.name, `?edit=1&like=${x.id}`))}>{t("ui.rule.write_next")}</Button>
      )}
      {drafts && (fresh || x.state === "active") && x.trial_state !== "asked" && (
        <Button onClick={() => setOpen("try")}>{t("ui.rule.try")}</Button>
      )}
      {drafts && x.state === "draft" && (
        <Button onClick={() => void attempt(() => post(`/rule-texts/${x.id}/shadow`), t("ui.rule.shadowed"))}>
          {t("ui.rule.to_shadow")}
        </Button>
      )}
      {drafts && (fresh || x.state === "active") && (
        <Button onClick={() => setOpen("retire")}>
          {x.state === "draft" ? t("ui.rule.drop") : t("ui.rule.retire")}
        </Button>
      )}
      {may("rules.approve") && fresh && !isAuthor(x) && (
        <Button kind="primary" onClick={() => setOpen("approve")}>
          {t("ui.rule.approve")}
        </Button>
      )}
      {fresh && (isAuthor(x) || !may("rules.approve")) && (
        <p class="dim">{isAuthor(x) ? t("ui.rule.not_author") : t("ui.rule.needs_other")}</p>
      )}
      {open === "try" && <TryDialog x={x} onFile={onFile} onClose={close} />}
      {open === "approve" && <Approve x={x} onClose={close} />}
      {open === "retire" && (
        <ReasonDialog
          title={x.state === "draft" ? t("ui.rule.drop") : t("ui.rule.retire")}
          help={x.state === "active" ? t("ui.rule.retire_help") : t("ui.rule.drop_help")}
          required
          onClose={close}
          onSubmit={(reason) => post(`/rule-texts/${x.id}/retire`, { reason })}
        />
      )}
    </div>
  );
}

// --- what it says -----------------------------------------------------------------------------------
type Shown = Pick<RuleText, "name" | "version" | "type" | "portable" | "stratum" | "sites"> & object;

function Sentence({ of }: { of: object }) {
  return (
    <section class="rule-sentence" aria-label={t("ui.rule.sentence")}>
      <p class="says">{pick(of, "sentence") || t("ui.rule.no_sentence")}</p>
      {pick(of, "cancel") && (
        <p>
          <b>{t("ui.rule.cancels")}</b> {pick(of, "cancel")}
        </p>
      )}
    </section>
  );
}

function About({ of, file }: { of: Shown; file?: string }) {
  need("sites");
  const where = of.sites.map((s) => one("sites", s)?.name ?? s).join(", ");
  return (
    <Facts
      rows={[
        [t("ui.rule.name"), <code>{of.name}</code>],
        [t("ui.rule.kind"), word("ui.rule.type", of.type)],
        [t("ui.rule.version_of"), <code>{of.version}</code>],
        [t("ui.rule.where"), where || t("ui.rule.everywhere")],
        [t("ui.rule.portable"), of.portable ? t("ui.rule.portable_yes") : t("ui.rule.portable_no")],
        ...(of.stratum ? [[t("ui.rule.stratum"), t("ui.rule.stratum_n", { n: of.stratum })] as [string, string]] : []),
        ...(file ? [[t("ui.rule.file"), file] as [string, string]] : []),
      ]}
    />
  );
}

function History({ list, chosen }: { list: RuleText[]; chosen?: string }) {
  return (
    <section aria-labelledby="rule-history">
      <h2 id="rule-history">{t("ui.rule.history")}</h2>
      <ol class="rule-history">
        {list.map((x) => (
          <li key={x.id} aria-current={x.id === chosen ? "true" : undefined}>
            <a href={address(x.name, `?text=${x.id}`)}>
              {t("ui.rule.version", { n: x.version.slice(0, 8) })}
            </a>
            <Chip>{word("ui.rule.state", x.state)}</Chip>
            <div>
              {t("ui.rule.by", { name: x.author_name ?? t("ui.rule.local") })} · <Time at={x.changed_at} withAge={false} />
              {x.note && ` · ${x.note}`}
            </div>
            {x.approved_at && (
              <div>
                {t("ui.rule.approved_by", { name: x.approver_name ?? "–" })} · <Time at={x.approved_at} withAge={false} />
                {x.reason && ` · ${x.reason}`}
              </div>
            )}
            {x.ended_at && (
              <div>
                {x.ended_by_name ? t("ui.rule.ended_by", { name: x.ended_by_name }) : t("ui.rule.ended")} ·{" "}
                <Time at={x.ended_at} withAge={false} />
                {x.ended_why && ` · ${x.ended_why}`}
              </div>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

export function useSource(name: string): [RuleSource | null, ApiError | null, () => void] {
  const [source, setSource] = useState<RuleSource | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [n, again] = useState(0);
  useEffect(() => {
    setError(null);
    if (name) {
      get<RuleSource>(`/rules/${encodeURIComponent(name)}/source`).then(setSource, setError);
    }
  }, [name, n]);
  return [source, error, () => again(n + 1)];
}

function Shipped({ name }: { name: string }) {
  const [source, error, again] = useSource(name);
  if (error) {
    return <ErrorBox error={error} again={again} />;
  }
  if (!source) {
    return <Skeleton />;
  }
  return (
    <>
      <Head of={source} state="active" />
      <Sentence of={source} />
      {may("rules.draft") && (
        <div class="acts">
          <Button onClick={() => go(address(name, "?edit=1"))}>{t("ui.rule.write_next")}</Button>
        </div>
      )}
      <About of={source} file={source.file} />
      <h2>{t("ui.rule.text")}</h2>
      <pre class="rule-text">{source.text}</pre>
    </>
  );
}

function Head({ of, state }: { of: object & { level: RuleText["level"] }; state: string }) {
  return (
    <PageHead title={pick(of, "title")} sub={<a href="/rules">{t("ui.nav.rules")}</a>}>
      <LevelMark level={of.level} />
      <Chip>
        {state === "active" && <Shape of="normal" />} {word("ui.rule.state", state)}
      </Chip>
    </PageHead>
  );
}

function Written({ x }: { x: RuleText }) {
  const [file, setFile] = useState<FileTrial | null>(null);
  return (
    <>
      <Head of={x} state={x.state} />
      <Sentence of={x} />
      <Acts x={x} onFile={setFile} />
      <Trial x={x} />
      {file && <TrialOfFile x={x} of={file} />}
      <Shadow x={x} />
      <h2>{t("ui.rule.text")}</h2>
      <pre class="rule-text">{x.text}</pre>
      <About of={x} />
    </>
  );
}

export function RulePage({ name }: { name: string }) {
  const load = need("rule-texts").value;
  const q = place.value.query;
  const list = rows("rule-texts")
    .filter((x) => x.name === name)
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.changed_at.localeCompare(a.changed_at));
  const asked = q.get("text") ?? q.get("like");
  const chosen = one("rule-texts", asked) ?? (["draft", "shadow", "active"].includes(list[0]?.state ?? "") ? list[0] : undefined);
  const act = q.get("act"); // merging is written; so is what to try of a rule nobody here has written
  const edit = q.get("edit") ?? (may("rules.draft") && (act === "merge" || (act === "try" && !chosen)));
  const fixed = chosen?.state === "draft" && (q.get("text") ?? act);
  return (
    <div class="page rule-page">
      <Loaded load={load} lines={8}>
        {() =>
          edit ? (
            <RuleEditor
              name={name}
              draft={fixed ? chosen : undefined}
              like={!fixed && (q.get("like") ?? act) ? chosen : undefined}
              hint={act && t(`ui.rule.hint.${act}`)}
            />
          ) : (
            <>
              {chosen ? <Written key={chosen.id} x={chosen} /> : <Shipped name={name} />}
              {list.length > 0 && <History list={list} chosen={chosen?.id} />}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
