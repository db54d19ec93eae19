// SPDX-License-Identifier: Apache-2.0
// The door: name, password, language; then the code of who has a second factor. A refusal is said beside the form in
// the server's words.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api/client.ts";
import { switchLang } from "../app.tsx";
import { t } from "../lib/i18n.ts";
import { lang } from "../store/prefs.ts";
import { login, node } from "../store/session.ts";
import { Form } from "../ui/dialog.tsx";
import { CodeField } from "../ui/fields.tsx";
import { Button, Field } from "../ui/parts.tsx";

const wantsCode = (e: unknown) => e instanceof ApiError && e.problem.key === "http.err.login_code";

function SecondStep({ name, enter, back }: { name: string; enter: (code: string) => Promise<void>; back: () => void }) {
  const [code, setCode] = useState("");
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector("input")?.focus(), []);
  return (
    <div ref={box}>
      <Form submit={t("ui.login.enter")} onSubmit={() => enter(code.trim())}>
        <p class="wide">{t("ui.login.second", { name })}</p>
        <CodeField
          label={t("ui.factor.code_or_recovery")}
          help={t("ui.login.code_help")}
          name="code"
          value={code}
          onChange={setCode}
        />
      </Form>
      <Button kind="quiet" class="login-back" onClick={back}>
        {t("ui.login.back")}
      </Button>
    </div>
  );
}

export function LoginPage() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [second, setSecond] = useState(false);
  const first = () =>
    login(name.trim(), password).catch((e: unknown) => {
      if (!wantsCode(e)) {
        throw e;
      }
      setSecond(true);
    });
  const back = () => {
    setPassword("");
    setSecond(false);
  };
  return (
    <main class="login" id="main">
      <div class="login-box">
        <h1>Vọng gác</h1>
        <p class="dim">{node.value?.name ?? t("ui.login.about")}</p>
        {second ? (
          <SecondStep name={name.trim()} enter={(code) => login(name.trim(), password, code)} back={back} />
        ) : (
          <Form submit={t("ui.login.enter")} onSubmit={first}>
            <Field label={t("ui.login.name")} wide>
              <input
                type="text"
                name="login"
                autocomplete="username"
                autocapitalize="none"
                spellcheck={false}
                required
                autofocus
                value={name}
                onInput={(e) => setName(e.currentTarget.value)}
              />
            </Field>
            <Field label={t("ui.login.password")} wide>
              <input
                type="password"
                name="password"
                autocomplete="current-password"
                required
                value={password}
                onInput={(e) => setPassword(e.currentTarget.value)}
              />
            </Field>
          </Form>
        )}
        <div class="login-foot">
          {(["vi", "en"] as const).map((l) => (
            <button
              key={l}
              type="button"
              class="button plain"
              lang={l}
              aria-pressed={lang.value === l}
              onClick={() => void switchLang(l)}
            >
              {l === "vi" ? "Tiếng Việt" : "English"}
            </button>
          ))}
        </div>
      </div>
    </main>
  );
}
