// SPDX-License-Identifier: Apache-2.0
// The frame around every page: top bar, link state, page, dialogs opened by keys.
import { useEffect, useMemo, useState } from "preact/hooks";
import { loadLocale, t } from "./lib/i18n.ts";
import { actionOf } from "./lib/keys.ts";
import { locked, mustAct } from "./lib/sound.ts";
import { clock, date } from "./lib/time.ts";
import { DevicePage } from "./pages/device.tsx";
import { Verify } from "./pages/journal.tsx";
import { NewIncident } from "./pages/incidents.tsx";
import { LoginPage } from "./pages/login.tsx";
import { NotFoundPage } from "./pages/notfound.tsx";
import { useFirstSteps } from "./pages/start.tsx";
import { navName, navPages, pageAt } from "./pages.tsx";
import { go, place } from "./router.ts";
import { lang, muted, theme, type Lang } from "./store/prefs.ts";
import { leave } from "./store/muster.ts";
import {
  lostSince,
  may,
  node,
  now,
  saveLang,
  session,
  skewMs,
  unreachable,
} from "./store/session.ts";
import { need } from "./store/store.ts";
import { announced, pageTitle } from "./store/watch.ts";
import { Dialog } from "./ui/dialog.tsx";
import { DrillBar, DrillDialog } from "./ui/drill.tsx";
import { Guard } from "./ui/guard.tsx";
import { Help } from "./ui/help.tsx";
import { Icon, Shape } from "./ui/icons.tsx";
import { Menu } from "./ui/menu.tsx";
import { NavBar, PhoneBar } from "./ui/nav.tsx";
import { Palette, type Command } from "./ui/palette.tsx";
import { ageText, Skeleton } from "./ui/parts.tsx";
import { PostureMark } from "./ui/posture.tsx";
import { Toasts } from "./ui/toast.tsx";

type Opened = "search" | "help" | "new" | "verify" | "drill";

export async function switchLang(to: Lang): Promise<void> {
  await loadLocale(to);
  await saveLang();
}

function Link() {
  const lost = lostSince.value;
  const h = node.value?.health;
  const word =
    lost !== null
      ? "ui.link.lost"
      : h?.disk_full
        ? "ui.link.disk"
        : h && !h.ready
          ? "ui.link.not_ready"
          : h?.verify && !h.verify.ok
            ? "ui.link.journal_bad"
            : "ui.link.ok";
  const bad = word !== "ui.link.ok";
  return (
    <span
      class={`link ${bad ? "bad" : ""}`}
      title={node.value ? `${node.value.name} · ${node.value.version}` : undefined}
    >
      {bad ? <Shape of={lost !== null ? "unknown" : "attention"} /> : <Icon name="link" />}
      <span class="word">{t(word)}</span>
    </span>
  );
}

function SoundButton() {
  const waitingTouch = locked.value && !muted.value;
  const text = muted.value
    ? t("ui.sound.muted")
    : waitingTouch
      ? t("ui.sound.locked")
      : t("ui.sound.on");
  return (
    <button
      type="button"
      class={`button plain sound ${muted.value || (waitingTouch && mustAct.value) ? "warn" : ""}`}
      aria-pressed={muted.value}
      title={text}
      aria-label={text}
      onClick={() => {
        muted.value = !muted.value && !waitingTouch;
      }}
    >
      <Icon name={muted.value || waitingTouch ? "muted" : "sound"} />
      {(muted.value || (waitingTouch && mustAct.value)) && <span class="word">{text}</span>}
    </button>
  );
}

function TopBar({ open }: { open: (what: Opened) => void }) {
  const s = session.value!;
  return (
    <header class="top">
      <a class="brand" href="/" title={node.value?.name}>
        <Shape of="normal" />
        Vọng gác{node.value && <span class="node">{node.value.name}</span>}
      </a>
      <NavBar />
      <div class="right">
        <button type="button" class="button search" onClick={() => open("search")} title={t("ui.palette.title")}>
          <Icon name="search" />
          <span class="word">{t("ui.action.search")}</span>
          <kbd aria-hidden="true">Ctrl K</kbd>
        </button>
        <PostureMark />
        <Link />
        <SoundButton />
        <time class="clock" dateTime={new Date(now.value).toISOString()}>
          <b>{clock(now.value)}</b>
          <span>{date(now.value)}</span>
        </time>
        <Menu
          label={t("ui.user.menu", { name: s.user.name })}
          button={
            <>
              <span class="who">{s.user.name}</span>
              <Icon name="down" />
            </>
          }
          head={
            <>
              {s.user.name}
              <br />
              <span class="dim">{s.user.login}</span>
            </>
          }
          items={[
            { text: t("ui.me.title"), onPick: () => go("/me") },
            { text: t("ui.notice.mine"), onPick: () => go("/notices?view=mine") },
            {
              text: t("ui.theme.system"),
              checked: theme.value === "system",
              onPick: () => {
                theme.value = "system";
              },
            },
            {
              text: t("ui.theme.dark"),
              checked: theme.value === "dark",
              onPick: () => {
                theme.value = "dark";
              },
            },
            {
              text: t("ui.theme.light"),
              checked: theme.value === "light",
              onPick: () => {
                theme.value = "light";
              },
            },
            {
              text: "Tiếng Việt",
              checked: lang.value === "vi",
              onPick: () => void switchLang("vi"),
            },
            { text: "English", checked: lang.value === "en", onPick: () => void switchLang("en") },
            ...(may("journal.verify")
              ? [{ text: t("ui.verify.title"), onPick: () => open("verify") }]
              : []),
            ...(may("muster.read") && !s.world
              ? [{ text: t("ui.drill.enter"), onPick: () => open("drill") }]
              : []),
            { text: t("ui.help.title"), onPick: () => open("help"), key: "?" },
            { text: t("ui.manual.title"), onPick: () => go("/manual") },
            { text: t("ui.user.logout"), onPick: () => void leave() },
          ]}
        />
      </div>
    </header>
  );
}

