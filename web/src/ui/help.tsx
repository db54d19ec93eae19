// SPDX-License-Identifier: Apache-2.0
// The keys and the language of state, on one card.
import { t } from "../lib/i18n.ts";
import type { Loudness } from "../lib/urgency.ts";
import { Dialog } from "./dialog.tsx";
import { Shape } from "./icons.tsx";

const KEYS: [string, string][] = [
  ["J K", "move"],
  ["Enter", "open"],
  ["A", "acknowledge"],
  ["N", "new"],
  ["/", "search"],
  ["M", "mute"],
  ["Esc", "close"],
  ["?", "help"],
];
const STATES: Loudness[] = ["act", "attention", "info", "unknown", "normal"];

export function Help({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("ui.help.title")} onClose={onClose}>
      <div class="help-cols">
        <table class="plain">
          <tbody>
            {KEYS.map(([k, what]) => (
              <tr key={k}>
                <th scope="row">
                  {k.split(" ").map((x) => (
                    <kbd key={x}>{x}</kbd>
                  ))}
                </th>
                <td>{t(`ui.help.key.${what}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table class="plain">
          <tbody>
            {STATES.map((s) => (
              <tr key={s}>
                <th scope="row">
                  <span class={`mark ${s}`}>
                    <Shape of={s} filled={s === "act"} />
                  </span>
                </th>
                <td>{t(`ui.help.state.${s}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
