// SPDX-License-Identifier: Apache-2.0
// The live link. The server ticks every second: two seconds without a byte, or an error, is a lost link,
// said at once. It reconnects by itself with Last-Event-ID and never gives up; `reset` means that what was
// missed cannot be resumed and the lists must be read again.
import { BASE, clientState } from "./client.ts";
import { SseParser, type SseMessage } from "./sse.ts";

export interface StreamHandlers {
  onUp(): void;
  onDown(since: number): void;
  onMessage(m: SseMessage): void;
  onUnauthorised(): void;
}

const SILENCE_MS = 1900;
const RETRY_MS = [250, 500, 1000, 2000];

export class Stream {
  private abort: AbortController | null = null;
  private lastByte = 0;
  private lastId: string | null = null;
  private tries = 0;
  private up = false;
  private stopped = true;
  private watch: ReturnType<typeof setInterval> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;

  // only: a resource that changes all the time and has to be asked for by name.
  constructor(
    private readonly to: StreamHandlers,
    private readonly only = "",
  ) {}

  start(): void {
    this.stopped = false;
    this.lastByte = Date.now();
    this.watch = setInterval(() => this.check(), 200);
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    clearInterval(this.watch);
    clearTimeout(this.retry);
    this.abort?.abort();
  }

  private check(): void {
    const silent = Date.now() - this.lastByte;
    if (silent > SILENCE_MS && this.abort) {
      this.lost();
      if (silent > SILENCE_MS + 1500) {
        this.abort.abort();
      }
    }
  }

  private lost(): void {
    if (this.up) {
      this.up = false;
      this.to.onDown(this.lastByte);
    }
  }

  private async connect(): Promise<void> {
    const abort = new AbortController();
    this.abort = abort;
    const connectedAt = Date.now();
    try {
      const headers: Record<string, string> = {
        Accept: "text/event-stream",
        "Accept-Language": clientState.lang,
      };
      if (this.lastId) {
        headers["Last-Event-ID"] = this.lastId;
      }
      const giveUp = setTimeout(() => abort.abort(), 5000);
      const answer = await fetch(`${BASE}/stream${this.only && `?only=${this.only}`}`, {
        headers,
        credentials: "same-origin",
        cache: "no-store",
        signal: abort.signal,
      });
      clearTimeout(giveUp);
      if (answer.status === 401) {
        this.to.onUnauthorised();
        return;
      }
      if (answer.ok && answer.body) {
        await this.read(answer.body.getReader());
      }
    } catch {
      // An aborted or refused connection is a lost link like any other.
    }
    if (this.abort === abort) {
      this.abort = null;
    }
    if (!this.stopped) {
      if (!this.up && this.tries === 0) {
        this.to.onDown(Math.min(this.lastByte, connectedAt));
      }
      this.lost();
      this.retry = setTimeout(
        () => void this.connect(),
        RETRY_MS[Math.min(this.tries++, RETRY_MS.length - 1)],
      );
    }
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    const parser = new SseParser();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      this.lastByte = Date.now();
      for (const m of parser.feed(decoder.decode(value, { stream: true }))) {
        this.lastId = m.id ?? this.lastId;
        this.to.onMessage(m);
      }
      if (!this.up) {
        this.up = true;
        this.tries = 0;
        this.to.onUp();
      }
    }
  }
}
