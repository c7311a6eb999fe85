// Sends what waits, one record after the other, in one tab at a time. The server knows a record by its
// instanceID: a second sending of the same bytes changes nothing there and brings the same receipt.
import { device } from "./page.js";
import { all, change, changed } from "./store.js";

const RESPONSE = "http://openrosa.org/http/response";
const AGAIN = 60_000; // ms between two tries while something waits

// Outcomes of one try: sent, refused (the server will not take it as it is), later (the network or the
// server is away) and sign-in.
export async function sendAll(page) {
  if (!navigator.onLine) return;
  await alone(async () => {
    for (const record of (await all()).reverse()) {
      if (record.state !== "waiting" || record.owner !== page.owner) continue;
      const outcome = await send(record, page);
      await change(record.instanceID, outcome.changes);
      changed();
      if (outcome.name === "later" || outcome.name === "sign-in") break;
    }
  });
}

// The lock holds across tabs. Over plain http there is none: then the tab minds itself alone.
let turn = Promise.resolve();

function alone(work) {
  if (navigator.locks) return navigator.locks.request("pasaj-send", work);
  turn = turn.then(work, work);
  return turn;
}

async function send(record, page) {
  const tried = { tries: (record.tries ?? 0) + 1, tried: new Date().toISOString() };
  let answer;
  try {
    const parts = portions(record, page.largest);
    for (const [index, part] of parts.entries()) {
      answer = await post(part, index < parts.length - 1, record, page);
      if (answer.name !== "sent") break;
    }
  } catch {
    answer = { name: "later", problem: "" };
  }
  if (answer.name === "sent") return { name: "sent", changes: { ...tried, ...emptied(), ...answer.received } };
  const state = answer.name === "refused" ? "refused" : "waiting";
  return { name: answer.name, changes: { ...tried, state, problem: answer.problem, hindrance: answer.name } };
}

// What stays of a record that arrived: nothing that somebody else at this browser should read.
function emptied() {
  return { state: "sent", xml: "", files: [], problem: "", hindrance: "", sent: new Date().toISOString() };
}

// The files in portions that the server takes at once; each goes with the same answers.
export function portions(record, largest) {
  const room = largest - new Blob([record.xml]).size - 10_000; // what multipart adds
  const parts = [[]];
  let used = 0;
  for (const file of record.files) {
    if (parts.at(-1).length && used + file.blob.size > room) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1).push(file);
    used += file.blob.size + 300;
  }
  return parts;
}

async function post(files, more, record, page) {
  const body = new FormData();
  body.append("xml_submission_file", new File([record.xml], "submission.xml", { type: "text/xml" }));
  for (const file of files) body.append(file.name, new File([file.blob], file.name, { type: file.type }));
  if (more) body.append("*isIncomplete*", "yes");
  const headers = { "X-OpenRosa-Version": "1.0" };
  if (page.csrf) headers["X-CSRFToken"] = cookie("csrftoken");
  const address = `${page.submission}?deviceID=${encodeURIComponent(device())}`;
  const answer = await fetch(address, { method: "POST", body, headers, redirect: "manual", credentials: "same-origin" });
  return judge(answer);
}

async function judge(answer) {
  const message = messageIn(await answer.text());
  if ([201, 202].includes(answer.status) && message !== null) {
    return { name: "sent", received: { receipt: answer.headers.get("X-Pasaj-Receipt") ?? "", message } };
  }
  if (answer.type === "opaqueredirect" || answer.status === 401 || (answer.status === 403 && message === null)) {
    return { name: "sign-in", problem: "" };
  }
  const passing = answer.status >= 500 || [408, 413, 423, 429].includes(answer.status) || message === null;
  return { name: passing ? "later" : "refused", problem: message ?? `HTTP ${answer.status}` };
}

// The text of an OpenRosa answer; null when it is none (a sign-in page, a proxy's page).
export function messageIn(text) {
  const found = new DOMParser().parseFromString(text, "text/xml");
  const message = found.documentElement.namespaceURI === RESPONSE && found.querySelector("message");
  return message ? message.textContent.trim() : null;
}

function cookie(name) {
  const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

// The receipt as the server knows it, or null: it may have the record although its answer was lost.
export async function askReceipt(instanceID, page) {
  if (!page.receipts) return null;
  const address = `${page.receipts}${encodeURIComponent(instanceID)}?deviceID=${encodeURIComponent(device())}`;
  const answer = await fetch(address, { redirect: "manual" });
  return answer.status === 200 ? answer.json() : null;
}

// Now, whenever the network comes back, and every minute while the page is looked at.
export function keepSending(page) {
  const now = () => sendAll(page);
  window.addEventListener("online", now);
  setInterval(() => document.visibilityState === "visible" && now(), AGAIN);
  return now();
}
