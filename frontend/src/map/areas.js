// Outlines over the map: the area of an alert, and the communes and crossings it names.
// <div class="map" data-areas="ID of a <script type=application/json> with a FeatureCollection">
import { colours } from "./layers.js";

export const NONE = { type: "FeatureCollection", features: [] };

export function areas(map, element) {
  const given = document.getElementById(element.dataset.areas ?? "");
  if (given) overlay(map, "areas", () => JSON.parse(given.textContent));
}

// A source of ours with its layers, set again whenever the style is (a change of scheme drops them).
export function overlay(map, name, data) {
  const put = () => {
    if (map.getSource(name)) return;
    const colour = colours().states.alert;
    map.addSource(name, { type: "geojson", data: data() });
    const polygon = ["==", ["geometry-type"], "Polygon"];
    const point = ["==", ["geometry-type"], "Point"];
    map.addLayer({ id: `${name}-fill`, type: "fill", source: name, filter: polygon, paint: { "fill-color": colour, "fill-opacity": 0.16 } });
    map.addLayer({ id: `${name}-line`, type: "line", source: name, filter: ["!", point], paint: { "line-color": colour, "line-width": 2.2 } });
    map.addLayer({
      id: `${name}-points`, type: "circle", source: name, filter: point,
      paint: {
        "circle-radius": ["coalesce", ["get", "radius"], 9], "circle-color": colours().sheet, "circle-opacity": ["coalesce", ["get", "solid"], 0.25],
        "circle-stroke-color": colour, "circle-stroke-width": 2.4,
      },
    });
  };
  map.on("style.load", put);
  if (map.isStyleLoaded()) put();
}
