// SPDX-License-Identifier: Apache-2.0
// Runs before the first paint so that no other look flashes: the chosen one, else the system's.
let theme: string | null = null;
try {
  theme = localStorage.getItem("vg.theme");
} catch {
  // Storage may be refused; the system's setting then rules.
}
if (theme !== "dark" && theme !== "light") {
  theme = matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
}
document.documentElement.dataset.theme = theme;
