// What this browser keeps of the forms filled in it: drafts, what waits, what was sent and its receipt.
import { download, read, write } from "./file.js";
import { element, fillAddress, keepOffline, moment, page, tell, word } from "./page.js";
import { askReceipt, keepSending, sendAll } from "./send.js";
import { all, change, changed, isKept, onChange, remove } from "./store.js";

const list = document.getElementById("records");
const TONES = { draft: "quiet", waiting: "open", refused: "bad", sent: "good" };
const SENT_SHOWN = 50;

async function show() {
  const records = await all();
  const mine = records.filter((record) => record.owner === page.owner);
  const unsent = mine.filter((record) => record.state !== "sent");
  const sent = mine.filter((record) => record.state === "sent");
  list.replaceChildren(...[...unsent, ...sent.slice(0, SENT_SHOWN)].map(row));
  document.getElementById("records-table").hidden = mine.length === 0;
  document.getElementById("records-none").hidden = mine.length > 0;
  document.getElementById("send-now").disabled = !mine.some((record) => record.state === "waiting");
  document.getElementById("export").disabled = mine.length === 0;
  const foreign = records.length - mine.length;
  const others = document.getElementById("records-foreign");
  others.textContent = foreign ? word("foreign", foreign) : "";
  document.getElementById("network").textContent = word(navigator.onLine ? "online" : "offline");
  document.getElementById("kept").textContent = word((await isKept()) ? "kept" : "not_kept");
}

function row(record) {
  const state = element("span", { class: `status status-${TONES[record.state]}` }, word(`state_${record.state}`));
  return element(
    "tr",
    { "data-id": record.instanceID, "data-state": record.state },
    element("th", { scope: "row" }, record.title || record.form, element("div", { class: "code muted record-id" }, record.instanceID)),
    cell("col_state", state, element("div", { class: "muted" }, about(record))),
    cell("col_saved", moment(record.sent || record.saved)),
    cell("col_do", element("div", { class: "record-do" }, ...buttons(record))),
  );
}

const cell = (label, ...children) => element("td", { "data-label": word(label) }, ...children);

function about(record) {
  if (record.state === "sent") return record.receipt ? word("receipt", record.receipt) : record.message;
  if (record.hindrance === "sign-in") return word("sign_in");
  const files = record.files.length ? word("files", record.files.length) : "";
  const tries = record.tries ? word("tries", record.tries) : "";
  return [record.problem, files, tries].filter(Boolean).join(" · ");
}

function buttons(record) {
  const made = [];
  if (record.state === "draft") made.push(element("a", { class: "btn btn-sm", href: fillAddress(record.form, record.instanceID) }, word("continue")));
  if (record.state === "refused") made.push(button("again", () => again(record)));
  if (record.state === "sent") made.push(button("check", () => check(record)));
  else made.push(button("export_one", async () => download(await write([record]), `${record.form}-${record.instanceID.slice(-8)}.json`)));
  made.push(button("delete", () => sure(record)));
  return made;
}

const button = (name, onclick) => element("button", { class: "btn btn-sm", type: "button", onclick }, word(name));

async function again(record) {
  await change(record.instanceID, { state: "waiting", problem: "", hindrance: "" });
  changed();
  await sendNow();
}

// Does the server still know it? The receipt is asked for by instanceID.
async function check(record) {
  let found;
  try {
    found = await askReceipt(record.instanceID, page);
  } catch {
    tell(word("no_network"), "warn");
    return;
  }
  if (found) tell(word("server_has", found.receipt, moment(found.received_at)), "good");
  else tell(word("server_has_not"), "bad");
}

// Deleting answers that nobody has is asked for twice, in the row itself.
function sure(record) {
  if (record.state === "sent") return discard(record);
  const place = list.querySelector(`tr[data-id="${CSS.escape(record.instanceID)}"] .record-do`);
  const yes = button("delete_yes", () => discard(record));
  place.replaceChildren(element("p", {}, word("delete_sure")), yes, button("delete_no", show));
  yes.focus();
}

async function discard(record) {
  await remove(record.instanceID);
  changed();
  tell(word("deleted"), "info");
}

async function sendNow() {
  if (!navigator.onLine) return tell(word("no_network"), "warn");
  await sendAll(page);
  const left = (await all()).filter((record) => record.owner === page.owner && record.state === "waiting");
  if (left.length === 0) tell(word("all_sent"), "good");
  else tell(word(left.some((record) => record.hindrance === "sign-in") ? "sign_in" : "some_wait", left.length), "warn");
}

async function exportAll() {
  const mine = (await all()).filter((record) => record.owner === page.owner);
  download(await write(mine), `pasaj-${new Date().toISOString().slice(0, 10)}.json`);
}

async function importFile(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  try {
    const { taken, known } = await read(file, page.owner);
    tell(word("imported", taken, known), "good");
  } catch {
    tell(word("not_a_file"), "bad");
    return;
  }
  changed();
}

document.getElementById("send-now").addEventListener("click", sendNow);
document.getElementById("export").addEventListener("click", exportAll);
document.getElementById("import").addEventListener("change", importFile);
for (const name of ["online", "offline"]) window.addEventListener(name, show);
onChange(show);
await show();
keepSending(page);
keepOffline([location.pathname]).catch(() => {});
