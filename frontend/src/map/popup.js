// What a click on a crossing shows: the same words as the list beside the map, and the link.
import maplibregl from "./maplibre.js";

export function popupFor(map, feature, open) {
  const { name, word, detail, url } = feature.properties;
  const box = document.createElement("div");
  for (const text of [name, word, detail]) {
    if (text) box.append(Object.assign(document.createElement("p"), { textContent: text }));
  }
  if (url) {
    const line = document.createElement("p");
    line.append(Object.assign(document.createElement("a"), { href: url, textContent: open || name }));
    box.append(line);
  }
  new maplibregl.Popup({ maxWidth: "18rem", offset: 12 })
    .setLngLat(feature.geometry.coordinates)
    .setDOMContent(box)
    .addTo(map);
}
