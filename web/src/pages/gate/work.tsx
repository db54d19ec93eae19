// SPDX-License-Identifier: Apache-2.0
// One entry that always has the keys (a scanner types into it), one decision, one key for each way out of it. A guard
// stands here with gloves on and a queue before him. Whether the node answers or what was taken along, it is one face.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client.ts";
import {
  isUnknown,
  mustSayWhy,
  type Decision,
  type Found,
  type Keeper,
} from "../../lib/gatekeeper.ts";
import { t } from "../../lib/i18n.ts";
import { errorText } from "../../ui/parts.tsx";
import { Shape } from "../../ui/icons.tsx";
import { Candidates, Card, type Act } from "./card.tsx";
import { firstWaiting, takeUp, useTaken, type Taken } from "./taking.ts";

interface Phase {
  d?: Decision;
  found?: Found[];
  act?: Act;
  shownAt?: number;
  said?: string; // what was just done
  wrong?: string;
}
// A scanner may end with two keys: the second one must not let anybody through.
const ECHO_MS = 400;
const BUSY_MS = 120;

const wordsOf = (e: unknown): string => {
  if (e instanceof ApiError) {
    return errorText(e);
  }
  throw e;
};

// What the guard does, one at a time; a new person takes the place of the one before.
function useGate(keeper: Keeper) {
  const [phase, setPhase] = useState<Phase>({});
  const [busy, setBusy] = useState(false);
  const turn = useRef(0);
  const working = useRef(false);
  const run = async (work: () => Promise<Phase | null>) => {
    const mine = ++turn.current;
    const late = setTimeout(() => setBusy(true), BUSY_MS); // what is done at once is not worth drawing
    working.current = true;
    try {
      const p = await work();
      if (mine === turn.current && p) {
        setPhase({ ...p, shownAt: performance.now() });
        if (p.d) {
          look(p.d);
        }
      }
    } catch (e) {
      const wrong = wordsOf(e);
      if (mine === turn.current) {
        setPhase((was) => ({ ...was, wrong }));
      }
    } finally {
      clearTimeout(late);
      if (mine === turn.current) {
        working.current = false;
        setBusy(false);
      }
    }
  };
  const look = (d: Decision) =>
    void keeper.where(d).then(
      (where) => setPhase((p) => (p.d === d ? { ...p, d: { ...d, where } } : p)),
      () => undefined,
    );
  const show = async (shown: Decision["shown"]) => ({ d: await keeper.ask(shown) });
  return {
    phase,
    busy,
    mayPass: (d: Decision) => d.who !== null || keeper.unknownPasses === true,
    pick: (f: Found) => void run(() => show(f.shown ?? { holder: f.holder })),
    take: ({ shown, text }: Taken) =>
      void run(async () => {
        const d = await keeper.ask(shown);
        if (!isUnknown(d)) {
          return { d };
        }
        const found = await keeper.find(text);
        return found.length ? { found } : { d };
      }),
    working: () => working.current,
    next: () => {
      turn.current++;
      working.current = false;
      setBusy(false);
      setPhase({});
    },
    begin: (act: Act) => setPhase((p) => ({ ...p, act })),
    back: () => setPhase((p) => ({ ...p, act: undefined })),
    finish: (act: Act, d: Decision, why?: string) =>
      void run(async () => {
        await keeper[act](d, why);
        return {
          said: t(`ui.pass.done_${act}`, { who: d.who?.name ?? d.shown.badge ?? t("ui.pass.unnamed") }),
        };
      }),
  };
}
type Gate = ReturnType<typeof useGate>;

function decide(g: Gate, act: Act): void {
  const d = g.phase.d;
  if (!d || g.working() || (act === "pass" && !g.mayPass(d))) {
    return;
  }
  if (mustSayWhy(d, act)) {
    g.begin(act);
  } else {
    g.finish(act, d);
  }
}

function onEntryKey(e: KeyboardEvent, g: Gate, text: string, setText: (s: string) => void): void {
  const typed = text.trim();
  const yes = e.key === "Enter" || (e.key === " " && !typed);
  if (e.key === "Enter" && typed) {
    e.preventDefault();
    setText("");
    g.take({ shown: { badge: typed }, text: typed });
  } else if (yes) {
    e.preventDefault();
    if (!e.repeat && performance.now() - (g.phase.shownAt ?? 0) > ECHO_MS) {
      const first = firstWaiting();
      if (g.phase.found) {
        g.pick(g.phase.found[0]!);
      } else if (!g.phase.d && first) {
        takeUp(first);
      } else {
        decide(g, "pass");
      }
    }
  } else if (e.key === "Delete" && !typed) {
    e.preventDefault();
    decide(g, "refuse");
  } else if (e.key === "Escape") {
    e.preventDefault();
    setText("");
    g.next();
  }
}

function Middle({ g }: { g: Gate }) {
  const { d, found, said, wrong, act } = g.phase;
  return (
    <>
      {wrong && (
        <p class="gate-wrong" role="alert">
          <Shape of="attention" /> {wrong}
        </p>
      )}
      {d ? (
        <Card
          d={d}
          act={act ?? null}
          busy={g.busy}
          mayPass={g.mayPass(d)}
          onAct={(a) => decide(g, a)}
          onWhy={(why) => act && g.finish(act, d, why)}
          onBack={g.back}
        />
      ) : found ? (
        <Candidates list={found} onPick={g.pick} />
      ) : (
        <section class="gate-card idle">
          <p role="status">{said ?? t("ui.pass.idle")}</p>
          <p class="dim">{t("ui.pass.idle_more")}</p>
        </section>
      )}
    </>
  );
}

function Entry({ g }: { g: Gate }) {
  const [text, setText] = useState("");
  const box = useRef<HTMLInputElement>(null);
  const { d, act } = g.phase;
  // Keys that go nowhere else come here.
  useEffect(() => {
    if (!act) {
      box.current?.focus({ preventScroll: true });
    }
    const back = (e: KeyboardEvent) => {
      const on = document.activeElement;
      const idle = on === document.body || on?.id === "main";
      const letter = e.key.length === 1 && e.key !== " " && !on?.matches("input, select, textarea");
      if (!act && !document.querySelector("dialog[open]") && (letter || (idle && e.key !== "Tab")) && !e.ctrlKey && !e.altKey) {
        box.current?.focus();
      }
    };
    addEventListener("keydown", back, true);
    return () => removeEventListener("keydown", back, true);
  }, [d, act, g.phase.found, g.phase.said]);
  return (
    <label class="gate-entry">
      <span>{t("ui.pass.entry")}</span>
      <input
        ref={box}
        type="text"
        name="entry"
        maxLength={64}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-busy={g.busy}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => onEntryKey(e, g, text, setText)}
      />
    </label>
  );
}

export function Work({ keeper }: { keeper: Keeper }) {
  const g = useGate(keeper);
  useTaken(g.take);
  return (
    <div class="gate-middle">
      <Entry g={g} />
      <Middle g={g} />
    </div>
  );
}
