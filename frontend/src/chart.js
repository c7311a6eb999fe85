// Draws the Vega-Lite spec that lies beside a <figure data-chart="ID"> as json_script "ID".
// The spec names colours as "var(--alert)"; they are read from the page, so both schemes work.
import { expressionInterpreter } from "vega-interpreter";
import embed from "vega-embed";

const drawn = new Map();

function reader() {
  const css = getComputedStyle(document.documentElement);
  return (name) => css.getPropertyValue(name).trim();
}

function coloured(value, read) {
  if (typeof value === "string") return value.replace(/var\((--[a-z-]+)\)/g, (_, name) => read(name));
  if (Array.isArray(value)) return value.map((each) => coloured(each, read));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, read)]));
  }
  return value;
}

function config(read) {
  const ink = read("--ink"), muted = read("--muted"), line = read("--line"), font = read("--sans");
  const range = ["--ink", "--accent", "--reported", "--unusual-shape", "--conflict"].map(read);
  return {
    background: "transparent",
    font,
    view: { stroke: null },
    axis: {
      labelColor: muted, titleColor: ink, domainColor: ink, tickColor: ink, gridColor: line, gridOpacity: 0.8,
      labelFontSize: 12, titleFontSize: 12, titleFontWeight: 600, labelFont: font, titleFont: font, tickSize: 4,
    },
    axisX: { grid: false },
    axisY: { domain: false, ticks: false, titleAngle: 0, titleAlign: "left", titleAnchor: "end", titleY: -12, titleX: 0, titleBaseline: "bottom" },
    legend: { labelColor: ink, titleColor: ink, labelFontSize: 12, titleFontSize: 12, orient: "top", symbolStrokeWidth: 2 },
    header: { labelColor: ink, titleColor: muted, labelFontSize: 12, labelFontWeight: 600 },
    title: { color: ink, fontSize: 13, fontWeight: 600, anchor: "start" },
    range: { category: range },
    line: { strokeWidth: 1.6 },
    rule: { color: muted },
    text: { color: ink, font, fontSize: 12 },
    point: { filled: true, size: 45 },
    bar: { color: read("--muted") },
  };
}

function locales() {
  const data = document.getElementById("chart-locale");
  return data ? JSON.parse(data.textContent) : {};
}

export async function draw(figure) {
  const spec = document.getElementById(figure.dataset.chart);
  const place = figure.querySelector(".chart") ?? figure;
  if (!spec) return;
  const read = reader();
  const { number, time } = locales();
  drawn.get(figure)?.finalize();
  const result = await embed(place, coloured(JSON.parse(spec.textContent), read), {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    ast: true,
    expr: expressionInterpreter,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    config: config(read),
    ...(number && { formatLocale: number }),
    ...(time && { timeFormatLocale: time }),
  });
  drawn.set(figure, result);
  figure.dataset.ready = "yes";
}

function drawAll() {
  for (const figure of document.querySelectorAll("[data-chart]")) {
    draw(figure).catch((error) => console.warn(error));
  }
}

drawAll();
document.documentElement.addEventListener("pasaj:theme", drawAll);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body && event.target.querySelector?.("[data-chart]")) drawAll();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
