// SPDX-License-Identifier: Apache-2.0
// One entry that always has the keys (a scanner types into it), one decision, one key for each way out of it. A guard
// stands here with gloves on and a queue before him. Whether the node answers or what was taken along, it is one face.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../../api/client.ts";
import {
  isUnknown,
  mustSayWhy,
  nameShown,
  type Decision,
  type Found,
  type Keeper,
  type Tongue,
} from "../../lib/gatekeeper.ts";
import { stepOf, type Step } from "../../lib/gatestep.ts";
import { t } from "../../lib/i18n.ts";
import { isMrzLine, looksScanned, numberOf, readScan, writtenOf } from "../../lib/scan.ts";
import { may } from "../../store/session.ts";
import { errorText } from "../../ui/parts.tsx";
import { Shape } from "../../ui/icons.tsx";
import { CheckDialog } from "../vehicles/forms.tsx";
import { WalkInForm } from "../visits/forms.tsx";
import { Camera, hasCamera } from "./camera.tsx";
import { Candidates, Card, type Act } from "./card.tsx";
import { endPass, issuePass, tell } from "./errand.ts";
import { firstWaiting, takeUp, useTaken, type Taken } from "./taking.ts";
import { VisitorPass, type PassActs } from "./visitor.tsx";

interface Phase {
  d?: Decision;
  found?: Found[];
  typed?: string; // what they were found by
  act?: Act;
  walkIn?: string; // he is being written down, by what was typed of him
  shownAt?: number;
  said?: string; // what was just done
  after?: Decision; // whom it was done to, if he may still be given a pass
  wrong?: string;
}
// A scanner may end with two keys: the second one must not let anybody through.
const ECHO_MS = 400;
const REFUSED = 400; // for what was sent, not for who sent it
const REPLACED = 409; // what he was shown, by a newer version
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
  const look = (d: Decision) => {
    const add = (more: Partial<Decision>) =>
      setPhase((p) => (p.d?.shown === d.shown ? { ...p, d: { ...p.d, ...more } } : p));
    keeper.where(d).then((where) => add({ where }), () => undefined);
    void keeper.errand?.(d).then((errand) => add({ errand }), () => add({ errand: { hints: [] } }));
  };
  // A copy: what is still being looked up of the one before it does not belong to it.
  const show = async (shown: Decision["shown"]) => ({ d: await keeper.ask({ ...shown }) });
  const damaged = { wrong: t("ui.pass.damaged") };
  return {
    phase,
    busy,
    mayPass: (d: Decision) => d.who !== null || keeper.unknownPasses === true,
    // Whoever is at hand and not known is written down by the guard, and then asked about like anybody.
    mayWrite: !keeper.unknownPasses && may("visits.walk_in"),
    mayCheck: keeper.errand !== undefined && may("gate.pass"),
    step: (d: Decision): Step | null => (keeper.errand ? stepOf(d) : null),
    pick: (f: Found) => void run(() => show(f.shown ?? { holder: f.holder })),
    // A number by hand is a badge's before it is a paper's.
    take: ({ shown, text }: Taken) =>
      void run(async () => {
        if (looksScanned(text) && !shown.paper) {
          return damaged;
        }
        const d = await keeper.ask({ ...shown }).catch((e: unknown) => {
          // The node reads more strictly than this page.
          if (shown.paper && looksScanned(text) && e instanceof ApiError && e.status === REFUSED) {
            return null;
          }
          throw e;
        });
        if (!d) {
          return damaged;
        }
        if (!isUnknown(d)) {
          return { d };
        }
        if (shown.badge !== undefined && numberOf(text)) {
          return show({ paper: text });
        }
        const found = await keeper.find(text);
        return found.length ? { found, typed: text } : { d };
      }),
    working: () => working.current,
    next: () => {
      turn.current++;
      working.current = false;
      setBusy(false);
      setPhase({});
    },
    begin: (act: Act) => setPhase((p) => ({ ...p, act })),
    walkIn: (walkIn?: string) => setPhase((p) => ({ ...p, walkIn })),
    // Asked again after it: what was in the way is gone, and what else there is stays.
    tell: (d: Decision) => {
      const rules = d.errand?.rules;
      if (rules) {
        void run(async () => {
          let wrong: string | undefined;
          await tell(rules).catch((e: unknown) => {
            if (!(e instanceof ApiError && e.status === REPLACED)) {
              throw e;
            }
            wrong = errorText(e); // the new version stands on the card now
          });
          return { ...(await show(d.shown)), wrong };
        });
      }
    },
    tongue: (lang: Tongue) =>
      setPhase((p) =>
        p.d?.errand?.rules
          ? { ...p, d: { ...p.d, errand: { ...p.d.errand, rules: { ...p.d.errand.rules, lang } } } }
          : p,
      ),
    pass: (d: Decision): PassActs => ({
      issue: (code) =>
        void run(async () => {
          await issuePass(d.who!.holder, code);
          return phase.d ? show(d.shown) : { said: t("ui.pass.given", { code, who: d.who?.name ?? "" }) };
        }),
      // By himself: the pass he showed is none any more.
      end: (id, state) =>
        void run(async () => {
          await endPass(id, state);
          return show(d.shown.badge === d.errand?.pass?.code ? { holder: d.who!.holder } : d.shown);
        }),
    }),
    back: () => setPhase((p) => ({ ...p, act: undefined })),
    finish: (act: Act, d: Decision, why?: string) =>
      void run(async () => {
        await keeper[act](d, why);
        return {
          said: t(`ui.pass.done_${act}`, { who: d.who?.name ?? nameShown(d) }),
          after: act === "pass" && d.errand?.pass === null ? d : undefined,
        };
      }),
  };
}
type Gate = ReturnType<typeof useGate>;
const mayWrite = (g: Gate, d: Decision): boolean => !d.who && d.shown.plate === undefined && g.mayWrite;

