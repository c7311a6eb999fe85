// What this browser keeps: drafts, forms waiting to be sent, and receipts, all in one table by instanceID.
//
// A record: {instanceID, owner, form, title, version, language, page, state, started, saved, xml,
// files: [{name, type, blob}], tries, problem, receipt, received}. `state` is draft, waiting, refused or
// sent. A sent record holds no answers any more, only what proves that they arrived.
const NAME = "pasaj-forms";
const TABLE = "records";

let opening;

function database() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(TABLE, { keyPath: "instanceID" });
    asked.onsuccess = () => {
      // Another tab with a newer version of this page wants to change the tables: let it.
      asked.result.onversionchange = () => {
        asked.result.close();
        opening = undefined;
      };
      resolve(asked.result);
    };
    asked.onerror = () => {
      opening = undefined;
      reject(asked.error);
    };
  });
  return opening;
}

// `work` gets the table and may return a request; its result is what the promise gives, once all is on disk.
async function within(mode, work) {
  const open = await database();
  return new Promise((resolve, reject) => {
    const transaction = open.transaction(TABLE, mode, { durability: "strict" });
    const asked = work(transaction.objectStore(TABLE));
    transaction.oncomplete = () => resolve(asked?.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
  });
}

export const get = (instanceID) => within("readonly", (table) => table.get(instanceID));
export const put = (record) => within("readwrite", (table) => table.put(record));
export const remove = (instanceID) => within("readwrite", (table) => table.delete(instanceID));

// Newest first.
export async function all() {
  const records = await within("readonly", (table) => table.getAll());
  return records.sort((a, b) => b.saved.localeCompare(a.saved));
}

// A draft never takes the place of what was already handed in: a late save may come after the sending.
export function putDraft(record) {
  return within("readwrite", (table) => {
    const asked = table.get(record.instanceID);
    asked.onsuccess = () => {
      if (!asked.result || asked.result.state === "draft") table.put(record);
    };
    return asked;
  });
}

// Changes a record in one transaction, so that two tabs cannot undo each other's work.
export function change(instanceID, changes) {
  return within("readwrite", (table) => {
    const asked = table.get(instanceID);
    asked.onsuccess = () => {
      if (asked.result) table.put({ ...asked.result, ...changes });
    };
    return asked;
  });
}

// Asks the browser not to throw this away when the disk runs full. It may say no.
export async function keep() {
  if (!navigator.storage?.persist) return false;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

export async function isKept() {
  return Boolean(navigator.storage?.persisted && (await navigator.storage.persisted()));
}

// Tells the other tabs and the other half of the page that something changed.
const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
const listeners = new Set();

export function onChange(listener) {
  listeners.add(listener);
}

export function changed() {
  channel?.postMessage("changed");
  for (const listener of listeners) listener();
}

if (channel) channel.onmessage = () => listeners.forEach((listener) => listener());
