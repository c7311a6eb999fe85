// What the server says about this page (a JSON island), and small things that both pages need.
const island = document.getElementById("forms-page");
export const page = JSON.parse(island.textContent);

// "{0} forms are waiting", 3
export function word(name, ...values) {
  return (page.words[name] ?? name).replace(/\{(\d)\}/g, (_hole, index) => values[index] ?? "");
}

// Browsers know no Creole: dates are then written the French way.
const written = (options) => new Intl.DateTimeFormat([document.documentElement.lang, "fr"], { hourCycle: "h23", ...options });

export const moment = (iso) => (iso ? written({ dateStyle: "medium", timeStyle: "short" }).format(new Date(iso)) : "");
export const clock = (time) => written({ hour: "2-digit", minute: "2-digit" }).format(time);

// element("p", {class: "muted"}, "text", otherElement)
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") made.addEventListener("click", value);
    else made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== ""));
  return made;
}

export function fillAddress(form, instanceID = "") {
  const address = page.fill.replace("__form__", encodeURIComponent(form));
  return instanceID ? `${address}?draft=${encodeURIComponent(instanceID)}` : address;
}

// A line that says what just happened, also to those who listen.
export function tell(text, tone = "info") {
  const box = document.getElementById("forms-said");
  box.replaceChildren(element("div", { class: `notice notice-${tone}` }, element("p", {}, text)));
}

// The service worker keeps this page, its form and the outbox for hours without network.
export async function keepOffline(addresses) {
  if (!navigator.serviceWorker) return false;
  await navigator.serviceWorker.register(page.worker, { scope: page.scope });
  const { active } = await navigator.serviceWorker.ready;
  return new Promise((resolve) => {
    const answers = new MessageChannel();
    answers.port1.onmessage = ({ data }) => resolve(data.kept);
    active.postMessage({ keep: addresses }, [answers.port2]);
  });
}

// This browser, as a phone would name itself. `crypto.randomUUID` exists only on https and localhost.
export function device() {
  try {
    const known = localStorage.getItem("pasaj-device");
    if (known) return known;
    const signs = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
    localStorage.setItem("pasaj-device", `browser:${signs.join("")}`);
    return localStorage.getItem("pasaj-device");
  } catch {
    return "browser:unknown"; // storage is switched off
  }
}

// The form engine names things with it, and plain http does not have it.
crypto.randomUUID ??= () =>
  "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (sign) => {
    const [byte] = crypto.getRandomValues(new Uint8Array(1));
    return (Number(sign) ^ (byte & (15 >> (Number(sign) / 4)))).toString(16);
  });
