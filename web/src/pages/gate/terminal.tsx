// SPDX-License-Identifier: Apache-2.0
// Cổng: where a guard stands. The node decides while it is there; when it is not, the terminal goes on by what it took
// along, and says so. Opened without a connection it is this page alone.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Standing } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { lostSince, session, skewMs } from "../../store/session.ts";
import { need, one } from "../../store/store.ts";
import { carried, guard, lockAgain, offlineKeeper, start, sync, terminal } from "../../terminal/terminal.ts";
import { Shape } from "../../ui/icons.tsx";
import { Arrivals } from "./arrivals.tsx";
import { countsOf, InsideCounts, Recent, recent, useInside, useWritten } from "./beside.tsx";
import { OffBand, Prepare } from "./offline.tsx";
import { onlineKeeper } from "./online.ts";
import { keepStanding, Setup, standing } from "./setup.tsx";
import { Work } from "./work.tsx";

const SYNC_MS = 5 * 60_000;

// What the terminal takes along is never older than this while the node is there; back again, it says at once what it wrote.
function useTerminal(off: boolean): void {
  useEffect(() => {
    let timer: ReturnType<typeof setInterval> | undefined;
    void start().then(() => {
      if (terminal.value && !off) {
        navigator.serviceWorker?.register("/sw.js").catch(() => undefined); // without it the page does not open offline
        void sync();
        timer = setInterval(() => void sync(), SYNC_MS);
      }
    });
    return () => clearInterval(timer);
  }, [off]);
  const who = session.value?.user.id;
  useEffect(() => {
    if (who && guard.value && guard.value.user !== who) {
      lockAgain(); // another guard's number opened the names
    }
  }, [who]);
}

function Head({ at, name, site, onMove }: { at: Standing; name: string; site: string; onMove?: () => void }) {
  const [preparing, setPreparing] = useState(false);
  return (
    <header class="gate-head">
      <h1>
        {name} · <b>{word("ui.pass.way", at.way)}</b>
      </h1>
      <span class="dim">{site}</span>
      {onMove && (
        <span class="tools">
          <button type="button" class="gate-key" onClick={() => setPreparing(true)}>
            {t("ui.pass.prepare")}
          </button>
          <button type="button" class="gate-key" onClick={onMove}>
            {t("ui.pass.move")}
          </button>
        </span>
      )}
      {preparing && <Prepare onClose={() => setPreparing(false)} />}
    </header>
  );
}

// What the node found when the queue came back; it stands in the list of what is due too.
function Missed() {
  const n = terminal.value?.missed ?? 0;
  return n === 0 ? null : (
    <p class="gate-wrong gate-missed" role="alert">
      <Shape of="act" /> {t("ui.pass.missed", { n })}{" "}
      <a href="/gate-register?view=misses">{t("ui.pass.missed_open")}</a>
    </p>
  );
}

function OffCounts() {
  const areas = [...(carried.value?.areas.values() ?? [])];
  return (
    <InsideCounts counts={areas.map((a) => ({ name: a.name, most: a.most || null, people: a.inside - a.vehicles, vehicles: a.vehicles }))} />
  );
}

function Stand({ at, onMove }: { at: Standing; onMove: () => void }) {
  const off = lostSince.value !== null;
  const able = off && carried.value?.points.has(at.point) === true;
  useTerminal(off);
  const by = session.value?.user.id ?? "";
  const keeper = useMemo(() => (able ? offlineKeeper(at, by) : onlineKeeper(at)), [able, at, by]);
  const inside = useInside(at.site);
  const written = useWritten();
  const point = one("gate-points", at.point);
  return (
    <div class="gate">
      <Head at={at} name={point?.name ?? t("ui.pass.title")} site={point?.site_name ?? ""} onMove={onMove} />
      {off ? <OffBand since={lostSince.value! + skewMs.value} able={able} /> : <Arrivals at={at} />}
      <Recent list={[...written, ...recent(at.site)]} />
      <Missed />
      <Work keeper={keeper} site={at.site} point={at.point} />
      {able ? <OffCounts /> : <InsideCounts counts={inside ? countsOf(inside) : []} />}
    </div>
  );
}

export function GatePage() {
  need("gate-points", { state: "active" });
  const [at, setAt] = useState(standing);
  const choose = (s: Standing | null) => {
    keepStanding(s);
    setAt(s);
  };
  return at ? <Stand key={at.point + at.way} at={at} onMove={() => choose(null)} /> : <Setup onChosen={choose} />;
}

// Nobody is logged in and the node cannot be asked: only what was taken along.
export function OfflineGate() {
  const [since] = useState(Date.now);
  const [at] = useState(standing);
  useTerminal(true);
  const written = useWritten();
  const point = carried.value?.points.get(at?.point ?? "");
  const by = guard.value?.user ?? "";
  const able = !!at && !!point;
  const keeper = useMemo(() => (able ? offlineKeeper(at, by) : null), [able, at, by]);
  return (
    <div class="gate">
      {at && point && <Head at={at} name={point.name} site={terminal.value?.me.site_name ?? ""} />}
      <OffBand since={since} able={able} />
      <Recent list={written} />
      {keeper && <Work keeper={keeper} site={at!.site} point={at!.point} />}
      <OffCounts />
    </div>
  );
}
