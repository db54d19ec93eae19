// SPDX-License-Identifier: Apache-2.0
// The navigation from the table of pages: one row of groups at the desk, four places at the thumb and "more"
// on the phone. A group of several pages is a button that opens them as a list of plain links: arrows move,
// Escape closes and gives the focus back, leaving it closes it.
import { useEffect, useRef, useState } from "preact/hooks";
import { t } from "../lib/i18n.ts";
import { GROUPS, navName, navPages, pageAt, type Badge, type Page } from "../pages.tsx";
import { place } from "../router.ts";
import { Dialog } from "./dialog.tsx";
import { Icon } from "./icons.tsx";

const PHONE_PLACES = 4;
const COUNT_MAX = 99;

// The address in the navigation that the present page stands under.
function hereNow(): string | undefined {
  const page = pageAt(place.value.path)?.page;
  return page?.under ?? page?.path;
}

function Count({ of }: { of?: Badge }) {
  const n = of?.n() ?? 0;
  return n ? (
    <span class={`count ${of!.loud ? "loud" : ""}`} title={t(of!.says, { n })}>
      <span aria-hidden="true">{n > COUNT_MAX ? `${COUNT_MAX}+` : n}</span>
      <span class="hidden">{t(of!.says, { n })}</span>
    </span>
  ) : null;
}

interface LinkProps {
  page: Page;
  name?: string;
  icon?: boolean;
  onPick?: () => void;
}

function PageLink({ page, name, icon, onPick }: LinkProps) {
  return (
    <a
      href={page.path}
      aria-current={hereNow() === page.path ? "page" : undefined}
      onClick={onPick}
    >
      {icon && <Icon name={page.icon ?? ""} />}
      <span>{t(name ?? navName(page))}</span>
      <Count of={page.badge} />
    </a>
  );
}

// Which of the entries a key moves to; null: the key is not for moving.
function target(key: string, at: number, length: number): number | null {
  const to: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: length - 1 };
  return key in to ? (to[key]! + length) % length : null;
}

function Group({ name, pages }: { name: string; pages: Page[] }) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const here = pages.find((p) => p.path === hereNow());
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    const away = (e: Event) => !box.current?.contains(e.target as Node) && setOpen(false);
    addEventListener("pointerdown", away, true);
    return () => removeEventListener("pointerdown", away, true);
  }, [open]);
  const onKey = (e: KeyboardEvent) => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>("a") ?? [])];
    if (e.key === "Escape" && open) {
      setOpen(false);
      button.current?.focus();
      e.stopPropagation();
    } else if (e.key === "ArrowDown" && !open) {
      e.preventDefault();
      setOpen(true);
      setTimeout(() => box.current?.querySelector("a")?.focus());
    } else if (open) {
      const to = target(e.key, links.indexOf(document.activeElement as HTMLElement), links.length);
      if (to !== null) {
        e.preventDefault();
        links[to]?.focus();
      }
    }
  };
  return (
    <div
      class="nav-group"
      ref={box}
      onKeyDown={onKey}
      onFocusOut={(e) => !box.current?.contains(e.relatedTarget as Node) && setOpen(false)}
    >
      <button
        type="button"
        ref={button}
        class={here ? "here" : ""}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <span>{t(name)}</span>
        {here && <span class="hidden">{t("ui.nav.here", { page: t(navName(here)) })}</span>}
        {pages.map((p) => (
          <Count key={p.path} of={p.badge} />
        ))}
        <Icon name="down" />
      </button>
      {open && (
        <ul class="nav-list">
          {pages.map((p) => (
            <li key={p.path}>
              <PageLink page={p} onPick={() => setOpen(false)} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// One row: what is used all through the shift stands open, the rest behind the name of its group.
export function NavBar() {
  return (
    <nav aria-label={t("ui.nav.main")} class="nav">
      {GROUPS.map(({ name, flat }) => {
        const pages = navPages(name);
        return flat || pages.length === 1 ? (
          pages.map((p) => <PageLink key={p.path} page={p} name={flat ? undefined : name} />)
        ) : pages.length ? (
          <Group key={name} name={name} pages={pages} />
        ) : null;
      })}
    </nav>
  );
}

function Everything({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={t("ui.nav.all")} onClose={onClose} class="nav-all">
      {GROUPS.filter((g) => navPages(g.name).length).map(({ name }) => (
        <section key={name}>
          <h3>{t(name)}</h3>
          <ul>
            {navPages(name).map((p) => (
              <li key={p.path}>
                <PageLink page={p} icon onPick={onClose} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

export function PhoneBar() {
  const [open, setOpen] = useState(false);
  const shown = navPages()
    .filter((p) => p.phone)
    .slice(0, PHONE_PLACES);
  const rest = navPages().filter((p) => !shown.includes(p));
  const elsewhere = rest.some((p) => p.path === hereNow());
  return (
    <nav aria-label={t("ui.nav.main")} class="phone-bar">
      {shown.map((p) => (
        <a key={p.path} href={p.path} aria-current={hereNow() === p.path ? "page" : undefined}>
          <Icon name={p.icon ?? ""} />
          <span>{t(p.title)}</span>
          <Count of={p.badge} />
        </a>
      ))}
      <button
        type="button"
        class={elsewhere ? "here" : ""}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <Icon name="more" />
        <span>{t("ui.nav.more")}</span>
      </button>
      {open && <Everything onClose={() => setOpen(false)} />}
    </nav>
  );
}
