// SPDX-License-Identifier: Apache-2.0
// An alarm panel in a few lines: SIA DC-09 frames (clear or AES-CBC) over TCP, written from the wire facts
// and not from the product's own encoder, so that the two check each other.
import { createCipheriv, randomInt } from "node:crypto";
import { connect } from "node:net";

function crc16(bytes) {  // CRC-16/ARC: reflected 0xA001, init 0
  let crc = 0;
  for (const b of bytes) {
    crc ^= b;
    for (let i = 0; i < 8; i++) {
      crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
    }
  }
  return crc;
}

const hex4 = (n) => n.toString(16).toUpperCase().padStart(4, "0");

function stamp(at) {  // _HH:MM:SS,MM-DD-YYYY in UTC
  const p = (n) => String(n).padStart(2, "0");
  return `_${p(at.getUTCHours())}:${p(at.getUTCMinutes())}:${p(at.getUTCSeconds())},` +
    `${p(at.getUTCMonth() + 1)}-${p(at.getUTCDate())}-${at.getUTCFullYear()}`;
}

// pad | data ] time, the pad chosen so that the whole is a multiple of 16.
function seal(key, text) {
  const pad = 16 - ((Buffer.byteLength(text) + 1) % 16);
  let filler = "";
  while (filler.length < pad) {
    filler += String.fromCharCode(97 + randomInt(26));
  }
  const cipher = createCipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.alloc(16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(`${filler}|${text}`, "latin1"), cipher.final()]).toString("hex").toUpperCase();
}

export function frame({ account, key, seq, code, point, area = "1", at = new Date(), text = "" }) {
  const words = text ? `|A${text}` : "";
  const data = `#${account}|Nri${area}/${code}${point}${words}]${stamp(at)}`;
  const head = `"${key ? "*" : ""}SIA-DCS"${String(seq).padStart(4, "0")}L0#${account}[`;
  const body = Buffer.from(head + (key ? seal(key, data) : data), "latin1");
  return Buffer.concat([Buffer.from(`\n${hex4(crc16(body))}0${body.length.toString(16).toUpperCase().padStart(3, "0")}`), body,
    Buffer.from("\r")]);
}

// Sends one frame and resolves with what came back within a second ("" is silence).
export function send(port, bytes) {
  return new Promise((done, fail) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
    let answer = "";
    const late = setTimeout(() => socket.destroy(), 1_000);
    socket.on("data", (d) => {
      answer += d.toString("latin1");
      if (answer.includes("\r")) {
        socket.end();
      }
    });
    socket.on("error", fail);
    socket.on("close", () => {
      clearTimeout(late);
      done(answer);
    });
  });
}
