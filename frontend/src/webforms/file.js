// Drafts and waiting forms as one file, to carry them to another browser or to keep them safe.
// {"format": "pasaj-forms", "version": 1, "exported": ISO time, "records": [{…, "files": [{name, type, base64}]}]}
import { get, put } from "./store.js";

const FORMAT = "pasaj-forms";
const TEXTS = ["instanceID", "form", "title", "version", "state", "started", "saved", "xml"];
const STATES = ["draft", "refused", "waiting", "sent"]; // in the order of a record's life

export async function write(records) {
  const plain = await Promise.all(records.map(async (record) => ({ ...record, files: await Promise.all(record.files.map(coded)) })));
  const text = JSON.stringify({ format: FORMAT, version: 1, exported: new Date().toISOString(), records: plain }, null, 1);
  return new Blob([text], { type: "application/json" });
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Takes in what the file holds and this browser does not: {taken, known}, or an error if it is no such file.
// Whoever brings the file sends from it: the records become theirs.
export async function read(file, owner) {
  const found = JSON.parse(await file.text());
  if (found?.format !== FORMAT || found.version !== 1 || !Array.isArray(found.records)) throw new Error("format");
  const records = found.records.map((record) => decoded(record, owner));
  let taken = 0;
  for (const record of records) {
    if (!further(record, await get(record.instanceID))) continue;
    await put(record);
    taken += 1;
  }
  return { taken, known: records.length - taken };
}

// Whether the file knows more of a record than this browser: it came further, or was changed later.
function further(record, held) {
  if (!held) return true;
  const steps = STATES.indexOf(record.state) - STATES.indexOf(held.state);
  return steps > 0 || (steps === 0 && record.saved > held.saved);
}

function decoded(record, owner) {
  const right = record && TEXTS.every((name) => typeof record[name] === "string") && STATES.includes(record.state);
  if (!right || !record.instanceID || !Array.isArray(record.files)) throw new Error("record");
  const { receipt = "", message = "" } = record;
  const kept = Object.fromEntries(TEXTS.map((name) => [name, record[name]]));
  return { ...kept, owner, receipt: String(receipt), message: String(message), tries: 0, problem: "", files: record.files.map(blobbed) };
}

async function coded({ name, type, blob }) {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return { name, type, base64: btoa(text) };
}

function blobbed({ name, type, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
  return { name: String(name), type: String(type), blob: new Blob([bytes], { type: String(type) }) };
}
