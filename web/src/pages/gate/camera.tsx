// SPDX-License-Identifier: Apache-2.0
// The camera as a reader: for a telephone or a tablet at a gate that has no scanner. Pictures are looked at and dropped;
// nothing of them is kept or sent.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../../lib/i18n.ts";
import { Dialog } from "../../ui/dialog.tsx";
import type { ReadQr } from "./qr-read.ts";

declare const VG_QR_JS: string;
const EVERY_MS = 150;
const SIDE_MAX = 720; // a code that fills half the picture is read at this size

export const hasCamera = (): boolean => isSecureContext && !!navigator.mediaDevices?.getUserMedia;

const held = globalThis as { vgReadQr?: ReadQr };
function reader(): Promise<ReadQr> {
  return new Promise((done, fail) => {
    if (held.vgReadQr) {
      done(held.vgReadQr);
      return;
    }
    const s = document.createElement("script");
    s.src = VG_QR_JS;
    s.onload = () => (held.vgReadQr ? done(held.vgReadQr) : fail(new Error(VG_QR_JS)));
    s.onerror = () => fail(new Error(VG_QR_JS));
    document.head.append(s);
  });
}

function look(read: ReadQr, video: HTMLVideoElement, canvas: HTMLCanvasElement): string | null {
  const scale = Math.min(1, SIDE_MAX / Math.max(video.videoWidth, video.videoHeight));
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const c = canvas.getContext("2d", { willReadFrequently: true });
  if (!c || !canvas.width || !canvas.height) {
    return null;
  }
  c.drawImage(video, 0, 0, canvas.width, canvas.height);
  return read(c.getImageData(0, 0, canvas.width, canvas.height));
}

export function Camera({ onRead, onClose }: { onRead: (text: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    let over = false;
    let stream: MediaStream | null = null;
    let timer: ReturnType<typeof setInterval> | undefined;
    const start = async () => {
      const read = await reader();
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
      const v = video.current;
      if (over || !v) {
        stream.getTracks().forEach((track) => track.stop());
        return;
      }
      v.srcObject = stream;
      await v.play();
      const canvas = document.createElement("canvas");
      timer = setInterval(() => {
        const text = look(read, v, canvas);
        if (text && !over) {
          over = true;
          onRead(text);
        }
      }, EVERY_MS);
    };
    start().catch((e: unknown) => {
      const refused = e instanceof DOMException && (e.name === "NotAllowedError" || e.name === "SecurityError");
      setWrong(t(refused ? "ui.pass.camera_refused" : "ui.pass.camera_none"));
    });
    return () => {
      over = true;
      clearInterval(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
  }, []);
  return (
    <Dialog title={t("ui.pass.camera")} onClose={onClose} class="gate-dialog gate-camera">
      <video ref={video} muted playsInline aria-label={t("ui.pass.camera_picture")} />
      {wrong ? (
        <p class="error" role="alert">
          {wrong}
        </p>
      ) : (
        <p class="dim">{t("ui.pass.camera_more")}</p>
      )}
    </Dialog>
  );
}
