// Crossings on our own small vector layers: no tile server, no glyph server, no request elsewhere.
// <div id="map" data-src="crossings.geojson" data-layers="a.geojson b.geojson" data-extent="w,s,e,n">
import maplibregl from "./map/maplibre.js";
import { areas } from "./map/areas.js";
import { draw } from "./map/draw.js";
import { colours, labelPoints, style } from "./map/layers.js";
import { drawShapes } from "./map/shapes.js";
import { popupFor } from "./map/popup.js";

const NONE = { type: "FeatureCollection", features: [] };

export async function start(element) {
  const layers = (element.dataset.layers || "").split(/\s+/).filter(Boolean);
  const [crossings, ...grounds] = await Promise.all([element.dataset.src, ...layers].map(load));
  const ground = { ...NONE, features: grounds.flatMap((each) => each.features ?? []) };
  const map = new maplibregl.Map({
    container: element,
    style: style(colours(), crossings ?? NONE, ground, labelPoints(ground)),
    bounds: extent(element, crossings),
    fitBoundsOptions: { padding: element.clientWidth < 600 ? { top: 24, bottom: 24, left: 12, right: 68 } : 28 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    cooperativeGestures: matchMedia("(pointer: coarse)").matches,
    locale: words(element),
    fadeDuration: 0,
    maxZoom: 14,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new maplibregl.ScaleControl({ maxWidth: 110 }), "bottom-left");
  map.on("style.load", () => drawShapes(map, colours()));
  areas(map, element);
  draw(map, element);
  map.on("load", () => {
    element.dataset.ready = "yes";
    interact(map, element);
  });
  credit(element, grounds);
  followTheme(map, crossings ?? NONE, ground);
  return map;
}

// Who drew a layer is named beneath every map that shows it: their licences ask for it.
function credit(element, grounds) {
  const named = [...new Set(grounds.map((each) => each.attribution).filter(Boolean))];
  if (!named.length || element.nextElementSibling?.classList.contains("map-credit")) return;
  const line = document.createElement("p");
  line.className = "map-credit small text-body-secondary mb-0";
  line.textContent = named.join(" · ");
  element.after(line);
}

async function load(url) {
  if (!url) return NONE;
  const answer = await fetch(url, { credentials: "same-origin", headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

function extent(element, crossings) {
  const given = (element.dataset.extent || "").split(",").map(Number);
  if (given.length === 4 && given.every(Number.isFinite)) return given;
  const bounds = new maplibregl.LngLatBounds();
  for (const each of crossings?.features ?? []) if (each.geometry?.type === "Point") bounds.extend(each.geometry.coordinates);
  return bounds.isEmpty() ? [-180, -60, 180, 75] : bounds;
}

// Control names in the page's language, written by the server.
function words(element) {
  const pairs = {
    "NavigationControl.ZoomIn": element.dataset.zoomIn,
    "NavigationControl.ZoomOut": element.dataset.zoomOut,
    "Popup.Close": element.dataset.close,
    "Map.Title": element.dataset.label,
    "CooperativeGesturesHandler.MobileHelpText": element.dataset.twoFingers,
    "CooperativeGesturesHandler.WindowsHelpText": element.dataset.twoFingers,
  };
  return Object.fromEntries(Object.entries(pairs).filter(([, text]) => text));
}

function interact(map, element) {
  map.on("mouseenter", "crossings", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "crossings", () => { map.getCanvas().style.cursor = ""; });
  map.on("click", "crossings", ({ features }) => {
    if (!element.dataset.drawing) popupFor(map, features[0], element.dataset.open);
  });
  // The list beside the map shows its place: links with data-crossing="CODE".
  for (const link of document.querySelectorAll("[data-crossing]")) {
    const mark = (code) => map.setFilter("chosen", ["==", ["get", "code"], code]);
    for (const [on, off] of [["mouseenter", "mouseleave"], ["focus", "blur"]]) {
      link.addEventListener(on, () => mark(link.dataset.crossing));
      link.addEventListener(off, () => mark(""));
    }
  }
}

function followTheme(map, crossings, ground) {
  const redraw = () => map.setStyle(style(colours(), crossings, ground, labelPoints(ground)), { diff: false });
  document.documentElement.addEventListener("pasaj:theme", redraw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
}

for (const element of document.querySelectorAll("#map[data-src], .map[data-src]")) {
  start(element).catch((error) => {
    element.classList.add("map-none");
    element.textContent = element.dataset.failed || "";
    console.warn(error);
  });
}
