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
        <div>
          <dt>{t("ui.machine.account")}</dt>
          <dd>{me.name}</dd>
        </div>
        <div>
          <dt>{t("ui.machine.kind")}</dt>
          <dd>{word("ui.machine.kind", me.kind)}</dd>
        </div>
        <div>
          <dt>{t("ui.board.site")}</dt>
          <dd>{me.site_name}</dd>
        </div>
        <div>
          <dt>{t("ui.machine.print")}</dt>
          <dd class="num">{me.fingerprint}</dd>
        </div>
      </dl>
      <p role="status" class="device-state">
        <Shape of={state === "known" ? "normal" : state === "asking" ? "unknown" : "attention"} />{" "}
        {word("ui.machine.is", state)}
      </p>
      <div class="buttons">
        <Button kind="primary" onClick={check}>
          {t("ui.machine.check")}
        </Button>
        {state === "refused" && <Button onClick={() => void forget().then(onForget)}>{t("ui.machine.again")}</Button>}
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
      submit={t("ui.machine.enrol")}
      onSubmit={async () => onBound(await enrol(code.trim(), name.trim(), lang.value))}
    >
      <p class="wide">{t("ui.machine.enrol_more")}</p>
      <CodeField label={t("ui.machine.code")} name="code" value={code} onChange={setCode} />
      <TextField label={t("ui.machine.own_name")} help={t("ui.machine.own_name_help")} wide max={60} value={name} onChange={setName} />
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
        <p class="dim">{t("ui.machine.title")}</p>
        {me === undefined ? (
          <Skeleton lines={3} />
        ) : !possible() ? (
          <p role="alert">{t("ui.machine.impossible")}</p>
        ) : me ? (
          <Known me={me} onForget={() => setMe(null)} />
        ) : (
          <Enrol onBound={setMe} />
        )}
      </div>
    </main>
  );
}