function LostBar() {
  const since = lostSince.value;
  if (since === null) {
    return null;
  }
  return (
    <div class="lost-bar" role="alert">
      <Shape of="unknown" />
      <span>
        <b>{t("ui.link.bar", { time: clock(since + skewMs.value) })}</b>{" "}
        <span aria-hidden="true">({ageText(since, now.value - skewMs.value)})</span>{" "}
        {t("ui.link.bar_more")}
      </span>
    </div>
  );
}

export function App() {
  const [open, setOpen] = useState<Opened | null>(null);
  const commands = useMemo<Command[]>(
    () => [
      ...navPages().map((p) => ({
        text: t(navName(p)),
        hint: `${t("ui.palette.page")} · ${t(p.group!)}`,
        run: () => go(p.path),
      })),
      { text: t("ui.incident.new"), hint: "N", run: () => setOpen("new") },
      {
        text: muted.value ? t("ui.sound.unmute") : t("ui.sound.mute"),
        hint: "M",
        run: () => {
          muted.value = !muted.value;
        },
      },
      {
        text: t("ui.theme.dark"),
        hint: t("ui.palette.look"),
        run: () => {
          theme.value = "dark";
        },
      },
      {
        text: t("ui.theme.light"),
        hint: t("ui.palette.look"),
        run: () => {
          theme.value = "light";
        },
      },
      {
        text: lang.value === "vi" ? "English" : "Tiếng Việt",
        hint: t("ui.palette.look"),
        run: () => void switchLang(lang.value === "vi" ? "en" : "vi"),
      },
      { text: t("ui.help.title"), hint: "?", run: () => setOpen("help") },
    ],
    [lang.value, muted.value, session.value],
  );
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (!session.value || document.querySelector("dialog[open]")) {
        return;
      }
      const action = actionOf(e as never);
      if (action === "search" || action === "help" || (action === "new" && may("desk.open"))) {
        e.preventDefault();
        setOpen(action);
      } else if (action === "mute") {
        muted.value = !muted.value;
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  const who = session.value;
  useFirstSteps(place.value.path);
  useEffect(() => {
    if (who) {
      // What the queue, the sound and the search need on every page.
      for (const state of ["open", "acknowledged"]) {
        need("alerts", { state });
      }
      need("alert-storms", { state: "on" });
      need("incidents", { state: "open" });
      need("sites");
      need("sources");
      need("posture-levels");
      need("postures", { state: "in_force" });
      if (may("accounts.confirm")) {
        need("permission-changes", { state: "open" });
      }
    }
  }, [who?.user.id]);

  if (place.value.path === "/thiet-bi") {
    pageTitle.value = t("ui.machine.title");
    return <DevicePage />;
  }
  const path = place.value.path;
  const found = pageAt(path);
  if (who === undefined && unreachable.value && found?.page.alone) {
    pageTitle.value = t(found.page.title);
    return (
      <>
        <main id="main">{found.page.alone(found.id)}</main>
        <Toasts />
      </>
    );
  }
  if (who === undefined) {
    return (
      <main class="starting" id="main">
        {unreachable.value ? (
          <p role="alert">
            <Shape of="unknown" /> {t("ui.error.offline")}
          </p>
        ) : (
          <Skeleton lines={3} />
        )}
      </main>
    );
  }
  if (who === null) {
    pageTitle.value = t("ui.login.title");
    return <LoginPage />;
  }
  pageTitle.value = t(found?.page.title ?? "ui.notfound.title");
  return (
    <div
      class={`frame ${lostSince.value !== null ? "stale" : ""} ${path === "/" ? "on-desk" : ""}`}
    >
      <a
        class="skip"
        href="#main"
        onClick={(e) => {
          e.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        {t("ui.nav.skip")}
      </a>
      <TopBar open={setOpen} />
      <LostBar />
      <DrillBar />
      <main id="main" tabIndex={path === "/" ? -1 : 0}>
        <Guard key={path}>
          {found ? found.page.view(found.id) : <NotFoundPage />}
        </Guard>
      </main>
      <PhoneBar />
      <div class="hidden" role="alert" aria-live="assertive">
        {announced.value}
      </div>
      {open === "search" && <Palette commands={commands} onClose={() => setOpen(null)} />}
      {open === "drill" && <DrillDialog onClose={() => setOpen(null)} />}
      {open === "help" && <Help onClose={() => setOpen(null)} />}
      {open === "verify" && (
        <Dialog title={t("ui.verify.title")} onClose={() => setOpen(null)}>
          <p class="dim">{t("ui.verify.about")}</p>
          <Verify />
        </Dialog>
      )}
      {open === "new" && <NewIncident onClose={() => setOpen(null)} />}
      <Toasts />
    </div>
  );
}
