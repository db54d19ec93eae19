// SPDX-License-Identifier: Apache-2.0
// The second factor of one's own account: password, then the picture for the telephone, then its first code; only with
// that it counts. The recovery codes are shown once.
import { useState } from "preact/hooks";
import type { FactorSeed } from "../../api/accounts.ts";
import { post } from "../../api/client.ts";
import { t } from "../../lib/i18n.ts";
import { session, setFactor } from "../../store/session.ts";
import { Dialog, Form, FormDialog } from "../../ui/dialog.tsx";
import { CodeField, PasswordField } from "../../ui/fields.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Button } from "../../ui/parts.tsx";
import { Qr } from "../../ui/qr.tsx";

function Codes({ codes, onClose }: { codes: string[]; onClose: () => void }) {
  return (
    <Dialog title={t("ui.factor.codes")} class="sheet" onClose={onClose}>
      <p>{t("ui.factor.codes_more")}</p>
      <ol class="recovery">
        {codes.map((c) => (
          <li key={c}>
            <code>{c}</code>
          </li>
        ))}
      </ol>
      <div class="buttons">
        <Button onClick={() => print()}>{t("ui.action.print")}</Button>
        <Button kind="primary" onClick={onClose}>
          {t("ui.factor.codes_kept")}
        </Button>
      </div>
    </Dialog>
  );
}

function SetUp({ id, onClose }: { id: string; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [seed, setSeed] = useState<FactorSeed | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = async () => {
    setSeed(await post<FactorSeed>(`/users/${id}/factor`, { password }));
    setPassword("");
  };
  const confirm = async () => {
    setCodes((await post<{ codes: string[] }>(`/users/${id}/factor/confirm`, { code })).codes);
    setSeed(null);
    setFactor(true);
  };
  if (codes) {
    return <Codes key="codes" codes={codes} onClose={onClose} />;
  }
  if (!seed) {
    return (
      <Dialog key="password" title={t("ui.factor.set_up")} onClose={onClose}>
        <Form submit={t("ui.factor.go_on")} onSubmit={begin} onCancel={onClose}>
          <p class="wide dim">{t("ui.factor.about")}</p>
          <PasswordField label={t("ui.me.password_now")} value={password} onChange={setPassword} />
        </Form>
      </Dialog>
    );
  }
  return (
    <Dialog key="seed" title={t("ui.factor.set_up")} onClose={onClose}>
      <Form submit={t("ui.factor.turn_on")} onSubmit={confirm} onCancel={onClose}>
        <p class="wide">{t("ui.factor.scan")}</p>
        <div class="wide factor-seed">
          <Qr rows={seed.qr} label={t("ui.factor.qr")} />
          <div>
            <p class="dim">{t("ui.factor.by_hand")}</p>
            <code class="seed">{seed.seed}</code>
          </div>
        </div>
        <CodeField label={t("ui.factor.code")} help={t("ui.factor.code_help")} value={code} onChange={setCode} />
      </Form>
    </Dialog>
  );
}

function Remove({ id, onClose }: { id: string; onClose: () => void }) {
  const [v, setV] = useState({ password: "", code: "" });
  const submit = async () => {
    await post(`/users/${id}/factor/remove`, v);
    setFactor(false);
  };
  return (
    <FormDialog title={t("ui.factor.remove")} submit={t("ui.factor.remove")} onSubmit={submit} onClose={onClose}>
      <p class="wide">{t("ui.factor.remove_more")}</p>
      <PasswordField
        label={t("ui.me.password_now")}
        value={v.password}
        onChange={(password) => setV({ ...v, password })}
      />
      <CodeField
        label={t("ui.factor.code_or_recovery")}
        value={v.code}
        onChange={(code) => setV({ ...v, code })}
      />
    </FormDialog>
  );
}

export function Factor() {
  const me = session.value!.user;
  const [open, setOpen] = useState<"set" | "remove" | null>(null);
  const close = () => setOpen(null);
  return (
    <>
      <p class="factor-state">
        <Shape of={me.factor ? "normal" : "unknown"} /> <b>{t(me.factor ? "ui.factor.on" : "ui.factor.off")}</b>
      </p>
      <p class="dim">{t(me.factor ? "ui.factor.on_more" : "ui.factor.about")}</p>
      {me.factor ? (
        <Button onClick={() => setOpen("remove")}>{t("ui.factor.remove")}</Button>
      ) : (
        <Button kind="primary" onClick={() => setOpen("set")}>
          {t("ui.factor.set_up")}
        </Button>
      )}
      {open === "set" && <SetUp id={me.id} onClose={close} />}
      {open === "remove" && <Remove id={me.id} onClose={close} />}
    </>
  );
}
