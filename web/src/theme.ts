// SPDX-License-Identifier: Apache-2.0
// Runs before the first paint so that the chosen theme does not flash. Without a choice the system's
// setting rules, by the style sheet alone.
try {
  const theme = localStorage.getItem("vg.theme");
  if (theme === "dark" || theme === "light") {
    document.documentElement.dataset.theme = theme;
  }
} catch {
  // Storage may be refused; the system's setting then rules.
}
