// The map's style: paper, departments, coast, border, then the crossings.

const FONTS = ["sans-serif"];

export function colours() {
  const css = getComputedStyle(document.documentElement);
  const read = (name) => css.getPropertyValue(`--${name}`).trim();
  return {
    water: read("water"), land: read("land"), abroad: read("abroad"), line: read("line"), rule: read("rule"),
    ink: read("ink"), muted: read("muted"), sheet: read("sheet"), accent: read("accent"),
    states: {
      reported: read("reported"), zero: read("reported"), unusual: read("unusual-shape"), alert: read("alert"),
      silent: read("silent"), conflict: read("conflict"), not_expected: read("not-expected"),
    },
  };
}

// One label a department: in the middle of its largest part, unless the file gives the point.
export function labelPoints(ground) {
  const features = [];
  for (const { geometry, properties } of ground.features) {
    if (!geometry || !/Polygon$/.test(geometry.type) || !properties?.name || properties.kind) continue;
    const rings = geometry.type === "Polygon" ? [geometry.coordinates[0]] : geometry.coordinates.map((part) => part[0]);
    const centres = rings.map(centre).sort((a, b) => b.area - a.area);
    const given = properties.label_lon !== undefined && [properties.label_lon, properties.label_lat];
    features.push({ type: "Feature", properties: { name: properties.name }, geometry: { type: "Point", coordinates: given || centres[0].point } });
  }
  return { type: "FeatureCollection", features };
}

function centre(ring) {
  let area = 0, x = 0, y = 0;
  for (let i = 0; i < ring.length - 1; i += 1) {
    const cross = ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
    area += cross;
    x += (ring[i][0] + ring[i + 1][0]) * cross;
    y += (ring[i][1] + ring[i + 1][1]) * cross;
  }
  return area ? { area: Math.abs(area), point: [x / (3 * area), y / (3 * area)] } : { area: 0, point: ring[0] };
}

export function style(colour, crossings, ground, labels) {
  const kinds = new Set(ground.features.map((each) => each.properties?.kind));
  return {
    version: 8,
    sources: {
      ground: { type: "geojson", data: ground },
      labels: { type: "geojson", data: labels },
      crossings: { type: "geojson", data: crossings },
    },
    layers: [...groundLayers(colour, kinds), ...crossingLayers(colour)],
  };
}

const kind = (name) => ["==", ["get", "kind"], name];
const isArea = ["all", ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false], ["!", ["has", "kind"]]];

// Layer files say what a shape is by `kind`: coast (own land), foreign (a neighbour's), boundary (a line
// between areas), border; polygons without a kind are areas, drawn only as far as the others are missing.
function groundLayers(colour, kinds) {
  const line = { "line-color": colour.line, "line-width": 1.1 };
  const shore = { "line-color": colour.rule, "line-width": 0.8 };
  return [
    { id: "water", type: "background", paint: { "background-color": colour.water } },
    { id: "abroad", type: "fill", source: "ground", filter: kind("foreign"), paint: { "fill-color": colour.abroad } },
    { id: "abroad-shore", type: "line", source: "ground", filter: kind("foreign"), paint: { ...shore, "line-color": colour.line } },
    { id: "land", type: "fill", source: "ground", filter: kinds.has("coast") ? kind("coast") : isArea, paint: { "fill-color": colour.land } },
    { id: "boundaries", type: "line", source: "ground", filter: kinds.has("boundary") ? kind("boundary") : isArea, paint: line },
    { id: "coast", type: "line", source: "ground", filter: kind("coast"), paint: shore },
    {
      id: "border", type: "line", source: "ground", filter: kind("border"),
      paint: { "line-color": colour.ink, "line-width": 1.6, "line-dasharray": [4, 1.6, 1, 1.6] },
    },
    {
      id: "department-names", type: "symbol", source: "labels",
      layout: { "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12, "text-letter-spacing": 0.06, "text-max-width": 7 },
      paint: { "text-color": colour.muted, "text-halo-color": colour.land, "text-halo-width": 1.2 },
    },
  ];
}

// Area follows volume, so the side follows its square root; what did not report stays small but legible.
const volume = ["sqrt", ["max", 0, ["coalesce", ["get", "volume"], 0]]];
const size = ["interpolate", ["linear"], volume, 0, 0.78, 10, 0.85, 40, 1.1, 100, 1.5];
const urgency = ["match", ["get", "state"], "alert", 6, "unusual", 5, "conflict", 4, "silent", 3, "reported", 2, "zero", 1, 0];

function crossingLayers(colour) {
  return [
    {
      id: "chosen", type: "circle", source: "crossings", filter: ["==", ["get", "code"], ""],
      paint: { "circle-radius": 17, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": colour.accent, "circle-stroke-width": 3 },
    },
    {
      id: "crossings", type: "symbol", source: "crossings",
      layout: {
        "icon-image": ["concat", "state-", ["get", "state"]], "icon-size": size, "icon-allow-overlap": true,
        "symbol-sort-key": urgency, "text-field": ["get", "name"], "text-font": FONTS, "text-size": 12.5, "text-optional": true,
        "text-variable-anchor": ["left", "right", "top", "bottom"], "text-radial-offset": 1, "text-justify": "auto",
      },
      paint: { "text-color": colour.ink, "text-halo-color": colour.sheet, "text-halo-width": 1.6 },
    },
  ];
}
