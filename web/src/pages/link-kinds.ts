// SPDX-License-Identifier: Apache-2.0
// What each kind of link is asked for in its form (src/domain/links/kinds.c checks it). Words: ui.link.field.NAME
// and, where a field needs explaining, ui.link.help.NAME.
export interface LinkField {
  name: string;
  type: "text" | "number" | "yes" | "choice" | "lines" | "json" | "source";
  required?: boolean;
  help?: boolean;
  max?: number;
  choices?: string[];
}
export interface LinkKind {
  address: "host" | "url" | "folder";
  site: boolean; // belongs to a site, never to the node
  secret: boolean;
  login: boolean;
  fields: LinkField[];
}

const ca: LinkField = { name: "ca", type: "lines", help: true, max: 8000 };
const tls: LinkField = { name: "tls", type: "yes" };

export const LINK_KINDS: Record<string, LinkKind> = {
  mqtt: {
    address: "host",
    site: true,
    secret: true,
    login: true,
    fields: [
      { name: "map", type: "choice", required: true, choices: ["frigate", "zigbee2mqtt", "generic"] },
      { name: "scope", type: "text", help: true, max: 12 },
      { name: "prefix", type: "text", help: true, max: 120 },
      tls,
      ca,
      { name: "rules", type: "json", help: true, max: 16384 },
    ],
  },
  csv: {
    address: "folder",
    site: true,
    secret: false,
    login: false,
    fields: [
      { name: "source", type: "source", required: true, help: true },
      { name: "columns", type: "json", required: true, help: true, max: 4096 },
      { name: "every_s", type: "number", max: 86400 },
    ],
  },
  dc09_out: {
    address: "host",
    site: true,
    secret: true,
    login: false,
    fields: [
      { name: "transport", type: "choice", choices: ["tcp", "udp"] },
      { name: "account", type: "text", required: true, max: 16 },
      { name: "receiver", type: "text", max: 6 },
      { name: "prefix", type: "text", max: 6 },
      { name: "poll_s", type: "number", max: 86400 },
    ],
  },
  cap_out: {
    address: "url",
    site: true,
    secret: true,
    login: false,
    fields: [
      { name: "sender", type: "text", required: true, max: 120 },
      { name: "addresses", type: "text", required: true, max: 500 },
      { name: "restriction", type: "text", max: 200 },
      ca,
    ],
  },
  smtp: {
    address: "host",
    site: false,
    secret: true,
    login: true,
    fields: [
      { name: "from", type: "text", required: true, max: 120 },
      { name: "tls", type: "choice", choices: ["starttls", "tls", "none"] },
      ca,
    ],
  },
  webhook_out: { address: "url", site: false, secret: true, login: false, fields: [ca] },
  sms: { address: "folder", site: false, secret: false, login: false, fields: [{ name: "unaccented", type: "yes" }] },
  syslog: { address: "host", site: false, secret: false, login: false, fields: [tls, ca] },
};

// Texts of the form as the options object; a JSON field that is not JSON throws its name.
export function optionsOf(kind: LinkKind, form: Record<string, string>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const f of kind.fields) {
    const text = (form[f.name] ?? "").trim();
    if (!text) {
      continue;
    }
    if (f.type === "json") {
      try {
        out[f.name] = JSON.parse(text) as unknown;
      } catch {
        throw new Error(f.name);
      }
    } else if (f.type === "number") {
      out[f.name] = Number(text);
    } else {
      out[f.name] = f.type === "yes" ? text === "yes" : text;
    }
  }
  return out;
}

export function formOf(kind: LinkKind, options: Record<string, unknown>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const f of kind.fields) {
    const v = options[f.name];
    if (v !== undefined && v !== null) {
      out[f.name] =
        f.type === "json"
          ? JSON.stringify(v, null, 1)
          : f.type === "yes"
            ? v
              ? "yes"
              : ""
            : String(v as string | number);
    }
  }
  return out;
}
