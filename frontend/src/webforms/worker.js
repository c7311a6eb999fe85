// Opens forms without network. Pages and forms: the network first, what was kept when there is none.
// The build's files have a hash in their names: once kept, they never change. Nothing that is sent, and
// nothing outside the pages named by them, is kept.
//
// The server writes `self.PASAJ = {version, files}` above this: the build's hash and its files.
const { version, files } = self.PASAJ;
const BUILD = "pasaj-build-";
const FORMS = "pasaj-forms"; // pages and forms that were opened; outlives versions
const PATIENCE = 8_000; // ms for the network to answer, where something is kept
const STATIC = new URL(files[0], location).pathname.replace(/[^/]*$/, "");
const SCOPE = new URL(self.registration.scope).pathname;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("message", (event) => {
  const { keep } = event.data ?? {};
  if (keep) event.waitUntil(keepAll(keep).then((kept) => event.ports[0].postMessage({ kept })));
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (address.pathname.startsWith(STATIC) || files.includes(address.pathname)) event.respondWith(buildFile(request));
  else if (isOurs(address.pathname)) event.respondWith(networkFirst(request));
});

// The pages for filling and the outbox, forms and their files; not receipts, not lists.
function isOurs(path) {
  if (!path.startsWith(SCOPE)) return false;
  return /\/(fill|outbox)\//.test(path) || /\/forms\/([^/]+\/)?[^/]+\.xml$|\/media\/[^/]+$/.test(path);
}

async function install() {
  const cache = await caches.open(BUILD + version);
  for (const file of files) {
    const held = await caches.match(file, { ignoreVary: true });
    if (held) await cache.put(file, held);
    else await cache.add(file);
  }
  // Pages kept by the version before name its files: fetched again, they name ours.
  for (const request of await (await caches.open(FORMS)).keys()) {
    if (/\/(fill|outbox)(\/|$)/.test(new URL(request.url).pathname)) await fetchAndKeep(request.url).catch(() => null);
  }
}

// A new version takes over only when no tab of the old one is open (nothing here calls skipWaiting): so
// its files can go, unless a kept page still needs them because it could not be fetched again.
async function activate() {
  const pages = await keptPages();
  for (const name of await caches.keys()) {
    if (!name.startsWith(BUILD) || name === BUILD + version) continue;
    const old = await (await caches.open(name)).keys();
    const own = old.map((request) => new URL(request.url).pathname).filter((path) => !files.includes(path));
    if (!pages.some((text) => own.some((path) => text.includes(path)))) await caches.delete(name);
  }
  await self.clients.claim();
}

async function keptPages() {
  const cache = await caches.open(FORMS);
  const found = await Promise.all((await cache.keys()).map((request) => cache.match(request, { ignoreVary: true })));
  return Promise.all(found.filter((answer) => /html/.test(answer.headers.get("content-type"))).map((answer) => answer.text()));
}

async function buildFile(request) {
  const held = await caches.match(request, { ignoreVary: true });
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic") await (await caches.open(BUILD + version)).put(request, answer.clone());
  return answer;
}

async function networkFirst(request) {
  const cache = await caches.open(FORMS);
  const held = await cache.match(plain(request.url), { ignoreVary: true });
  const asked = fetch(request).then(async (answer) => {
    if (isKeepable(answer)) await cache.put(plain(request.url), answer.clone());
    return held && isAway(answer, request) ? held : answer;
  });
  if (!held) return asked;
  asked.catch(() => null);
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE, held));
  return Promise.race([asked.catch(() => held), late]);
}

// One copy of a page, whichever draft it opens.
const plain = (address) => address.split(/[?#]/)[0];

// A redirection to the sign-in page is not the page that was asked for.
const isKeepable = (answer) => answer.ok && answer.type === "basic" && !answer.redirected;

// A proxy says that the server is not there, or somebody has to sign in before a form comes again. (Where
// a page leads to the sign-in page, that is where the browser goes: it sees the redirection itself.)
const isAway = (answer, request) => [502, 503, 504].includes(answer.status) || (answer.redirected && request.mode !== "navigate");

async function fetchAndKeep(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (isKeepable(answer)) await (await caches.open(FORMS)).put(plain(address), answer);
  return isKeepable(answer);
}

async function keepAll(addresses) {
  const all = await Promise.all(addresses.map(async (address) => {
    const whole = new URL(address, location).href;
    if (!isOurs(new URL(whole).pathname)) return true;
    // What is kept was fetched through here a moment ago, or there is no network.
    const held = await caches.match(plain(whole), { ignoreVary: true });
    return held ? true : fetchAndKeep(whole).catch(() => false);
  }));
  const cache = await caches.open(BUILD + version);
  const built = await Promise.all(files.map((file) => cache.match(file)));
  return all.every(Boolean) && built.every(Boolean);
}
