/** What pictures are drawn with: a canvas, or what writes SVG. */

import { channelsOf } from "./colors.js";
import { SvgContext } from "./svg-context.js";

/** @typedef {CanvasRenderingContext2D | SvgContext} Pen */

/**
 * The outline of an SVG path, as the pen takes it.
 *
 * @param {Pen} pen
 * @param {string} d
 * @returns {any}
 */
export function outlineOf(pen, d) {
  return pen instanceof SvgContext ? { d } : new Path2D(d);
}

/**
 * Go on in other coordinates, within what has been cut off so far.
 *
 * @param {Pen} pen
 * @param {{a: number, b: number, c: number, d: number, e: number, f: number}} matrix  before what is there
 * @param {() => void} act
 */
export function within(pen, { a, b, c, d, e, f }, act) {
  const before = pen.getTransform();
  pen.transform(a, b, c, d, e, f);
  act();
  pen.setTransform(before.a, before.b, before.c, before.d, before.e, before.f);
}

/** Strips that a change of colour is drawn with. */
const STRIPS = 96;

/**
 * One colour that turns into others, in strips: what is cut off before bounds it.
 *
 * @param {Pen} pen
 * @param {{at: number, color: string}[]} stops  0 at the beginning, 1 at the end
 * @param {{x: number, y: number, width: number, height: number}} box
 * @param {{x: number, y: number}} way  from the beginning to the end, one of four
 */
export function shade(pen, stops, { x, y, width, height }, way) {
  const isAcross = way.x !== 0;
  const length = (isAcross ? width : height) / STRIPS;
  for (let i = 0; i < STRIPS; i += 1) {
    const part = (i + 0.5) / STRIPS;
    pen.fillStyle = colorAt(stops, way.x + way.y < 0 ? 1 - part : part);
    const [from, over] = [i * length, length + (i < STRIPS - 1 ? 0.5 : 0)];
    if (isAcross) pen.fillRect(x + from, y, over, height);
    else pen.fillRect(x, y + from, width, over);
  }
}

/**
 * @param {{at: number, color: string}[]} stops
 * @param {number} part
 * @returns {string}
 */
export function colorAt(stops, part) {
  const after = stops.findIndex(({ at }) => at >= part);
  if (after <= 0) return stops[after === 0 ? 0 : stops.length - 1].color;
  const [low, high] = [stops[after - 1], stops[after]];
  const share = (part - low.at) / (high.at - low.at || 1);
  const [from, to] = [channelsOf(low.color), channelsOf(high.color)];
  const [r, g, b, a] = from.map((channel, i) => channel + share * (to[i] - channel));
  return `rgba(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)}, ${Number(a.toFixed(3))})`;
}
