// SPDX-License-Identifier: Apache-2.0
// A button that opens a short list of acts: arrows move, Escape and a click elsewhere close.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface MenuItem {
  text: string;
  onPick: () => void;
  checked?: boolean;
  key?: string;
}

export function Menu({
  label,
  button,
  items,
  head,
}: {
  label: string;
  button: ComponentChildren;
  items: MenuItem[];
  head?: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const list = () => [...(box.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    list()[0]?.focus();
    const away = (e: Event) =>
      !box.current?.contains(e.target as globalThis.Node) && setOpen(false);
    addEventListener("pointerdown", away, true);
    return () => removeEventListener("pointerdown", away, true);
  }, [open]);
  const onKey = (e: KeyboardEvent) => {
    const all = list();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to =
      e.key === "ArrowDown"
        ? at + 1
        : e.key === "ArrowUp"
          ? at - 1
          : e.key === "Home"
            ? 0
            : e.key === "End"
              ? all.length - 1
              : null;
    if (to !== null) {
      e.preventDefault();
      all[(to + all.length) % all.length]?.focus();
    } else if (e.key === "Escape" || e.key === "Tab") {
      setOpen(false);
      box.current?.querySelector("button")?.focus();
    }
    e.stopPropagation();
  };
  return (
    <div class="menu" ref={box} onKeyDown={open ? onKey : undefined}>
      <button
        type="button"
        class="button plain"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div class="menu-list">
          {head && <div class="menu-head">{head}</div>}
          <div role="menu" aria-label={label}>
            {items.map((i) => (
              <button
                key={i.text}
                type="button"
                role={i.checked === undefined ? "menuitem" : "menuitemradio"}
                aria-checked={i.checked}
                tabIndex={-1}
                onClick={() => {
                  setOpen(false);
                  i.onPick();
                }}
              >
                {i.text}
                {i.key && <kbd>{i.key}</kbd>}
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
