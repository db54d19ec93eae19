// SPDX-License-Identifier: Apache-2.0
// Tones made here (no files): act-now repeats until nothing waits, attention and loss are soft and once,
// a test has its own. A browser may refuse sound until the page is touched: `locked` says so on the screen.
import { effect, signal } from "@preact/signals";
import { muted } from "../store/prefs.ts";

export type Tone = "act" | "attention" | "lost" | "test";
type Note = [freq: number, at: number, length: number, gain: number];

const TONES: Record<Tone, Note[]> = {
  act: [
    [880, 0, 0.16, 0.3],
    [660, 0.2, 0.16, 0.3],
    [880, 0.4, 0.16, 0.3],
    [660, 0.6, 0.22, 0.3],
  ],
  attention: [
    [587, 0, 0.18, 0.1],
    [784, 0.2, 0.24, 0.1],
  ],
  lost: [
    [440, 0, 0.2, 0.1],
    [330, 0.24, 0.3, 0.1],
  ],
  test: [[523, 0, 0.1, 0.06]],
};
const REPEAT_MS = 4000;

let context: AudioContext | null = null;
export const locked = signal(true);
export const mustAct = signal(false); // set by whoever knows the queue

async function unlock(): Promise<void> {
  context ??= new AudioContext();
  if (context.state !== "running") {
    await context.resume();
  }
  locked.value = context.state !== "running";
}

export function play(tone: Tone): void {
  if (muted.value || locked.value || !context) {
    return;
  }
  for (const [freq, at, length, gain] of TONES[tone]) {
    const start = context.currentTime + at;
    const wave = context.createOscillator();
    const level = context.createGain();
    wave.frequency.value = freq;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(gain, start + 0.02);
    level.gain.setValueAtTime(gain, start + length - 0.03);
    level.gain.linearRampToValueAtTime(0, start + length);
    wave.connect(level).connect(context.destination);
    wave.start(start);
    wave.stop(start + length);
  }
}

export function startSound(): void {
  for (const kind of ["pointerdown", "keydown"]) {
    addEventListener(kind, () => void unlock(), { capture: true, passive: true });
  }
  let timer: ReturnType<typeof setInterval> | undefined;
  effect(() => {
    clearInterval(timer);
    if (mustAct.value && !muted.value && !locked.value) {
      play("act");
      timer = setInterval(() => play("act"), REPEAT_MS);
    }
  });
}
