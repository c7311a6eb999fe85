// Bundles src/ into the folder given as argument. Every file's name carries a hash of its content
// (manifest.json maps the plain names), and a .gz and a .br lie beside it for the web server.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";
import { webforms } from "./webforms.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, "../src/pasaj/site/static/build"));
const manifest = {};
const packages = new Set();

// Pages for crossings must open on old phones; the map needs a browser with WebGL 2 and modules anyway.
const OLD = ["chrome87", "firefox84", "safari14"];
const NEW = ["chrome100", "firefox100", "safari15.4"];

const scss = {
  name: "scss",
  setup(build) {
    build.onLoad({ filter: /\.scss$/ }, ({ path }) => {
      const made = sass.compile(path, {
        loadPaths: [join(here, "node_modules")],
        quietDeps: true,
        silenceDeprecations: ["import", "global-builtin", "color-functions", "if-function"],
      });
      notePackages(made.loadedUrls.map((url) => fileURLToPath(url)));
      return { contents: made.css, loader: "css", resolveDir: dirname(path) };
    });
  },
};

function notePackages(paths) {
  for (const path of paths) {
    const found = path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/);
    if (found) packages.add(found[1]);
  }
}

function write(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  writeAs(name, name.replace(/(\.[a-z]+)$/, `.${hash}$1`), bytes);
}

function writeAs(name, hashed, bytes) {
  writeFileSync(join(out, hashed), bytes);
  writeFileSync(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(join(out, `${hashed}.br`), brotliCompressSync(bytes, { params: quality }));
  manifest[name] = hashed;
}

async function bundle(name, source, options) {
  const result = await esbuild.build({
    entryPoints: [join(here, source)],
    outfile: join(out, name),
    absWorkingDir: here,
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
    ...options,
  });
  notePackages(Object.keys(result.metafile.inputs));
  const main = result.outputFiles.find((file) => basename(file.path) === name);
  write(name, main.contents);
}

// Two pages that share code, and parts that are loaded when they are needed. Such parts carry esbuild's
// own hash in their names, because other files call them by it.
async function bundlePages(sources, options) {
  const result = await esbuild.build({
    entryPoints: Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, join(here, source)])),
    outdir: out,
    chunkNames: "forms-[name]-[hash]",
    absWorkingDir: here,
    bundle: true,
    splitting: true,
    format: "esm",
    write: false,
    metafile: true,
    minify: true,
    legalComments: "none",
    charset: "utf8",
    logLevel: "warning",
    ...options,
  });
  notePackages(Object.keys(result.metafile.inputs));
  for (const { path, contents } of result.outputFiles) {
    const name = basename(path);
    if (name.replace(/\.js$/, "") in sources) write(name, contents);
    else writeAs(name, name, contents);
  }
}

function licenceOf(folder) {
  const file = readdirSync(folder).find((name) => /^(licen[cs]e|copying)/i.test(name));
  return file ? readFileSync(join(folder, file), "utf8").trim() : "(the package carries no licence file)";
}

// The form component comes with these inside its own files.
function noteInside(name) {
  const about = JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8"));
  for (const inside of Object.keys(about.dependencies)) packages.add(inside);
}

function thirdParty() {
  const parts = [...packages].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return `${about.name} ${about.version}\nLicence: ${about.license}\n\n${licenceOf(folder)}\n`;
  });
  const head = "Code of others inside these bundles, each under its own licence.\n\n";
  return head + parts.join(`\n${"-".repeat(78)}\n\n`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const css = { target: OLD, plugins: [scss], loader: { ".svg": "dataurl" } };
await bundle("app.css", "src/css/app.scss", css);
await bundle("map.css", "src/css/map.scss", css);
await bundle("app.js", "src/app.js", { target: OLD, format: "iife" });
await bundle("map-worker.js", "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", { target: NEW, format: "esm" });
const define = { WORKER_FILE: JSON.stringify(manifest["map-worker.js"]) };
await bundle("map.js", "src/map.js", { target: NEW, format: "esm", define });
const vue = {
  __VUE_OPTIONS_API__: "true", // PrimeVue's components are written so
  __VUE_PROD_DEVTOOLS__: "false",
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
};
await bundle("forms.css", "src/webforms/forms.scss", css);
await bundlePages({ "forms-fill": "src/webforms/fill.js", "forms-outbox": "src/webforms/outbox.js" }, { target: NEW, plugins: [webforms()], define: vue });
await bundle("forms-worker.js", "src/webforms/worker.js", { target: NEW, format: "iife" });
await bundle("chart.js", "src/chart.js", { target: NEW, format: "esm" });
noteInside("@getodk/web-forms");
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
writeFileSync(join(out, "THIRD-PARTY.txt"), thirdParty());
