/** A part of the page, drawn once more as it looks: boxes, texts, drawings and canvases, with a pen. */

import { painterOf } from "../views/drawing/painted.js";
import { shapesOf } from "./cells.js";
import { channelsOf } from "./colors.js";
import { paintBox } from "./paint-box.js";
import { fontOf, paintSvg } from "./paint-svg.js";
import { SvgContext } from "./svg-context.js";

/** @typedef {import("./pen.js").Pen} Pen */

/** What is for the hand or the ear alone. */
const UNSEEN = ".tooltip, .visually-hidden, dialog, [popover], script, [data-picture=none]";
const CONTROLS = "button, input, select, [role=slider], [role=group], details:not([open])";

/**
 * @param {Pen} pen  whose coordinates are those of the window
 * @param {Element} element  that is in the page
 * @param {{withControls: boolean, isWhole?: boolean}} options  isWhole: with what of it is scrolled out of sight
 */
export function paintElement(pen, element, { isWhole = false, ...options }) {
  if (element.matches(UNSEEN) || (!options.withControls && element.matches(CONTROLS))) return;
  if (element instanceof SVGElement) return paintSvg(pen, element);
  const style = getComputedStyle(element);
  if (style.display === "none" || Number(style.opacity) === 0) return;
  pen.save();
  pen.globalAlpha *= Number(style.opacity);
  const box = element.getBoundingClientRect();
  const isVisible = style.visibility === "visible" && box.width > 0 && box.height > 0;
  if (isVisible) paintBox(pen, style, box);
  if (isVisible && element instanceof HTMLCanvasElement) paintCanvas(pen, element, box);
  if (isVisible && element instanceof HTMLInputElement) paintInput(pen, element, style, box);
  if (isVisible && element instanceof HTMLSelectElement)
    writeLine(pen, { text: element.selectedOptions[0]?.label ?? "", left: box.left + 8, box }, style);
  if (!isWhole && isCut(style)) {
    pen.beginPath();
    pen.rect(box.left, box.top, box.width, box.height);
    pen.clip();
  }
  if (!(element instanceof HTMLSelectElement)) paintInside(pen, element, style, options);
  pen.restore();
  return undefined;
}

/** @param {CSSStyleDeclaration} style */
function isCut({ overflowX, contain, display }) {
  return display !== "inline" && (overflowX !== "visible" || /strict|content|paint/.test(contain));
}

/**
 * @param {Pen} pen
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 * @param {{withControls: boolean}} options
 */
function paintInside(pen, element, style, options) {
  const isFolded = element instanceof HTMLDetailsElement && !element.open;
  const edge = edgeOf(element, style);
  for (const node of inOrder(element)) {
    if (isFolded && !(node instanceof Element && node.matches("summary"))) continue;
    if (node instanceof Element) paintElement(pen, node, options);
    else if (node instanceof Text && style.visibility === "visible") paintText(pen, node, style, edge);
  }
}

/**
 * Where texts in an element end that the page shortens by an ellipsis.
 *
 * @param {Element} element
 * @param {CSSStyleDeclaration} style
 * @returns {number}  in the window; infinite where none is shortened
 */
function edgeOf(element, style) {
  const isShortened = style.textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth;
  const { right } = element.getBoundingClientRect();
  return isShortened ? right - parseFloat(style.paddingRight) - parseFloat(style.borderRightWidth) : Infinity;
}

/**
 * What is inside, in the order that it is painted in: what is placed lies over what flows.
 *
 * @param {Element} element
 * @returns {Node[]}
 */
function inOrder(element) {
  const nodes = [...element.childNodes];
  const ranks = new Map(
    nodes.map((node) => [node, node instanceof Element ? rankOf(getComputedStyle(node)) : 0]),
  );
  const rank = (/** @type {Node} */ node) =>
    /** @type {number} */ (ranks.get(/** @type {ChildNode} */ (node)));
  return nodes.some((node) => rank(node) !== 0) ? nodes.sort((a, b) => rank(a) - rank(b)) : nodes;
}

/** @param {CSSStyleDeclaration} style */
function rankOf({ position, zIndex }) {
  if (position === "static") return 0;
  const z = Number(zIndex) || 0;
  return z < 0 ? z : z + 0.5;
}

/**
 * @param {Pen} pen
 * @param {HTMLCanvasElement} canvas
 * @param {DOMRect} box
 */
function paintCanvas(pen, canvas, { left, top, width, height }) {
  const paint = painterOf(canvas);
  if (paint === null) return paintPixels(pen, canvas, { left, top, width, height });
  pen.save();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
  pen.translate(left, top);
  paint(/** @type {CanvasRenderingContext2D} */ (pen));
  pen.restore();
  return undefined;
}

/**
 * @param {Pen} pen
 * @param {HTMLCanvasElement} canvas
 * @param {import("./picture.js").Box} box
 */
function paintPixels(pen, canvas, { left, top, width, height }) {
  if (canvas.width === 0 || canvas.height === 0) return;
  const isOfCells = /pixelated|crisp/.test(getComputedStyle(canvas).imageRendering);
  pen.save();
  pen.translate(left, top);
  pen.scale(width / canvas.width, height / canvas.height);
  const shapes = isOfCells && pen instanceof SvgContext ? shapesOf(cellsOf(canvas)) : null;
  if (shapes !== null) /** @type {SvgContext} */ (pen).fillCells(shapes);
  else {
    pen.imageSmoothingEnabled = canvas.width > width || !isOfCells;
    pen.drawImage(canvas, 0, 0, canvas.width, canvas.height);
  }
  pen.restore();
}

