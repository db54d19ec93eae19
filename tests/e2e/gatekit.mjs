// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";

// A gate to stand at: grounds, a vault within, two points, some people with badges, a truck, a rule.
export async function makeGate(ask) {
  const site = (await ask("GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const id = async (path, body) => (await ask("POST", path, body)).id;
  const yard = await id("/gate-areas", { site, name: "Khuôn viên", passback: "hard" });
  const vault = await id("/gate-areas", { site, name: "Kho tiền số 2", parent: yard, passback: "soft", most: 2 });
  const main = await id("/gate-points", { site, name: "Cổng chính", inner: yard, lane: "both" });
  const door = await id("/gate-points", { site, name: "Cửa kho", outer: yard, inner: vault });
  await id("/gate-rules", { site, name: "Xe tải ngoài giờ", condition: 'holder.class = "truck"', say: "ask" });
  const holder = async (name, code, more = {}) => {
    const h = await id("/gate-holders", { site, kind: "staff", name, ...more });
    const badge = await id("/badges", { holder: h, code, kind: more.kind === "vehicle" ? "vehicle" : "card" });
    return { h, badge, code };
  };
  const people = {
    an: await holder("Nguyễn Văn An", "T-0001", { company: "Phòng Kho quỹ", doc_kind: "id_card", doc_number: "001099001234" }),
    be: await holder("Trần Thị Bé", "T-0002", { company: "Phòng Kế toán" }),
    cuong: await holder("Lê Văn Cường", "T-0003", { company: "Công ty Điện Hòa Bình" }),
    truck: await holder("29C-123.45", "X-0001", { kind: "vehicle", class: "truck", company: "Công ty Vận tải Sông Đà" }),
  };
  return { site, yard, vault, main, door, people };
}

export const asker = (page) => (method, path, body) => page.evaluate(async ([m, p, b]) => {
  const { csrf } = await (await fetch("/api/v1/session")).json();
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
  const answer = await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) });
  if (!answer.ok) {
    throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`);
  }
  return answer.json();
}, [method, path, body]);

// As a scanner does it: fast, with a key at the end.
export async function scan(page, code) {
  await page.keyboard.type(code, { delay: 2 });
  await page.keyboard.press("Enter");
}
export const says = async (page, word) => {
  await page.locator(".gate-band strong", { hasText: new RegExp(`^${word}$`) }).waitFor();
};

// A maker's request (tests/data/device) at another moment, with other words in it. Devices tell Viet Nam's time.
export async function deviceSays(to, name, { at = Date.now(), change = [] } = {}) {
  const raw = readFileSync(new URL(`../data/device/${name}.req`, import.meta.url), "latin1");
  const [, type, ...rest] = raw.split("\n");
  const local = new Date(at + 7 * 3600e3).toISOString().slice(0, 19);
  let text = rest.slice(1).join("\n").replaceAll("2026-11-18T20:26:30", local);
  for (const [from, by] of change) {
    if (!text.includes(from)) {
      throw new Error(`${name}: no ${from}`);
    }
    text = text.replaceAll(from, by);
  }
  for (let i = 0; ; i++) {
    const headers = { "Content-Type": type.slice("Content-Type: ".length).trim() };
    const answer = await fetch(to, { method: "POST", headers, body: Buffer.from(text, "latin1") });
    if (answer.status === 200) {
      return;
    }
    if (answer.status !== 503 || i > 20) { // 503: too many at once, devices try again
      throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    }
    await new Promise((done) => setTimeout(done, 100));
  }
}
export const plateRead = (to, plate) => deviceSays(to, "hik_anpr_multipart", { change: [["29A43374", plate]] });
