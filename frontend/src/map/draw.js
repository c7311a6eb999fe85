// An outline drawn on the map. The lines of a text field hold it ("18.55, -72.30" each), so whoever cannot or does
// not want to point types them; the map follows the field and the field follows the map.
// <div class="map" data-draw="ID of the field">; the buttons stand in an element with data-draw-tools.
import { NONE, overlay } from "./areas.js";

export const MOST = 100; // points of an outline, as the receivers of alerts take them
const DIGITS = 4; // of a degree: about ten metres

export function parse(text) {
  const points = [];
  for (const line of text.split("\n")) {
    const pair = line.replace(/[;\t]/g, ",").split(/\s*,\s*|\s+/).filter(Boolean).map(Number);
    if (pair.length === 2 && pair.every(Number.isFinite) && Math.abs(pair[0]) <= 90 && Math.abs(pair[1]) <= 180) points.push(pair);
  }
  return points;
}

export const write = (points) => points.map(([lat, lon]) => `${lat.toFixed(DIGITS)}, ${lon.toFixed(DIGITS)}`).join("\n");

// Points with their place in the row, the line between them, and the surface once there are three.
export function shape(points) {
  const line = points.map(([lat, lon]) => [lon, lat]);
  const features = line.map((coordinates, at) => ({
    type: "Feature", properties: { at, radius: 6, solid: 1 }, geometry: { type: "Point", coordinates },
  }));
  if (line.length > 2) features.push(feature("Polygon", [[...line, line[0]]]));
  else if (line.length === 2) features.push(feature("LineString", line));
  return { ...NONE, features };
}

const feature = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });

export function draw(map, element) {
  const field = document.getElementById(element.dataset.draw ?? "");
  const tools = document.querySelector("[data-draw-tools]");
  if (!field || !tools) return;
  let drawing = false;
  const points = () => parse(field.value);
  const show = () => {
    map.getSource("drawn")?.setData(shape(points()));
    count(tools, points().length);
  };
  const put = (list) => { field.value = write(list); show(); };
  overlay(map, "drawn", () => shape(points()));
  tools.hidden = false;
  field.addEventListener("input", show);
  const button = (name) => tools.querySelector(`[data-draw-${name}]`);
  button("start").addEventListener("click", ({ currentTarget }) => {
    drawing = !drawing;
    currentTarget.setAttribute("aria-pressed", String(drawing));
    element.dataset.drawing = drawing ? "yes" : "";
    map.getCanvas().style.cursor = drawing ? "crosshair" : "";
    map.doubleClickZoom[drawing ? "disable" : "enable"]();
  });
  button("undo").addEventListener("click", () => put(points().slice(0, -1)));
  button("clear").addEventListener("click", () => put([]));
  map.on("click", ({ lngLat }) => {
    if (drawing && points().length < MOST) put([...points(), [lngLat.lat, lngLat.lng]]);
  });
  dragging(map, () => drawing, points, put);
  show();
}

function count(tools, number) {
  const place = tools.querySelector("[data-draw-count]");
  place.textContent = (number >= MOST ? place.dataset.full : place.dataset.text).replace("#", number);
}

// A point of the outline is moved by pulling it.
function dragging(map, active, points, put) {
  for (const [press, move, release] of [["mousedown", "mousemove", "mouseup"], ["touchstart", "touchmove", "touchend"]]) {
    map.on(press, "drawn-points", (event) => {
      if (!active()) return;
      event.preventDefault();
      const { at } = event.features[0].properties;
      const follow = ({ lngLat }) => put(points().map((one, place) => (place === at ? [lngLat.lat, lngLat.lng] : one)));
      map.on(move, follow);
      map.once(release, () => map.off(move, follow));
    });
  }
}