/**
 * @param {HTMLCanvasElement} canvas
 * @returns {import("./cells.js").Cells}
 */
function cellsOf(canvas) {
  const { width: columns, height: rows } = canvas;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  return { columns, rows, rgba: context.getImageData(0, 0, columns, rows).data };
}

/**
 * @param {Pen} pen
 * @param {HTMLInputElement} input
 * @param {CSSStyleDeclaration} style
 * @param {DOMRect} box
 */
function paintInput(pen, input, style, box) {
  const { left, top, width, height } = box;
  const text = { text: input.value, left: left + parseFloat(style.paddingLeft), box };
  if (input.type === "range") {
    const part = (Number(input.value) - Number(input.min)) / (Number(input.max) - Number(input.min) || 1);
    pen.fillStyle = style.color;
    pen.fillRect(left, top + height / 2 - 1, width, 2);
    pen.beginPath();
    pen.arc(left + 6 + part * (width - 12), top + height / 2, 6, 0, 2 * Math.PI);
    pen.fill();
  } else if (input.type === "checkbox" || input.type === "radio") {
    if (input.checked) writeLine(pen, { ...text, text: input.type === "radio" ? "●" : "✓", left }, style);
  } else writeLine(pen, text, style);
}

/**
 * @param {Pen} pen
 * @param {Text} node
 * @param {CSSStyleDeclaration} style
 * @param {number} edge  where it has to end
 */
function paintText(pen, node, style, edge) {
  if (node.data.trim() === "" || channelsOf(style.color)[3] === 0) return;
  for (const line of linesOf(node)) {
    const measure = (/** @type {string} */ text) => widthOf(cased(text, style.textTransform), style);
    writeLine(pen, { ...line, text: shortened(line.text, edge - line.left, measure) }, style);
  }
}

/**
 * @param {Pen} pen
 * @param {{text: string, left: number, box: {top: number, height: number}}} line
 * @param {CSSStyleDeclaration} style
 */
function writeLine(pen, { text, left, box: { top, height } }, style) {
  Object.assign(pen, lettersOf(style), { textAlign: "left", textBaseline: "alphabetic" });
  pen.fillStyle = style.color;
  const { ascent, descent } = metricsOf(pen.font);
  pen.fillText(cased(text, style.textTransform), left, top + (height - ascent - descent) / 2 + ascent);
}

/** @param {string} text @param {string} transform */
function cased(text, transform) {
  if (transform === "uppercase") return text.toUpperCase();
  return transform === "lowercase" ? text.toLowerCase() : text;
}

/**
 * A text as it is cut on the page, which would else end anywhere, and say something else.
 *
 * @param {string} text
 * @param {number} room
 * @param {(text: string) => number} measure
 * @returns {string}
 */
export function shortened(text, room, measure) {
  if (room === Infinity || measure(text) <= room) return text;
  const signs = [...text];
  const cut = () => `${signs.join("").trimEnd()}…`;
  while (signs.length > 0 && measure(cut()) > room) signs.pop();
  return measure(cut()) > room ? "" : cut();
}

const measuring = () =>
  /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/** @param {string} text @param {CSSStyleDeclaration} style */
function widthOf(text, style) {
  return Object.assign(measuring(), lettersOf(style)).measureText(text).width;
}

/** What makes letters as wide as they are. @param {CSSStyleDeclaration} style */
function lettersOf(style) {
  const { letterSpacing } = style;
  return { font: fontOf(style), letterSpacing: letterSpacing === "normal" ? "0px" : letterSpacing };
}

/** @type {Map<string, {ascent: number, descent: number}>} */
const metrics = new Map();

/** @param {string} font */
function metricsOf(font) {
  const known = metrics.get(font);
  if (known !== undefined) return known;
  const context = measuring();
  context.font = font;
  const { fontBoundingBoxAscent: ascent, fontBoundingBoxDescent: descent } = context.measureText("x");
  metrics.set(font, { ascent, descent });
  return { ascent, descent };
}

/**
 * The lines that a text is broken into, and where each stands.
 *
 * @param {Text} node
 */
function linesOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  const boxes = [...range.getClientRects()].filter(({ width }) => width > 0);
  if (boxes.length <= 1) return boxes.map((box) => lineOf(node.data, box));
  const lines = boxes.map((box) => ({ box, text: "" }));
  [...node.data].reduce((at, sign) => {
    range.setStart(node, at);
    range.setEnd(node, at + sign.length);
    const { left, top, bottom } = range.getBoundingClientRect();
    const line = lines.find(({ box }) => isIn(box, left, (top + bottom) / 2));
    if (line !== undefined) line.text += sign;
    return at + sign.length;
  }, 0);
  return lines.map(({ box, text }) => lineOf(text, box));
}

/**
 * @param {DOMRect} box
 * @param {number} x
 * @param {number} y
 */
function isIn({ left, right, top, bottom }, x, y) {
  return y > top && y < bottom && x > left - 1 && x < right + 1;
}

/** @param {string} text @param {DOMRect} box */
function lineOf(text, box) {
  return { text: text.replace(/\s+/g, " ").trim(), left: box.left, box };
}
