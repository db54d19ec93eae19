// SPDX-License-Identifier: Apache-2.0
// Splits a text/event-stream into messages. EventSource is not used because it hides silence and cannot
// send Last-Event-ID after being reopened by hand; this parser is pure and is tested byte by byte.
export interface SseMessage {
  event: string;
  data: string;
  id: string | null;
}

export class SseParser {
  private rest = "";
  private event = "";
  private data: string[] = [];
  private id: string | null = null;

  // Feeds decoded text, returns the messages it completed.
  feed(text: string): SseMessage[] {
    const out: SseMessage[] = [];
    this.rest += text;
    for (;;) {
      const cut = this.rest.search(/\r\n|\n|\r/);
      if (cut < 0 || (this.rest[cut] === "\r" && cut === this.rest.length - 1)) {
        return out;
      }
      const line = this.rest.slice(0, cut);
      this.rest = this.rest.slice(cut + (this.rest.startsWith("\r\n", cut) ? 2 : 1));
      this.line(line, out);
    }
  }

  private line(line: string, out: SseMessage[]): void {
    if (line === "") {
      if (this.data.length > 0) {
        out.push({ event: this.event || "message", data: this.data.join("\n"), id: this.id });
      }
      this.event = "";
      this.data = [];
      return;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      return;
    }
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "event") {
      this.event = value;
    } else if (field === "data") {
      this.data.push(value);
    } else if (field === "id" && !value.includes("\0")) {
      this.id = value;
    }
  }
}
