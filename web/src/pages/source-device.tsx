// SPDX-License-Identifier: Apache-2.0
// Cấu hình thiết bị: what must be typed into a camera or a terminal so that it reports here. A sheet to read beside
// the device, or to print; the token on it is a secret.
import { useEffect, useState } from "preact/hooks";
import { ApiError, get } from "../api/client.ts";
import type { Source } from "../api/types.ts";
import { t, word } from "../lib/i18n.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Button, ErrorBox, Facts, Skeleton } from "../ui/parts.tsx";

export const HTTP_DEVICES = ["hikvision", "dahua", "zkteco"];

interface Setup {
  address: string;
  listen?: string;
  tls?: string;
  path?: string;
  bare_path?: string;
  token?: string;
}

// The node's name as this browser knows it, unless the listener has an address of its own.
function server(at: string | undefined): string {
  const cut = at?.lastIndexOf(":") ?? -1;
  const host = at?.slice(0, cut);
  const own = !host || host === "*" || host === "0.0.0.0" || host === "[::]";
  return `${own ? window.location.hostname : host}:${at ? at.slice(cut + 1) : "9080"}`;
}

function Sheet({ s, got }: { s: Source; got: Setup }) {
  const path = got.path ?? got.bare_path ?? "/";
  const plain = server(got.listen);
  const cut = plain.lastIndexOf(":");
  return (
    <>
      {!got.listen && <p class="warn">{t("ui.device.off")}</p>}
      <Facts
        rows={[
          [t("ui.source.proto"), word("ui.proto", s.proto)],
          [t("ui.source.address"), <code>{got.address}</code>],
          [t("ui.device.server"), <code>{plain.slice(0, cut)}</code>],
          [t("ui.device.port"), <code>{plain.slice(cut + 1)}</code>],
          [t("ui.device.path"), s.proto === "zkteco" && !got.path ? "–" : <code>{path}</code>],
          [t("ui.device.url"), <code>{`http://${plain}${path}`}</code>],
          ...(got.tls
            ? ([
                [t("ui.device.url_tls"), <code>{`https://${server(got.tls)}${path}`}</code>],
              ] as [string, preact.ComponentChild][])
            : []),
        ]}
      />
      <p>{t(`ui.device.steps.${s.proto}`)}</p>
      <p class={got.path ? "" : "warn"}>
        {t(got.path ? "ui.device.secret" : "ui.device.unproven")}
      </p>
    </>
  );
}

export function DeviceSetup({ s, onClose }: { s: Source; onClose: () => void }) {
  const [got, setGot] = useState<Setup | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    setError(null);
    get<Setup>(`/sources/${s.id}/device-setup`).then(setGot, (e) => {
      if (!(e instanceof ApiError)) {
        throw e;
      }
      setError(e);
    });
  }, [s.id, turn]);
  return (
    <Dialog title={t("ui.device.title", { name: s.name })} class="sheet" onClose={onClose}>
      <div class="device-setup">
        {error ? (
          <ErrorBox error={error} again={() => setTurn(turn + 1)} />
        ) : got ? (
          <Sheet s={s} got={got} />
        ) : (
          <Skeleton lines={5} />
        )}
        <div class="buttons">
          <Button kind="quiet" onClick={onClose}>
            {t("ui.action.close_dialog")}
          </Button>
          <Button kind="primary" disabled={!got} onClick={() => window.print()}>
            {t("ui.device.print")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
