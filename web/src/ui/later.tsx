// SPDX-License-Identifier: Apache-2.0
// Pages of the second load: fetched when one of them is asked for, and anyhow once nobody is busy, so that they are at
// hand when the connection is lost. What a guard or the duty desk works with is never among them.
import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../lib/i18n.ts";
import { Button, Empty, Skeleton } from "./parts.tsx";

type Late = typeof import("../pages-late.ts");
let late: Late | null = null;
async function fetched(): Promise<void> {
  late ??= await import("../pages-late.ts");
}

export function later<P extends object>(pageOf: (late: Late) => ComponentType<P>): (props: P) => JSX.Element {
  return function Later(props: P) {
    const [state, setState] = useState("");
    useEffect(() => {
      if (!late) {
        fetched().then(
          () => setState("here"),
          () => setState("failed"),
        );
      }
    }, []);
    if (late) {
      const Page = pageOf(late);
      return <Page {...props} />;
    }
    return state === "failed" ? (
      <Empty title={t("ui.later.failed")}>
        <Button onClick={() => location.reload()}>{t("ui.later.again")}</Button>
      </Empty>
    ) : (
      <Skeleton lines={10} />
    );
  };
}

const AFTER_MS = 5000;
export function fetchTheRest(): void {
  setTimeout(() => void fetched().catch(() => undefined), AFTER_MS); // failed: asked for again when one is opened
}
