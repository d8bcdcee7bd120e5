/** A part of the page as a picture of its own, with its caption: as pixels, or as lines that stay sharp. */

import { markerPath } from "../views/drawing/markers.js";
import { LINE, SIGN, TEXT_AT, layOut } from "./caption.js";
import { paintElement } from "./paint.js";
import { outlineOf } from "./pen.js";
import { SvgContext } from "./svg-context.js";

/**
 * @typedef {import("./caption.js").Caption} Caption
 * @typedef {import("./pen.js").Pen} Pen
 * @typedef {import("../views/drawing/theme.js").Theme} Theme
 *
 * @typedef {object} Wanted
 * @property {Element} element  that is in the page
 * @property {Caption} caption
 * @property {Theme} theme
 * @property {boolean} withControls
 *
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

/** Around what is drawn, in pixels. */
export const AIR = 12;

/** Browsers draw no canvas whose sides or whose area are larger. */
const [LONGEST, LARGEST] = [16_384, 2 ** 27];

/** The browser cannot hold a picture as large as this one. */
export class TooLargeError extends Error {}

/**
 * @param {Wanted} wanted
 * @param {number} ratio  pixels of the picture for one of the page
 * @returns {Promise<Blob>}  a PNG
 */
export async function pngOf(wanted, ratio) {
  const { box, height } = measure(wanted);
  const [wide, high] = [box.width + 2 * AIR, height].map((side) => Math.ceil(side * ratio));
  if (Math.max(wide, high) > LONGEST || wide * high > LARGEST) throw new TooLargeError(`${wide} × ${high}`);
  const canvas = Object.assign(document.createElement("canvas"), { width: wide, height: high });
  const context = /** @type {CanvasRenderingContext2D} */ (
    canvas.getContext("2d", { willReadFrequently: true })
  );
  context.scale(ratio, ratio);
  paintPicture(context, wanted);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new TooLargeError(`${wide} × ${high}`)) : resolve(blob))),
  );
}

/**
 * @param {Wanted} wanted
 * @returns {string}  an SVG document
 */
export function svgOf(wanted) {
  const { box, height } = measure(wanted);
  const context = new SvgContext(box.width + 2 * AIR, height);
  paintPicture(context, wanted);
  return context.toString(
    [wanted.caption.title, ...wanted.caption.runs.map(({ label }) => label)].join(", "),
  );
}

/** @param {Omit<Wanted, "withControls">} wanted */
function measure({ element, caption, theme }) {
  const box = boxOf(element);
  const { height } = layOut(caption, box.width, measurer(theme));
  return { box, height: box.height + height + 3 * AIR };
}

/**
 * @param {Pen} pen
 * @param {Wanted} wanted
 */
function paintPicture(pen, { element, caption, theme, withControls }) {
  const { box, height } = measure({ element, caption, theme });
  pen.fillStyle = theme.panel;
  pen.fillRect(0, 0, box.width + 2 * AIR, height);
  pen.save();
  pen.translate(AIR - box.left, AIR - box.top);
  paintElement(pen, element, { withControls, isWhole: true });
  pen.restore();
  pen.translate(AIR, 2 * AIR + box.height);
  paintCaption(pen, caption, theme, box.width);
}

/**
 * What an element takes with all of it that is scrolled out of sight.
 *
 * @param {Element} element
 * @returns {Box}
 */
function boxOf(element) {
  const { left, top, right, height } = element.getBoundingClientRect();
  const { scrollTop, scrollHeight } = element;
  const tables = [...element.querySelectorAll("table")].map((table) => table.getBoundingClientRect());
  const from = Math.min(left, ...tables.map((box) => box.left));
  return {
    left: from,
    top: top - scrollTop,
    width: Math.max(right, ...tables.map((box) => box.right)) - from,
    height: Math.max(height, scrollHeight),
  };
}

/**
 * @param {Theme} theme
 * @returns {(text: string) => number}
 */
export function measurer(theme) {
  const context = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  context.font = fontOf(theme);
  return (text) => context.measureText(text).width;
}

/** @param {Theme} theme */
function fontOf({ font }) {
  return `12px ${font}`;
}

/**
 * @param {Pen} pen  at its upper left corner
 * @param {Caption} caption
 * @param {Theme} theme
 * @param {number} width
 */
export function paintCaption(pen, caption, theme, width) {
  const { items } = layOut(caption, width, measurer(theme));
  Object.assign(pen, {
    font: fontOf(theme),
    textAlign: "left",
    textBaseline: "alphabetic",
    letterSpacing: "0px",
  });
  for (const { x, y, text, run } of items) {
    if (run !== null) paintSign(pen, x, y, run);
    pen.fillStyle = run === null ? theme.text : theme.muted;
    pen.fillText(text, run === null ? x : x + TEXT_AT, y + LINE / 5);
  }
}

/**
 * The line of a run with its mark.
 *
 * @param {Pen} pen
 * @param {number} x
 * @param {number} y
 * @param {import("./caption.js").Shown} run
 */
function paintSign(pen, x, y, { color, dash, marker }) {
  pen.save();
  pen.translate(x + SIGN / 2, y);
  Object.assign(pen, { strokeStyle: color, fillStyle: color, lineWidth: 2 });
  pen.setLineDash(dash);
  pen.beginPath();
  pen.moveTo(-SIGN / 2, 0);
  pen.lineTo(SIGN / 2, 0);
  pen.stroke();
  pen.fill(outlineOf(pen, markerPath(marker, 4)));
  pen.restore();
}
