// SPDX-License-Identifier: Apache-2.0
// Starts the console: texts first (a page without words is not shown), then the session, then the pages.
import "./styles/all.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { clientState } from "./api/client.ts";
import { loadLocale, t } from "./lib/i18n.ts";
import { startSound } from "./lib/sound.ts";
import { startRouter } from "./router.ts";
import { startLate } from "./store/late.ts";
import { lang } from "./store/prefs.ts";
import { startSecond } from "./store/second.ts";
import { resume } from "./store/session.ts";
import { startWatch } from "./store/watch.ts";
import { startLists } from "./terminal/list.ts";
import { fetchTheRest } from "./ui/later.tsx";
import { say } from "./ui/toast.tsx";

async function texts(): Promise<void> {
  for (;;) {
    try {
      return await loadLocale(lang.value);
    } catch {
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

startRouter();
startSound();
startWatch();
startLate();
startSecond();
startLists();
clientState.onSecond = () => say(t("ui.second.sent"));
void resume();
void texts().then(() => {
  render(<App />, document.getElementById("app")!);
  fetchTheRest();
});
