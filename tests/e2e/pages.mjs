// SPDX-License-Identifier: Apache-2.0
// Every page of the console, once: the gallery photographs them, pages.test.mjs checks them.
//   name   of the contact sheet
//   path   address, or a function of the page (logged in) that finds one
//   guest  seen without logging in
//   act    what to do before looking (open a dialog, select a row)
async function firstId(page, path) {
  const row = await page.evaluate(async (p) => {
    const answer = await fetch(`/api/v1${p}`);
    const body = answer.ok ? await answer.json() : {};
    return (body.rows ?? body.items ?? body.data ?? [])[0] ?? null;
  }, path);
  return row?.id ?? null;
}

// Without a thing to show the list is shown instead (and the sheet says so by its picture).
const oneOf = (path) => async (page) => {
  const id = await firstId(page, path);
  return id ? `${path}/${id}` : path;
};

export const PAGES = [
  { name: "login", path: "/", guest: true },
  { name: "desk", path: "/" },
  { name: "incidents", path: "/incidents" },
  { name: "incident", path: oneOf("/incidents") },
  { name: "sources", path: "/sources" },
  { name: "sites", path: "/sites" },
  { name: "site", path: oneOf("/sites") },
  { name: "journal", path: "/journal" },
  { name: "rules", path: "/rules" },
  { name: "admin", path: "/admin" },
  { name: "notfound", path: "/no-such-page" },
];

export const SIZES = [[1440, 900], [1280, 720], [390, 844]];
export const THEMES = ["light", "dark"];
export const LANGS = ["vi", "en"];

export async function addressOf(entry, page) {
  return typeof entry.path === "function" ? entry.path(page) : entry.path;
}
