// SPDX-License-Identifier: Apache-2.0
// The service worker of what goes on without a connection, a gate's terminal and a marshal's list: the page itself, and
// nothing else. While the node is there every page comes from the node; answers of the API are never kept.
declare const VG_SHELL: string[];
declare const VG_SHELL_NAME: string;

interface Until extends Event {
  waitUntil(p: Promise<unknown>): void;
}
interface Asked extends Event {
  request: Request;
  respondWith(p: Promise<Response>): void;
}
interface Worker {
  addEventListener(kind: "install" | "activate", f: (e: Until) => void): void;
  addEventListener(kind: "fetch", f: (e: Asked) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}
const worker = globalThis as unknown as Worker;

async function install(): Promise<void> {
  const cache = await caches.open(VG_SHELL_NAME);
  await cache.addAll(VG_SHELL);
  await worker.skipWaiting();
}

async function clean(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((n) => n !== VG_SHELL_NAME).map((n) => caches.delete(n)));
  await worker.clients.claim();
}

// Names of assets carry their content's hash: kept is as good as new.
const kept = async (request: Request): Promise<Response> => (await caches.match(request)) ?? fetch(request);
async function page(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (e) {
    const first = await caches.match("/");
    if (!first) {
      throw e;
    }
    return first;
  }
}

const ALONE = /^\/(gate|musters\/[^/]+\/list)$/; // whose page has an `alone` (pages.tsx)
worker.addEventListener("install", (e) => e.waitUntil(install()));
worker.addEventListener("activate", (e) => e.waitUntil(clean()));
worker.addEventListener("fetch", (e) => {
  const url = new URL(e.request.url);
  if (e.request.method !== "GET" || url.origin !== location.origin) {
    return;
  }
  if (e.request.mode === "navigate" && ALONE.test(url.pathname)) {
    e.respondWith(page(e.request));
  } else if (VG_SHELL.includes(url.pathname) && url.pathname !== "/") {
    e.respondWith(kept(e.request));
  }
});
