// SPDX-License-Identifier: Apache-2.0
// Where this terminal stands: chosen once, kept in this browser.
import { useState } from "preact/hooks";
import type { GatePoint, Way } from "../../api/gate.ts";
import type { Standing } from "../../lib/gatekeeper.ts";
import { t, word } from "../../lib/i18n.ts";
import { keep, stored } from "../../store/prefs.ts";
import { need, rows } from "../../store/store.ts";
import { Empty, Loaded, PageHead } from "../../ui/parts.tsx";

const KEY = "vg.gate";

export function standing(): Standing | null {
  try {
    const s = JSON.parse(stored(KEY, "null")) as Standing | null;
    return s && s.point && (s.way === "in" || s.way === "out") ? s : null;
  } catch {
    return null;
  }
}
export const keepStanding = (s: Standing | null): void => keep(KEY, JSON.stringify(s));

export const waysOf = (p: Pick<GatePoint, "ways">): Way[] => (p.ways === "both" ? ["in", "out"] : [p.ways]);

export function Setup({ onChosen }: { onChosen: (s: Standing) => void }) {
  const load = [need("sites").value, need("gate-points", { state: "active" }).value];
  const [site, setSite] = useState("");
  const points = rows("gate-points").filter((p) => p.state === "active");
  const sites = [...new Map(points.map((p) => [p.site, p.site_name])).entries()];
  const here = sites.length === 1 ? sites[0]![0] : site;
  return (
    <div class="page gate-setup">
      <PageHead title={t("ui.pass.title")} sub={t("ui.pass.setup_more")} />
      <Loaded load={load} lines={4}>
        {() =>
          points.length === 0 ? (
            <Empty title={t("ui.pass.no_points")}>{t("ui.pass.no_points_more")}</Empty>
          ) : (
            <>
              {sites.length > 1 && (
                <section>
                  <h2>{t("ui.board.site")}</h2>
                  <div class="gate-choices">
                    {sites.map(([id, name]) => (
                      <button
                        key={id}
                        type="button"
                        class="gate-key"
                        aria-pressed={here === id}
                        onClick={() => setSite(id)}
                      >
                        {name}
                      </button>
                    ))}
                  </div>
                </section>
              )}
              {here && (
                <section>
                  <h2>{t("ui.pass.point_way")}</h2>
                  <div class="gate-choices">
                    {points
                      .filter((p) => p.site === here)
                      .flatMap((p) =>
                        waysOf(p).map((way) => (
                          <button
                            key={p.id + way}
                            type="button"
                            class="gate-key"
                            onClick={() =>
                              onChosen({
                                site: p.site,
                                point: p.id,
                                way,
                              })
                            }
                          >
                            {p.name} · <b>{word("ui.pass.way", way)}</b>
                          </button>
                        )),
                      )}
                  </div>
                </section>
              )}
            </>
          )
        }
      </Loaded>
    </div>
  );
}
