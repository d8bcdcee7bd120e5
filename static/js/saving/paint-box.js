/** The box of an element: what lies beneath it, and its borders. */

import { isClear } from "./colors.js";
import { shade } from "./pen.js";

/**
 * @typedef {import("./pen.js").Pen} Pen
 * @typedef {{left: number, top: number, width: number, height: number}} Box
 */

const SIDES = /** @type {const} */ (["Top", "Right", "Bottom", "Left"]);

/**
 * @param {Pen} pen
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 */
export function paintBox(pen, style, box) {
  if (!isClear(style.backgroundColor)) {
    outline(pen, style, box, 0);
    pen.fillStyle = style.backgroundColor;
    pen.fill();
  }
  if (style.backgroundImage.includes("linear-gradient") && style.backgroundSize === "auto")
    paintGround(pen, style, box);
  paintBorders(pen, style, box);
}

/**
 * @param {Pen} pen
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 * @param {number} inset
 */
function outline(pen, { borderTopLeftRadius }, { left, top, width, height }, inset) {
  const radius = parseFloat(borderTopLeftRadius) || 0;
  const side = Math.min(width, height);
  const round = borderTopLeftRadius.endsWith("%") ? (radius / 100) * side : radius;
  pen.beginPath();
  pen.roundRect(left + inset, top + inset, width - 2 * inset, height - 2 * inset, Math.max(0, round - inset));
}

/**
 * Colours that turn into each other, or stripes.
 *
 * @param {Pen} pen
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 */
function paintGround(pen, style, box) {
  const [, repeats, inner] = /(repeating-)?linear-gradient\((.*)\)/.exec(style.backgroundImage) ?? [];
  if (inner === undefined) return;
  const parts = inner.split(/,\s*(?![^(]*\))/);
  const isTold = !/^(rgb|color|#|transparent)/.test(parts[0]);
  const stops = parts.slice(isTold ? 1 : 0).map(stopOf);
  pen.save();
  outline(pen, style, box, 0);
  pen.clip();
  if (repeats) paintStripes(pen, stops, isTold ? parseFloat(parts[0]) : 0, box);
  else {
    const at = (/** @type {number} */ i) => ({
      at: i / Math.max(1, stops.length - 1),
      color: stops[i].color,
    });
    shade(
      pen,
      stops.map((_, i) => at(i)),
      { x: box.left, y: box.top, ...sizeOf(box) },
      wayOf(isTold ? parts[0] : ""),
    );
  }
  pen.restore();
}

/** @param {Box} box */
const sizeOf = ({ width, height }) => ({ width, height });

/** @param {string} part  such as `rgb(1, 2, 3) 4px` */
function stopOf(part) {
  const [, color, at = "0"] = /^(.*?\)|\S+)(?:\s+(-?[\d.]+)px)?/.exec(part.trim()) ?? [];
  return { color: color ?? "transparent", at: Number(at) };
}

/** @param {string} told */
function wayOf(told) {
  if (told.includes("right") || told.startsWith("90deg")) return { x: 1, y: 0 };
  if (told.includes("left") || told.startsWith("270deg")) return { x: -1, y: 0 };
  return told.includes("top") || told === "0deg" ? { x: 0, y: -1 } : { x: 0, y: 1 };
}

/**
 * Stripes as CSS repeats them: the first colour from one stop to the next, then the others.
 *
 * @param {Pen} pen
 * @param {{color: string, at: number}[]} stops
 * @param {number} degrees
 * @param {Box} box
 */
function paintStripes(pen, stops, degrees, { left, top, width, height }) {
  const period = stops[stops.length - 1].at;
  const reach = Math.hypot(width, height);
  if (!(period > 0)) return;
  pen.translate(left + width / 2, top + height / 2);
  pen.rotate((degrees * Math.PI) / 180);
  for (let i = 0; i + 1 < stops.length; i += 2) {
    if (isClear(stops[i].color)) continue;
    const wide = stops[i + 1].at - stops[i].at;
    pen.beginPath();
    for (let at = -Math.ceil(reach / 2 / period) * period; at < reach / 2; at += period)
      pen.rect(-reach / 2, -at - stops[i].at - wide, reach, wide);
    pen.fillStyle = stops[i].color;
    pen.fill();
  }
}

/**
 * @param {Pen} pen
 * @param {CSSStyleDeclaration} style
 * @param {Box} box
 */
function paintBorders(pen, style, box) {
  const borders = SIDES.map((side) => ({
    width: style[`border${side}Style`] === "none" ? 0 : parseFloat(style[`border${side}Width`]),
    color: style[`border${side}Color`],
    line: style[`border${side}Style`],
  })).map((border) => (isClear(border.color) ? { ...border, width: 0 } : border));
  if (borders.every(({ width }) => width === 0)) return;
  const [first] = borders;
  const isEven = borders.every(({ width, color }) => width === first.width && color === first.color);
  if (isEven) {
    outline(pen, style, box, first.width / 2);
    stroke(pen, first);
  } else borders.forEach((border, i) => border.width > 0 && paintSide(pen, border, i, box));
  pen.setLineDash([]);
}

/**
 * @param {Pen} pen
 * @param {{width: number, color: string, line: string}} border
 * @param {number} side  from the top, clockwise
 * @param {Box} box
 */
function paintSide(pen, border, side, { left, top, width, height }) {
  const half = border.width / 2;
  pen.beginPath();
  if (side % 2 === 0) {
    const y = side === 0 ? top + half : top + height - half;
    pen.moveTo(left, y);
    pen.lineTo(left + width, y);
  } else {
    const x = side === 1 ? left + width - half : left + half;
    pen.moveTo(x, top);
    pen.lineTo(x, top + height);
  }
  stroke(pen, border);
}

/**
 * @param {Pen} pen
 * @param {{width: number, color: string, line: string}} border
 */
function stroke(pen, { width, color, line }) {
  pen.strokeStyle = color;
  pen.lineWidth = width;
  pen.setLineDash(line === "dashed" ? [3 * width, 2 * width] : line === "dotted" ? [width, width] : []);
  pen.stroke();
}
