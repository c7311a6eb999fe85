// The states' shapes, drawn into the map's image store in the colours of the page.
import shapes from "../../../src/pasaj/site/static/site/shapes.json";

const SIZE = 24; // CSS pixels at full size; a layer scales it down
const RATIO = 3;

export function drawShapes(map, colour) {
  for (const [state, shape] of Object.entries(shapes)) {
    map.addImage(`state-${state}`, picture(shape, colour.states[state], colour.sheet), { pixelRatio: RATIO });
  }
}

function picture(shape, ink, paper) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * RATIO;
  const pen = canvas.getContext("2d");
  pen.scale((SIZE * RATIO) / 20, (SIZE * RATIO) / 20);
  pen.translate(2, 2);
  const path = new Path2D(shape.path);
  pen.lineJoin = "round";
  // A rim of paper keeps a shape legible over lines and over its neighbours.
  pen.lineWidth = shape.filled ? 2.6 : 4;
  pen.strokeStyle = paper;
  pen.stroke(path);
  if (shape.filled) {
    pen.fillStyle = ink;
    pen.fill(path);
  } else {
    pen.lineWidth = 1.7;
    pen.strokeStyle = ink;
    pen.stroke(path);
  }
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}
