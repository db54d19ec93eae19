// SPDX-License-Identifier: Apache-2.0
// A button that opens a small panel of controls beside it; Escape and a press elsewhere close, focus returns.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

export function Popover({
  label,
  button,
  children,
}: {
  label: string;
  button: ComponentChildren;
  children: ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  useEffect(() => {
    if (!open) {
      return undefined;
    }
    box.current?.querySelector<HTMLElement>(".popover input, .popover button")?.focus();
    const away = (e: Event) =>
      !box.current?.contains(e.target as globalThis.Node) && setOpen(false);
    // Wherever the focus is: a control that was pressed may have gone, and the focus with it.
    const escape = (e: KeyboardEvent) => {
      if (e.key === "Escape") {
        e.stopPropagation();
        setOpen(false);
        box.current?.querySelector("button")?.focus();
      }
    };
    addEventListener("pointerdown", away, true);
    addEventListener("keydown", escape, true);
    return () => {
      removeEventListener("pointerdown", away, true);
      removeEventListener("keydown", escape, true);
    };
  }, [open]);
  return (
    <div class="popover-box" ref={box}>
      <button
        type="button"
        class="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        {button}
      </button>
      {open && (
        <div class="popover" id={id} role="group" aria-label={label}>
          {children}
        </div>
      )}
    </div>
  );
}
