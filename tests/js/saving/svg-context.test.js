import assert from "node:assert/strict";
import { test } from "node:test";

import { SvgContext, times } from "../../../static/js/saving/svg-context.js";

test("What is drawn with lines stays lines, in the colours, dashes and widths of the moment.", () => {
  const pen = new SvgContext(40, 20);
  Object.assign(pen, { strokeStyle: "#ff0000", lineWidth: 2, lineJoin: "round", globalAlpha: 0.5 });
  pen.setLineDash([4, 2]);
  pen.translate(1, 2);
  pen.beginPath();
  pen.moveTo(0, 0);
  pen.lineTo(10.004, 5);
  pen.stroke();
  assert.match(
    pen.toString(),
    /<path d="M0 0L10 5" transform="translate\(1 2\)" fill="none" stroke="#ff0000" stroke-width="2" stroke-dasharray="4 2" stroke-linejoin="round" opacity="0.5"\/>/,
  );
});

test("Styles, places and what is cut off come back with restore.", () => {
  const pen = new SvgContext(40, 20);
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, 5, 5);
  pen.clip();
  pen.fillStyle = "red";
  pen.scale(2, 2);
  pen.fillRect(0, 0, 1, 1);
  pen.restore();
  pen.fillRect(1, 1, 1, 1);
  const text = pen.toString();
  assert.match(text, /<clipPath id="clip-0"><path d="M0 0h5v5h-5Z"\/><\/clipPath>/);
  assert.match(
    text,
    /<g clip-path="url\(#clip-0\)">\n<rect [^>]*transform="matrix\(2 0 0 2 0 0\)" fill="red"\/>\n<\/g>\n<rect x="1"/,
  );
  assert.match(text, /<rect x="1" y="1" width="1" height="1" fill="#000"\/>/);
});

test("Neighbours that are cut off alike share a group.", () => {
  const pen = new SvgContext(9, 9);
  pen.beginPath();
  pen.rect(0, 0, 5, 5);
  pen.clip();
  pen.fillRect(0, 0, 1, 1);
  pen.fillRect(1, 1, 1, 1);
  assert.equal(pen.toString().match(/<g /g)?.length, 1);
  assert.equal(pen.toString().match(/<\/g>/g)?.length, 1);
});

test("Texts are texts, whatever signs are in them.", () => {
  const pen = new SvgContext(9, 9);
  Object.assign(pen, { textAlign: "center", font: '12px "A & B"' });
  pen.fillText('a < b & "c"\u0001', 1, 2);
  const text = pen.toString("<title>");
  assert.match(text, />a &lt; b &amp; &quot;c&quot;<\/text>/);
  assert.match(text, /text-anchor="middle"/);
  assert.match(text, /<title>&lt;title&gt;<\/title>/);
});

test("Where a text stands and in which colour is said as every reader understands it.", () => {
  const pen = new SvgContext(9, 9);
  Object.assign(pen, {
    font: "italic 500 10px serif",
    textBaseline: "middle",
    fillStyle: "rgba(255, 0, 16, 0.5)",
  });
  pen.globalAlpha = 0.5;
  pen.fillText("a", 1, 2);
  assert.match(pen.toString(), /<text x="1" y="5" [^>]*fill="#ff0010" opacity="0.25">a</);
});

test("Cells lie where they were put, without seams.", () => {
  const pen = new SvgContext(9, 9);
  pen.scale(2, 3);
  pen.fillCells([{ color: "#0000ff", opacity: 0.2, d: "M0 0h1v1h-1Z" }]);
  assert.match(
    pen.toString(),
    /<path d="M0 0h1v1h-1Z" transform="matrix\(2 0 0 3 0 0\)" fill="#0000ff" opacity="0.2" shape-rendering="crispEdges"\/>/,
  );
});

test("A picture of pixels lies where it was put, sharp where it should be.", () => {
  const pen = new SvgContext(9, 9);
  pen.imageSmoothingEnabled = false;
  pen.drawImage({ toDataURL: () => "data:image/png;base64,AA==" }, 1, 2, 3, 4);
  assert.match(
    pen.toString(),
    /<image x="1" y="2" width="3" height="4" .*href="data:image\/png;base64,AA==" image-rendering="optimizeSpeed" style="image-rendering:pixelated"/,
  );
});

test("Matrices follow each other as on a canvas.", () => {
  assert.deepEqual(times([2, 0, 0, 2, 10, 0], [1, 0, 0, 1, 3, 4]), [2, 0, 0, 2, 16, 8]);
});
