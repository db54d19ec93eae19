// SPDX-License-Identifier: Apache-2.0
// Sức khỏe nút: what `vonggac doctor` finds, at the console. What must be done comes first; what is well is quiet.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get } from "../api/client.ts";
import { lang } from "../store/prefs.ts";
import { t, word } from "../lib/i18n.ts";
import { Shape } from "../ui/icons.tsx";
import { Button, ErrorBox, PageHead, Skeleton } from "../ui/parts.tsx";

type Grade = "must" | "soon" | "note" | "fine";
interface Finding {
  what: string;
  state: string;
  grade: Grade;
  text: string;
  do: string;
}
interface Health {
  must: number;
  soon: number;
  findings: Finding[];
}

const GRADES: Grade[] = ["must", "soon", "note", "fine"];
const SHAPE = { must: "act", soon: "attention", note: "info", fine: "normal" } as const;

export function HealthPage() {
  const [health, setHealth] = useState<Health | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const read = () => {
    setError(null);
    return get<Health>("/health").then(setHealth, setError);
  };
  useEffect(() => void read(), [lang.value]);
  const sub = health && (health.must || health.soon ? t("ui.health.sub", { must: health.must, soon: health.soon }) : t("ui.health.well"));
  return (
    <div class="page health">
      <PageHead title={t("ui.health.title")} sub={sub}>
        <Button onClick={() => void read()}>{t("ui.health.again")}</Button>
      </PageHead>
      {error && <ErrorBox error={error} again={() => void read()} />}
      {!health && !error && <Skeleton lines={8} />}
      {health &&
        GRADES.map((g) => {
          const list = health.findings.filter((f) => f.grade === g);
          return (
            list.length > 0 && (
              <section key={g} aria-labelledby={`health-${g}`}>
                <h2 id={`health-${g}`}>
                  <Shape of={SHAPE[g]} /> {word("ui.health.grade", g)} <span class="n">{list.length}</span>
                </h2>
                <ul class="findings">
                  {list.map((f, i) => (
                    <li key={`${f.what}${i}`} class={g}>
                      <span>{f.text}</span>
                      {f.do && <span class="remedy">{f.do}</span>}
                    </li>
                  ))}
                </ul>
              </section>
            )
          );
        })}
      {health && <p class="dim">{t("ui.health.same")}</p>}
    </div>
  );
}