// What Enter does: what has to be done first, if it is known by now; else he is let through.
function forward(g: Gate): void {
  const d = g.phase.d;
  const step = d && g.step(d);
  if (!d || !step || (d.errand && !stepReady(d, step))) {
    decide(g, "pass");
  } else if (d.errand && !g.working()) {
    takeStep(g, d, step);
  }
}
const stepReady = (d: Decision, step: Step): boolean => !!(step === "tell" ? d.errand?.rules : d.errand?.pass);
function takeStep(g: Gate, d: Decision, step: Step): void {
  if (step === "tell") {
    g.tell(d);
  } else if (d.errand?.pass) {
    g.pass(d).end(d.errand.pass.id, "returned");
  }
}

function decide(g: Gate, act: Act): void {
  const d = g.phase.d;
  if (d && act === "pass" && !g.working() && mayWrite(g, d)) {
    g.walkIn(d.shown.paper ?? d.shown.badge ?? "");
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
        forward(g);
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

function Middle({ g, site, point }: { g: Gate; site: string; point: string }) {
  const { d, found, typed, said, after, wrong, act, walkIn } = g.phase;
  const [checking, setChecking] = useState<Decision | null>(null);
  const step = d ? g.step(d) : null;
  const vehicle = d?.who?.kind === "vehicle" && g.mayCheck;
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
          step={step && stepReady(d, step) ? step : null}
          pass={g.pass(d)}
          onStep={() => step && takeStep(g, d, step)}
          onTell={() => g.tell(d)}
          onTongue={g.tongue}
          onCheck={vehicle ? () => setChecking(d) : undefined}
          onAct={(a) => decide(g, a)}
          onWhy={(why) => act && g.finish(act, d, why)}
          onBack={g.back}
        />
      ) : found ? (
        <Candidates list={found} onPick={g.pick} onNone={g.mayWrite && typed && !found[0]?.shown ? () => g.walkIn(typed) : undefined} />
      ) : (
        <section class="gate-card idle">
          <p role="status">{said ?? t("ui.pass.idle")}</p>
          <p class="dim">{t("ui.pass.idle_more")}</p>
          {after && <VisitorPass pass={null} busy={g.busy} acts={g.pass(after)} />}
        </section>
      )}
      {walkIn !== undefined && (
        <WalkInForm
          site={site}
          who={writtenOf(walkIn, year())}
          hints={d?.errand?.hints}
          onMade={(holder) => g.pick({ holder, title: "", sub: "" })}
          onClose={() => g.walkIn()}
        />
      )}
      {checking && (
        <CheckDialog
          at={{ point, holder: checking.who?.holder, plate: checking.who?.name ?? "" }}
          onClose={() => setChecking(null)}
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
  const late = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(late.current), []);
  const end = () => {
    const all = lines.current.join("\n");
    lines.current = [];
    enter(all);
  };
  return (text) => {
    clearTimeout(late.current);
    const fresh = performance.now() - at.current > ZONE_MS;
    at.current = performance.now();
    if (!isMrzLine(text)) {
      lines.current = [];
      enter(text);
      return;
    }
    lines.current = [...(fresh ? [] : lines.current), text];
    if (lines.current.length === ZONE_LINES) {
      end();
    } else {
      late.current = setTimeout(end, ZONE_MS); // a line of it was lost
    }
  };
}

function Entry({ g }: { g: Gate }) {
  const [text, setText] = useState("");
  const [camera, setCamera] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  const enter = useZone((typed) => g.take({ shown: shownOf(typed), text: typed }));
  const { d, act } = g.phase;
  // A dialog that closed after the answer came leaves the box with the keys but without a caret: what a scanner types then
  // is lost. It takes them anew.
  useLayoutEffect(() => {
    if (g.phase.walkIn === undefined) {
      box.current?.blur();
      box.current?.focus({ preventScroll: true });
    }
  }, [g.phase.walkIn]);
  // Keys that go nowhere else come here, from the moment there is a box: a scanner does not wait for the next frame.
  useLayoutEffect(() => {
    if (!act && !document.activeElement?.closest(".gate-pass")) {
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

export function Work({ keeper, site, point }: { keeper: Keeper; site: string; point: string }) {
  const g = useGate(keeper);
  useTaken(g.take);
  return (
    <div class="gate-middle">
      <Entry g={g} />
      <Middle g={g} site={site} point={point} />
    </div>
  );
}
