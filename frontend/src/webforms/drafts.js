// Writes the open form into this browser while somebody fills it. The engine has no signal for "something
// changed" that a page could hear, so the answers are looked at a moment after each touch, every few
// seconds, and when the page is left.
import { changed, keep, putDraft } from "./store.js";
import { clock, page, word } from "./page.js";

const SOON = 600; // ms after the last touch
const OFTEN = 5_000; // ms

let open = null; // {root, instanceID, first, last, touched, started, files}
let timer;

export const idIn = (xml) => xml.match(/<(?:[\w-]+:)?instanceID>([^<]+)</)?.[1] ?? "";

// What a form's root gives: its answers and the files that belong to them.
export function contents(root) {
  const attached = [...root.rootDocument.attachments.entries()]
    .filter(([node]) => node.isAttached() && node.isRelevant())
    .map(([, attachment]) => attachment.getValue())
    .filter(Boolean);
  return {
    xml: root.instanceState.instanceXML,
    files: attached.map((file) => ({ name: file.name, type: file.type, blob: file })),
  };
}

export function record(state, { xml, files }, started) {
  const { owner, form, title, version } = page;
  const saved = new Date().toISOString();
  return { instanceID: idIn(xml), owner, form, title, version, state, started, saved, xml, files, tries: 0, problem: "" };
}

// From now on `root` is what is being filled. `draft` is the record it was opened from, if any.
export function watch(root, draft = null) {
  const now = contents(root);
  const started = draft?.started ?? new Date().toISOString();
  open = { root, last: mark(now), touched: false, started, instanceID: idIn(now.xml) };
}

export const started = () => open?.started ?? new Date().toISOString();

// A form that was handed in is a draft no more.
export function forget() {
  clearTimeout(timer);
  open = null;
}

const mark = ({ xml, files }) => `${xml}\n${files.map((file) => `${file.name} ${file.blob.size}`).join("\n")}`;

async function save() {
  clearTimeout(timer);
  if (!open?.touched) return;
  const mine = open;
  const now = contents(mine.root);
  if (mark(now) === mine.last) return;
  try {
    await putDraft(record("draft", now, mine.started));
  } catch {
    say(word("draft_failed"));
    return;
  }
  mine.last = mark(now);
  if (open !== mine) return;
  // Loading the page again brings back this draft, not an empty form.
  history.replaceState(null, "", `${location.pathname}?draft=${encodeURIComponent(mine.instanceID)}`);
  say(word("draft_saved", clock(new Date())));
  changed();
  keep();
}

function say(text) {
  document.getElementById("draft-state").textContent = text;
}

export function saveWhileFilling(container) {
  const touched = () => {
    if (!open) return;
    open.touched = true;
    clearTimeout(timer);
    timer = setTimeout(save, SOON);
  };
  for (const kind of ["input", "change", "click", "keyup"]) {
    container.addEventListener(kind, touched, { capture: true, passive: true });
  }
  // Menus and calendars hang outside the form.
  document.body.addEventListener("click", touched, { passive: true });
  setInterval(save, OFTEN);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && save());
  window.addEventListener("pagehide", save);
}
