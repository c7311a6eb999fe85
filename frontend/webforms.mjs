// @getodk/web-forms as we ship it: with its interface in four languages, with drafts, without the
// fonts it carries and without any address outside this server. Each change is a text of the package
// and what stands there instead. Where the package no longer holds the text, the build fails, so that
// nobody upgrades past it unnoticed.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const PACKAGE = /node_modules[\\/]@getodk[\\/]web-forms[\\/]dist[\\/][^\\/]+\.js$/;
const LANGUAGES = ["fr", "ht", "es"]; // English is the text itself

const CHANGES = [
  {
    why: "The page learns which instance is open, to keep drafts of it.",
    find: 'EA.value = QA.instance?.mode === "edit";',
    put: 'EA.value = QA.instance?.mode === "edit", tA("ready", QA);',
  },
  {
    why: "The event above is one of the component's.",
    find: 'emits: ["submit", "submitChunked"],',
    put: 'emits: ["submit", "submitChunked", "ready"],',
  },
  {
    why: "A draft goes on where it was left: the same instanceID, no event of a first load.",
    find: "oA = await AA.editInstance(rA, nA);",
    put: "oA = tA.editInstance.draft ? await AA.restoreInstance({ data: tA.editInstance.draft }, nA) : await AA.editInstance(rA, nA);",
  },
  {
    why: "The rest of the page keeps its own look.",
    find: "tA.textContent = resetStyles, document.head.prepend(tA), eA.use(PrimeVue",
    put: "eA.use(PrimeVue",
  },
  { why: "No tiles from elsewhere: the map has no ground.", find: "layers: [new wy({ source: new Xy() })],", put: "layers: []," },
  {
    why: "Nor is their address left anywhere.",
    find: '"https://tile.openstreetmap.org/{z}/{x}/{y}.png"',
    put: '""',
  },
  { why: "Pictures are made smaller here, not in a worker from a blob.", find: 'features: ["js", "wasm", "ww"],', put: 'features: ["js", "wasm"],' },
  {
    why: "A number's label is the field's: read aloud, and a place to tap.",
    find: "id: eA.node.nodeId,\n      key: nA.value,",
    put: '"input-id": eA.node.nodeId,\n      key: nA.value,',
  },
  {
    why: "So is a date's.",
    find: '"show-icon": "",\n      "icon-display": "input",',
    put: '"input-id": eA.question.nodeId,\n      "show-icon": "",\n      "icon-display": "input",',
  },
  {
    why: "A list's label is read aloud with it.",
    find: 'id: eA.question.nodeId,\n      class: "dropdown",',
    put: 'id: eA.question.nodeId,\n      "aria-label": tA.question.currentState.label?.asString,\n      class: "dropdown",',
  },
  {
    why: "Also in the language chosen next.",
    find: '["id", "filter", "model-value", "disabled", "options"]',
    put: '["id", "aria-label", "filter", "model-value", "disabled", "options"]',
  },
  { why: "The day comes before the month.", find: 'dateFormat: "mm/dd/yy",', put: 'dateFormat: "dd/mm/yy",' },
  { why: "Hours go to 24.", find: '"hour-format": "12",', put: '"hour-format": "24",' },
  { why: "The week begins on Monday.", find: "firstDayOfWeek: 0,\n    showMonthAfterYear", put: "firstDayOfWeek: 1,\n    showMonthAfterYear" },
  { why: "The system's own fonts are at hand; these weigh 800 KB.", find: /@font-face\{[^}]*url\(data:[^}]*\}/g, put: "" },
];

const table = JSON.parse(readFileSync(join(here, "src/webforms/strings.json"), "utf8"));

// How the English text stands in the package, and the call that stands there instead.
function replacements(entry) {
  if (entry.code) return entry.code.map(([find, put]) => ({ find, put, times: 1 }));
  const call = `pasajSay(${JSON.stringify(entry.en)})`;
  return (entry.at ?? [JSON.stringify(entry.en)]).map((find) => {
    const quoted = [...find.matchAll(/"(\s*)([^"]*?)(\s*)"/g)].find((part) => part[2] === entry.en);
    if (!quoted) throw new Error(`strings.json: ${find} does not hold "${entry.en}"`);
    const [whole, before, , after] = quoted;
    const put = [before && JSON.stringify(before), call, after && JSON.stringify(after)].filter(Boolean).join(" + ");
    return { find, put: find.replace(whole, () => put), times: entry.times ?? 1 };
  });
}

function checkTable() {
  for (const entry of table) {
    const holes = (text) => JSON.stringify((text.match(/\{\w+\}/g) ?? []).sort());
    for (const language of LANGUAGES) {
      if (!entry[language]) throw new Error(`strings.json: "${entry.en}" lacks ${language}`);
      if (holes(entry[language]) !== holes(entry.en)) throw new Error(`strings.json: "${entry.en}" has other places in ${language}`);
    }
  }
}

function words() {
  return Object.fromEntries(table.map((entry) => [entry.en, Object.fromEntries(LANGUAGES.map((code) => [code, entry[code]]))]));
}

export function webforms() {
  checkTable();
  const wanted = [
    ...CHANGES.map((change) => ({ ...change, times: null })),
    ...table.flatMap((entry) => replacements(entry)),
  ].map((change) => ({ ...change, found: 0 }));
  return {
    name: "webforms",
    setup(build) {
      build.onResolve({ filter: /^pasaj:words$/ }, () => ({ path: "words", namespace: "pasaj" }));
      build.onLoad({ filter: /.*/, namespace: "pasaj" }, () => ({ contents: JSON.stringify(words()), loader: "json" }));
      build.onLoad({ filter: PACKAGE }, ({ path }) => {
        let text = readFileSync(path, "utf8");
        for (const change of wanted) {
          const parts = text.split(change.find);
          change.found += parts.length - 1;
          text = parts.join(change.put);
        }
        const head = `import { say as pasajSay } from ${JSON.stringify(join(here, "src/webforms/words.js"))};\n`;
        return { contents: head + text, loader: "js" };
      });
      build.onEnd((result) => {
        if (result.errors.length) return;
        const wrong = wanted.filter((change) => (change.times === null ? change.found === 0 : change.found !== change.times));
        if (wrong.length === 0) return;
        const said = wrong.map((change) => `  ${change.found} of ${change.times ?? "some"}: ${change.find}`);
        throw new Error(`@getodk/web-forms is not what its changes were written for:\n${said.join("\n")}`);
      });
    },
  };
}
