// SPDX-License-Identifier: Apache-2.0
// Access rules: what is not in order, as an expression, and whether the gate asks or stops. Before it is kept it is said
// back in words.
import { useEffect, useState } from "preact/hooks";
import { ApiError, post } from "../../api/client.ts";
import type { GateRule } from "../../api/gate.ts";
import { t, word } from "../../lib/i18n.ts";
import { may } from "../../store/session.ts";
import { need, one, rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { SiteField, TextField } from "../../ui/fields.tsx";
import { List, type Column } from "../../ui/list.tsx";
import { Button, Choices, Empty, errorText, Field } from "../../ui/parts.tsx";
import { attempt } from "../../ui/toast.tsx";

const CHECK_MS = 300;

function useCheck(condition: string): {
  words?: string;
  wrong?: string;
} {
  const [said, setSaid] = useState<{
    words?: string;
    wrong?: string;
  }>({});
  useEffect(() => {
    let on = true;
    const timer = setTimeout(() => {
      if (condition.trim()) {
        post<{ words: string }>("/gate/rule-check", { condition }).then(
          (a) => on && setSaid({ words: a.words }),
          (e: ApiError) => on && setSaid({ wrong: errorText(e) }),
        );
      } else {
        setSaid({});
      }
    }, CHECK_MS);
    return () => {
      on = false;
      clearTimeout(timer);
    };
  }, [condition]);
  return said;
}

function RuleForm({ r, site, onClose }: { r?: GateRule; site: string; onClose: () => void }) {
  const [v, setV] = useState({
    site: r?.site ?? site,
    name: r?.name ?? "",
    condition: r?.condition ?? "",
    say: r?.say ?? "ask",
  });
  const said = useCheck(v.condition);
  const set = (c: Partial<typeof v>) => setV({ ...v, ...c });
  const body = { name: v.name, condition: v.condition, say: v.say };
  return (
    <FormDialog
      title={t(r ? "ui.pass.rule_change" : "ui.pass.rule_add")}
      submit={t("ui.action.save")}
      disabled={!said.words}
      onSubmit={() =>
        r ? post(`/gate-rules/${r.id}`, body) : post("/gate-rules", { site: v.site, ...body })
      }
      onClose={onClose}
    >
      {!r && <SiteField required value={v.site} onChange={(s) => set({ site: s })} />}
      <TextField label={t("ui.pass.rule_name")} max={120} value={v.name} onChange={(name) => set({ name })} />
      <Field label={t("ui.pass.condition")} help={t("ui.pass.condition_help")} error={said.wrong} wide>
        <textarea
          rows={3}
          maxLength={1000}
          required
          spellcheck={false}
          value={v.condition}
          onInput={(e) => set({ condition: e.currentTarget.value })}
        />
      </Field>
      {said.words && <p class="wide">{t("ui.pass.rule_words", { words: said.words })}</p>}
      <Choices
        name="say"
        legend={t("ui.pass.rule_says")}
        value={v.say}
        onChange={(say) => set({ say: say as typeof v.say })}
        options={[
          ["ask", t("ui.pass.say.ask")],
          ["stop", t("ui.pass.say.stop")],
        ]}
      />
    </FormDialog>
  );
}

export function AccessRules({ site }: { site: string }) {
  const load = need("gate-rules", { state: "active" }).value;
  const [open, setOpen] = useState<GateRule | "new" | null>(null);
  const edit = may("gate.edit");
  const columns: Column<GateRule>[] = [
    { key: "name", title: t("ui.pass.rule_name"), text: (r) => r.name },
    {
      key: "site",
      title: t("ui.board.site"),
      width: "14rem",
      narrow: true,
      text: (r) => one("sites", r.site)?.name,
    },
    {
      key: "condition",
      title: t("ui.pass.condition"),
      width: "28rem",
      narrow: true,
      cell: (r) => <code>{r.condition}</code>,
      text: (r) => r.condition,
    },
    {
      key: "say",
      title: t("ui.pass.rule_says"),
      width: "8rem",
      text: (r) => word("ui.pass.say", r.say),
    },
    ...(edit
      ? [
          {
            key: "do",
            fixed: true,
            title: t("ui.pass.do"),
            width: "8rem",
            cell: (r: GateRule) => (
              <Button
                kind="plain"
                onClick={(e: MouseEvent) => {
                  e.stopPropagation();
                  void attempt(
                    () => post(`/gate-rules/${r.id}`, { state: "removed" }),
                    t("ui.pass.rule_removed"),
                    () => void post(`/gate-rules/${r.id}`, { state: "active" }),
                  );
                }}
              >
                {t("ui.pass.remove")}
              </Button>
            ),
          },
        ]
      : []),
  ];
  return (
    <>
      <List
        name="gate-rules"
        label={t("ui.pass.rules")}
        rows={rows("gate-rules").filter((r) => r.state === "active" && (!site || r.site === site))}
        columns={columns}
        keyOf={(r) => r.id}
        load={load}
        onOpen={edit ? setOpen : undefined}
        download="gate-rules"
        tools={
          edit && (
            <Button kind="primary" onClick={() => setOpen("new")}>
              {t("ui.pass.rule_add")}
            </Button>
          )
        }
        empty={<Empty title={t("ui.pass.rules_none")}>{t("ui.pass.rules_none_more")}</Empty>}
      />
      {open && <RuleForm r={open === "new" ? undefined : open} site={site} onClose={() => setOpen(null)} />}
    </>
  );
}
