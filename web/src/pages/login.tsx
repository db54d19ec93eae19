// SPDX-License-Identifier: Apache-2.0
// The door: name, password, language. A refusal is said beside the form in the server's words.
import { useState } from "preact/hooks";
import { switchLang } from "../app.tsx";
import { t } from "../lib/i18n.ts";
import { lang } from "../store/prefs.ts";
import { login, node } from "../store/session.ts";
import { Form } from "../ui/dialog.tsx";
import { Field } from "../ui/parts.tsx";

export function LoginPage() {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  return (
    <main class="login" id="main">
      <div class="login-box">
        <h1>Vọng gác</h1>
        <p class="dim">{node.value?.name ?? t("ui.login.about")}</p>
        <Form submit={t("ui.login.enter")} onSubmit={() => login(name.trim(), password)}>
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
