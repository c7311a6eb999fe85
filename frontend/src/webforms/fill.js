// The page on which a form is filled: @getodk/web-forms, with drafts, an outbox and hours without network.
import { OdkWebForm, POST_SUBMIT__NEW_INSTANCE, webFormsPlugin } from "@getodk/web-forms";
import { createApp, h, toRaw } from "vue";
import * as drafts from "./drafts.js";
import { download, write } from "./file.js";
import { device, element, fillAddress, keepOffline, moment, page, tell, word } from "./page.js";
import { keepSending, sendAll } from "./send.js";
import { all, changed, get, keep, onChange, put } from "./store.js";

const asked = new URLSearchParams(location.search).get("draft");
const media = new Set(); // addresses of this form's files that were asked for

// jr://file-csv/points.csv and the like: all of a form's files stand side by side.
async function fetchMedia(resource) {
  const name = decodeURIComponent(new URL(resource).pathname.split("/").pop());
  const address = named(page.media + encodeURIComponent(name));
  media.add(address);
  return fetch(address, { credentials: "same-origin" });
}

// With a key, each request says which device it comes from.
const named = (address) => (page.csrf ? address : `${address}?deviceID=${encodeURIComponent(device())}`);

// A draft, in the shape in which the engine restores it; see CHANGES in webforms.mjs.
function restored(draft) {
  const data = new FormData();
  data.set("xml_submission_file", new File([draft.xml], "submission.xml", { type: "text/xml" }));
  for (const file of draft.files) data.set(file.name, new File([file.blob], file.name, { type: file.type }));
  return { resolveInstance: () => draft.xml, attachmentFileNames: [], resolveAttachment: () => null, draft: [data] };
}

// Into this browser first, then to the server. Only when it is safe on the disk does the form empty itself.
async function handIn(payload, callback) {
  const files = payload.data.flatMap((part) => [...part.entries()].filter(([name]) => name !== "xml_submission_file"));
  const xml = await payload.data[0].get("xml_submission_file").text();
  const contents = { xml, files: files.map(([name, file]) => ({ name, type: file.type, blob: file })) };
  const waiting = drafts.record("waiting", contents, drafts.started());
  drafts.forget();
  try {
    await put(waiting);
  } catch {
    tell(word("store_failed"), "bad");
    download(await write([waiting]), `${page.form}-${waiting.instanceID.slice(-8)}.json`);
    return;
  }
  changed();
  history.replaceState(null, "", location.pathname);
  document.getElementById("draft-state").textContent = "";
  callback({ next: POST_SUBMIT__NEW_INSTANCE });
  tell(word("stored"), "info");
  document.getElementById("forms-said").scrollIntoView({ block: "center" });
  await keep();
  await sendAll(page);
  await report(waiting.instanceID);
}

// What the server said; it mostly names the receipt itself.
function thanks({ message, receipt }) {
  return !receipt || message.includes(receipt) ? message : `${message} ${word("receipt", receipt)}`;
}

async function report(instanceID) {
  const now = await get(instanceID);
  if (now?.state === "sent") tell(thanks(now), "good");
  else if (now?.state === "refused") tell(word("refused", now.problem), "bad");
  else if (now?.hindrance === "sign-in") tell(word("sign_in"), "warn");
  else tell(word("waiting"), "warn");
}

// In a demonstration or an exercise it is another day: what the form calls today is that day.
const dated = (formXml) => (page.today ? formXml.replaceAll("today()", `date('${page.today}')`) : formXml);

function start(formXml, draft, offline) {
  const ready = ({ status, root }) => {
    document.getElementById("form-loading").hidden = status !== "FORM_STATE_LOADING";
    if (status === "FORM_STATE_SUCCESS") {
      drafts.watch(toRaw(root), draft);
      language(root);
      draft = null; // the next form on this page is a new one
      setTimeout(offline, 1_000); // its pictures and lists were asked for by then
    }
  };
  const properties = {
    formXml,
    fetchFormAttachment: fetchMedia,
    missingResourceBehavior: "BLANK",
    preloadProperties: { ...page.preload, deviceID: device() },
    editInstance: draft ? restored(draft) : undefined,
    onReady: ready,
    onSubmit: handIn,
  };
  const app = createApp({ render: () => h(OdkWebForm, properties) });
  app.use(webFormsPlugin);
  app.mount("#form");
  drafts.saveWhileFilling(document.getElementById("form"));
}

// The form begins in the language of the page where it has it: "Français (fr)".
function language(root) {
  const code = `(${document.documentElement.lang})`;
  const found = root.languages.find((one) => !one.isSyntheticDefault && one.language.includes(code));
  if (found && found.language !== root.currentState.activeLanguage.language) root.setLanguage(found);
}

// Drafts of this form that could be gone on with, and how much waits.
async function around() {
  const mine = (await all()).filter((record) => record.owner === page.owner);
  const waiting = mine.filter((record) => ["waiting", "refused"].includes(record.state)).length;
  document.getElementById("outbox-count").textContent = waiting ? word("count_waiting", waiting) : "";
  const others = mine.filter((record) => record.state === "draft" && record.form === page.form && record.instanceID !== current());
  const list = document.getElementById("form-drafts");
  list.hidden = others.length === 0;
  list.querySelector("ul").replaceChildren(
    ...others.map((one) => element("li", {}, element("a", { href: fillAddress(one.form, one.instanceID) }, word("draft_of", moment(one.saved))))),
  );
}

const current = () => new URLSearchParams(location.search).get("draft");

async function main() {
  const draft = asked ? await get(asked) : null;
  const mine = draft?.state === "draft" && draft.owner === page.owner && draft.form === page.form ? draft : null;
  if (asked && !mine) {
    history.replaceState(null, "", location.pathname);
    tell(word(draft?.state === "sent" ? "draft_sent" : "draft_gone"), "warn");
  }
  const version = mine?.version ?? page.version;
  const number = page.numbers ? page.numbers[version] : version;
  const address = named(page.xml.replace("__version__", encodeURIComponent(number || "-"))); // "-": the form states none
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
  start(dated(await answer.text()), mine, () => offline(address));
  onChange(around);
  await around();
  keepSending(page);
}

async function offline(address) {
  const place = document.getElementById("offline-state");
  try {
    const kept = await keepOffline([location.pathname, page.outbox, address, ...page.files, ...media]);
    place.textContent = kept ? word("offline_ready") : word("offline_not");
  } catch {
    place.textContent = navigator.onLine ? word("offline_not") : "";
  }
}

main().catch((error) => {
  document.getElementById("form-loading").hidden = true;
  tell(word("form_failed"), "bad");
  console.warn(error);
});
