// SPDX-License-Identifier: Apache-2.0
// One entry that always has the keys (a scanner types into it), one decision, one key for each way out of it. A guard
// stands here with gloves on and a queue before him. Whether the node answers or what was taken along, it is one face.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client.ts";
import {
  isUnknown,
  mustSayWhy,
  nameShown,
  type Decision,
  type Found,
  type Keeper,
} from "../../lib/gatekeeper.ts";
import { t } from "../../lib/i18n.ts";
import { isMrzLine, numberOf, readScan } from "../../lib/scan.ts";
import { may } from "../../store/session.ts";
import { errorText } from "../../ui/parts.tsx";
import { Shape } from "../../ui/icons.tsx";
import { WalkInForm } from "../visits/forms.tsx";
import { Camera, hasCamera } from "./camera.tsx";
import { Candidates, Card, type Act } from "./card.tsx";
import { firstWaiting, takeUp, useTaken, type Taken } from "./taking.ts";

interface Phase {
  d?: Decision;
  found?: Found[];
  act?: Act;
  walkIn?: boolean; // he is being written down
  shownAt?: number;
  said?: string; // what was just done
  wrong?: string;
}
// A scanner may end with two keys: the second one must not let anybody through.
const ECHO_MS = 400;
const BUSY_MS = 120;
const year = (): number => new Date().getFullYear();

// A card that was scanned is a paper; all else is a code until it proves to be none.
const shownOf = (text: string): Decision["shown"] => (readScan(text, year()) ? { paper: text } : { badge: text });

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
    // A number by hand is a badge's before it is a paper's.
    take: ({ shown, text }: Taken) =>
      void run(async () => {
        const d = await keeper.ask(shown);
        if (!isUnknown(d)) {
          return { d };
        }
        if (shown.badge !== undefined && numberOf(text)) {
          return show({ paper: text });
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
    walkIn: (walkIn: boolean) => setPhase((p) => ({ ...p, walkIn })),
    back: () => setPhase((p) => ({ ...p, act: undefined })),
    finish: (act: Act, d: Decision, why?: string) =>
      void run(async () => {
        await keeper[act](d, why);
        return {
          said: t(`ui.pass.done_${act}`, { who: d.who?.name ?? nameShown(d) }),
        };
      }),
  };
}
type Gate = ReturnType<typeof useGate>;
// Whoever is at hand and not known is written down by the guard, and then asked about like anybody.
const mayWrite = (g: Gate, d: Decision): boolean =>
  !d.who && d.shown.paper !== undefined && !g.mayPass(d) && may("visits.walk_in");

function decide(g: Gate, act: Act): void {
  const d = g.phase.d;
  if (d && act === "pass" && !g.working() && mayWrite(g, d)) {
    g.walkIn(true);
    return;
  }
  if (!d || g.working() || (act === "pass" && !g.mayPass(d))) {
    return;
  }
  if (mustSayWhy(d, act)) {
    g.begin(act);
  } else {
    g.finish(act, d);
  }
}

interface Typed {
  text: string;
  set: (text: string) => void;
  enter: (text: string) => void;
}
function onEntryKey(e: KeyboardEvent, g: Gate, { text, set, enter }: Typed): void {
  const typed = text.trim();
  const yes = e.key === "Enter" || (e.key === " " && !typed);
  if (e.key === "Enter" && typed) {
    e.preventDefault();
    set("");
    enter(typed);
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
    set("");
    g.next();
  }
}

function Middle({ g, site }: { g: Gate; site: string }) {
  const { d, found, said, wrong, act, walkIn } = g.phase;
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
          mayWrite={mayWrite(g, d)}
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
      {d && walkIn && (
        <WalkInForm
          site={site}
          scan={d.shown.paper}
          onMade={(holder) => g.pick({ holder, title: "", sub: "" })}
          onClose={() => g.walkIn(false)}
        />
      )}
    </>
  );
}

const ZONE_LINES = 3;
const ZONE_MS = 2000; // between its lines

// A reader of the machine readable zone types three lines, each with Enter; what is whole goes on as one.
function useZone(enter: (text: string) => void): (line: string) => void {
  const lines = useRef<string[]>([]);
  const at = useRef(0);
  return (text) => {
    const fresh = performance.now() - at.current > ZONE_MS;
    at.current = performance.now();
    if (!isMrzLine(text)) {
      lines.current = [];
      enter(text);
      return;
    }
    lines.current = [...(fresh ? [] : lines.current), text];
    if (lines.current.length === ZONE_LINES) {
      enter(lines.current.join("\n"));
      lines.current = [];
    }
  };
}

function Entry({ g }: { g: Gate }) {
  const [text, setText] = useState("");
  const [camera, setCamera] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const enter = useZone((typed) => g.take({ shown: shownOf(typed), text: typed }));
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
    <div class="gate-entry">
      <label for="gate-entry">{t("ui.pass.entry")}</label>
      <input
        ref={box}
        id="gate-entry"
        type="text"
        name="entry"
        maxLength={600}
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        aria-busy={g.busy}
        value={text}
        onInput={(e) => setText(e.currentTarget.value)}
        onKeyDown={(e) => onEntryKey(e, g, { text, set: setText, enter })}
      />
      {hasCamera() && (
        <button type="button" class="gate-key" onClick={() => setCamera(true)}>
          {t("ui.pass.camera")}
        </button>
      )}
      {camera && (
        <Camera
          onClose={() => setCamera(false)}
          onRead={(seen) => {
            setCamera(false);
            g.take({ shown: shownOf(seen), text: seen });
          }}
        />
      )}
    </div>
  );
}

export function Work({ keeper, site }: { keeper: Keeper; site: string }) {
  const g = useGate(keeper);
  useTaken(g.take);
  return (
    <div class="gate-middle">
      <Entry g={g} />
      <Middle g={g} site={site} />
    </div>
  );
}
