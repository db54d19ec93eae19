// SPDX-License-Identifier: Apache-2.0
// When each source was last heard changes with every poll: the node tells it, once a second at most for each, only
// to who asks. A page that shows it asks while it stands; the first to come opens the stream, the last closes it.
import { useEffect } from "preact/hooks";
import { Stream } from "../api/stream.ts";
import type { Source } from "../api/types.ts";
import { patchRows, retry } from "./store.ts";

type Seen = Pick<
  Source,
  "id" | "last_seen" | "last_peer" | "skew_ms" | "signals_n" | "polls_n"
>;

let users = 0;
let pending = new Map<string, Seen>();
let drawing = false;

// All that came in one second is drawn at once.
function draw(): void {
  const rows = [...pending.values()];
  pending = new Map();
  drawing = false;
  patchRows("sources", rows);
}

const stream = new Stream(
  {
    onUp: () => {},
    onDown: () => {}, // the main stream says when the link is lost
    onUnauthorised: () => {},
    onMessage: (m) => {
      if (m.event === "row") {
        const row = (JSON.parse(m.data) as { row: Seen }).row;
        pending.set(row.id, row);
        if (!drawing) {
          drawing = true;
          setTimeout(draw, 100);
        }
      } else if (m.event === "hello" || m.event === "reset") {
        retry("sources"); // what was told before somebody asked
      }
    },
  },
  "source-seen",
);

export function useSeen(): void {
  useEffect(() => {
    if (users++ === 0) {
      stream.start();
    }
    return () => {
      if (--users === 0) {
        stream.stop();
      }
    };
  }, []);
}
