// The service worker of site visits: without a connection it answers with the page that shows what the phone keeps, and with the styles
// and scripts of that page. Everything else goes to the server as ever; nothing of a case lies in its cache.
const CACHE = "site-visits-1";
const PAGE = "/desk/visits/kept";

/** Puts the page, and what it is made of, into the cache; what an earlier page was made of goes. */
async function keep(response) {
  if (!response.ok || response.redirected) return;
  const cache = await caches.open(CACHE);
  const text = await response.clone().text();
  const parts = [...new Set(text.match(/\/static\/dist\/[^"'\s]+/g) ?? [])];
  for (const part of parts) {
    if (!(await cache.match(part))) await cache.add(part);
  }
  await cache.put(PAGE, response);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname !== PAGE && !parts.includes(pathname)) await cache.delete(request);
  }
}

addEventListener("install", (event) => {
  event.waitUntil(fetch(PAGE, { credentials: "same-origin" }).then(keep).then(() => skipWaiting()));
});
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
  else if (pathname.startsWith("/static/dist/")) event.respondWith(part(request));
});

async function page(event) {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(response.clone()));
    return response;
  } catch {
    return (await caches.match(PAGE, { cacheName: CACHE })) ?? Response.error();
  }
}

const part = async (request) => (await caches.match(request, { cacheName: CACHE })) ?? fetch(request);
