// SPDX-License-Identifier: Apache-2.0
// The reader of QR codes, bundled apart from the console and fetched when somebody first looks through the camera.
import decodeQR from "qr/decode.js";

export type ReadQr = (image: { width: number; height: number; data: Uint8ClampedArray }) => string | null;

const read: ReadQr = (image) => {
  try {
    return decodeQR(image);
  } catch {
    return null; // no code in this picture
  }
};
(globalThis as { vgReadQr?: ReadQr }).vgReadQr = read;
