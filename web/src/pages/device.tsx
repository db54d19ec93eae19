// SPDX-License-Identifier: Apache-2.0
// /thiet-bi: this browser becomes a device of a gate or a phone by a code, without anybody logging in. Once bound it says
// as what, and whether the node still knows it.
import { useEffect, useState } from "preact/hooks";
import { forget, enrol, possible, self, signed, type Bound } from "../lib/device.ts";
import { t, word } from "../lib/i18n.ts";
import { lang } from "../store/prefs.ts";
import { Form } from "../ui/dialog.tsx";
import { CodeField, TextField } from "../ui/fields.tsx";
import { Shape } from "../ui/icons.tsx";
import { Button, Skeleton } from "../ui/parts.tsx";

type State = "asking" | "known" | "refused" | "unreachable";

async function ask(): Promise<State> {
  const me = await self();
  try {
    return me && (await signed(me, "GET", "/session")).ok ? "known" : "refused";
  } catch {
    return "unreachable";
  }
}

function Known({ me, onForget }: { me: Bound; onForget: () => void }) {
  const [state, setState] = useState<State>("asking");
  const check = () => {
    setState("asking");
    void ask().then(setState);
  };
  useEffect(check, []);
  return (
    <>
      <dl class="facts">
        <dt>{t("ui.device.account")}</dt>
        <dd>{me.name}</dd>
        <dt>{t("ui.device.kind")}</dt>
        <dd>{word("ui.device.kind", me.kind)}</dd>
        <dt>{t("ui.board.site")}</dt>
        <dd>{me.site_name}</dd>
        <dt>{t("ui.device.print")}</dt>
        <dd class="num">{me.fingerprint}</dd>
      </dl>
      <p role="status" class="device-state">
        <Shape of={state === "known" ? "normal" : state === "asking" ? "unknown" : "attention"} />{" "}
        {word("ui.device.is", state)}
      </p>
      <div class="buttons">
        <Button kind="primary" onClick={check}>
          {t("ui.device.check")}
        </Button>
        {state === "refused" && <Button onClick={() => void forget().then(onForget)}>{t("ui.device.again")}</Button>}
      </div>
    </>
  );
}

// The picture of the code leads here with the code behind "#": it does not stay in the address.
function codeInAddress(): string {
  const code = decodeURIComponent(location.hash.slice(1));
  if (code) {
    history.replaceState(null, "", location.pathname);
  }
  return code;
}

function Enrol({ onBound }: { onBound: (me: Bound) => void }) {
  const [code, setCode] = useState(codeInAddress);
  const [name, setName] = useState("");
  return (
    <Form
      submit={t("ui.device.enrol")}
      onSubmit={async () => onBound(await enrol(code.trim(), name.trim(), lang.value))}
    >
      <p class="wide">{t("ui.device.enrol_more")}</p>
      <CodeField label={t("ui.device.code")} name="code" value={code} onChange={setCode} />
      <TextField label={t("ui.device.own_name")} help={t("ui.device.own_name_help")} wide max={60} value={name} onChange={setName} />
    </Form>
  );
}

export function DevicePage() {
  const [me, setMe] = useState<Bound | null | undefined>(undefined);
  useEffect(() => {
    if (possible()) {
      void self().then((kept) => setMe(kept ?? null));
    } else {
      setMe(null);
    }
  }, []);
  return (
    <main class="login" id="main">
      <div class="login-box">
        <h1>Vọng gác</h1>
        <p class="dim">{t("ui.device.title")}</p>
        {me === undefined ? (
          <Skeleton lines={3} />
        ) : !possible() ? (
          <p role="alert">{t("ui.device.impossible")}</p>
        ) : me ? (
          <Known me={me} onForget={() => setMe(null)} />
        ) : (
          <Enrol onBound={setMe} />
        )}
      </div>
    </main>
  );
}
