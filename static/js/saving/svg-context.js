/**
 * A drawing surface that is spoken to as to a canvas and writes SVG: what is drawn with lines stays lines.
 *
 * It knows what the pictures of the page are drawn with, and no more.
 */

import { channelsOf } from "./colors.js";

const TEXT_ANCHORS = { left: "start", center: "middle", right: "end", start: "start", end: "end" };
/** How far beneath what a text is aligned by its baseline lies, in sizes of the font: not every reader knows the words. */
const BASELINES = { top: 0.8, middle: 0.3, bottom: -0.2, alphabetic: 0 };

/** Digits of a coordinate: a hundredth of a pixel cannot be seen. */
const DIGITS = 2;

/**
 * @typedef {[number, number, number, number, number, number]} Matrix  as canvases and SVG count it
 *
 * @typedef {object} Style
 * @property {string} fillStyle
 * @property {string} strokeStyle
 * @property {number} lineWidth
 * @property {string} lineJoin
 * @property {string} lineCap
 * @property {number[]} dash
 * @property {number} lineDashOffset
 * @property {number} globalAlpha
 * @property {string} font
 * @property {keyof typeof TEXT_ANCHORS} textAlign
 * @property {keyof typeof BASELINES} textBaseline
 * @property {string} letterSpacing
 * @property {Matrix} matrix
 * @property {string[]} clips  ids of what is cut off
 */

export class SvgContext {
  fillStyle = "#000";
  strokeStyle = "#000";
  lineWidth = 1;
  lineJoin = "miter";
  lineCap = "butt";
  lineDashOffset = 0;
  globalAlpha = 1;
  font = "10px sans-serif";
  /** @type {keyof typeof TEXT_ANCHORS} */
  textAlign = "left";
  /** @type {keyof typeof BASELINES} */
  textBaseline = "alphabetic";
  letterSpacing = "0px";
  imageSmoothingEnabled = true;
  /** @type {number[]} */
  #dash = [];
  /** @type {Matrix} */
  #matrix = [1, 0, 0, 1, 0, 0];
  /** @type {string[]} */
  #clips = [];
  /** @type {Style[]} */
  #saved = [];
  /** @type {string[]} */
  #path = [];
  /** @type {string[]} */
  #parts = [];
  /** @type {string[]} the clips whose groups are open */
  #open = [];
  /** @type {Map<string, string>} ids by what they cut off */
  #clipIds = new Map();
  #size;

  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.#size = { width, height };
  }

  save() {
    const { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, lineDashOffset, globalAlpha } = this;
    const { font, textAlign, textBaseline, letterSpacing } = this;
    const style = { fillStyle, strokeStyle, lineWidth, lineJoin, lineCap, lineDashOffset, globalAlpha };
    const text = { font, textAlign, textBaseline, letterSpacing };
    this.#saved.push({ ...style, ...text, dash: this.#dash, matrix: this.#matrix, clips: this.#clips });
  }

  restore() {
    const style = this.#saved.pop();
    if (style === undefined) return;
    const { dash, matrix, clips, ...plain } = style;
    [this.#dash, this.#matrix, this.#clips] = [dash, matrix, clips];
    Object.assign(this, plain);
  }

  /** @param {...number} matrix */
  setTransform(...matrix) {
    this.#matrix = /** @type {Matrix} */ (matrix);
  }

  /** @param {...number} matrix  done before what is there */
  transform(...matrix) {
    this.#matrix = times(this.#matrix, /** @type {Matrix} */ (matrix));
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  translate(x, y) {
    this.transform(1, 0, 0, 1, x, y);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  scale(x, y) {
    this.transform(x, 0, 0, y, 0, 0);
  }

  /** @param {number} angle  in radians */
  rotate(angle) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    this.transform(cos, sin, -sin, cos, 0, 0);
  }

  getTransform() {
    const [a, b, c, d, e, f] = this.#matrix;
    return { a, b, c, d, e, f };
  }

  /** @param {number[]} dash */
  setLineDash(dash) {
    this.#dash = dash;
  }

  beginPath() {
    this.#path = [];
  }

  closePath() {
    this.#path.push("Z");
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  moveTo(x, y) {
    this.#path.push(`M${short(x)} ${short(y)}`);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  lineTo(x, y) {
    this.#path.push(`${this.#path.length === 0 ? "M" : "L"}${short(x)} ${short(y)}`);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  rect(x, y, width, height) {
    this.#path.push(`M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}Z`);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   * @param {number} radius
   */
  roundRect(x, y, width, height, radius) {
    const r = short(Math.max(0, Math.min(radius, width / 2, height / 2)));
    if (r === "0") return this.rect(x, y, width, height);
    const [w, h] = [short(width - 2 * Number(r)), short(height - 2 * Number(r))];
    const arc = (/** @type {string} */ to) => `a${r} ${r} 0 0 1 ${to}`;
    const [start, top] = [`M${short(x + Number(r))} ${short(y)}h${w}`, arc(`${r} ${r}`)];
    this.#path.push(
      `${start}${top}v${h}${arc(`-${r} ${r}`)}h-${w}${arc(`-${r} -${r}`)}v-${h}${arc(`${r} -${r}`)}Z`,
    );
    return undefined;
  }

  /**
   * A whole circle.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} radius
   */
  arc(x, y, radius) {
    const [r, across] = [short(radius), short(2 * radius)];
    this.#path.push(
      `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${across} 0a${r} ${r} 0 1 0 -${across} 0Z`,
    );
  }

  /** @param {{d: string}} [outline]  else the path that was begun */
  clip(outline) {
    const shape = `<path d="${outline?.d ?? this.#path.join("")}"${this.#transform()}/>`;
    const id = this.#clipIds.get(shape) ?? `clip-${this.#clipIds.size}`;
    this.#clipIds.set(shape, id);
    this.#clips = [...this.#clips, id];
  }

  /** @param {{d: string}} [outline] */
  fill(outline) {
    const d = outline?.d ?? this.#path.join("");
    if (d !== "") this.#add(`<path d="${d}"${this.#transform()}${this.#fill()}/>`);
  }

  /** @param {{d: string}} [outline] */
  stroke(outline) {
    const d = outline?.d ?? this.#path.join("");
    if (d !== "") this.#add(`<path d="${d}"${this.#transform()} fill="none"${this.#stroke()}/>`);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  fillRect(x, y, width, height) {
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    this.#add(`<rect ${place}${this.#transform()}${this.#fill()}/>`);
  }

  /** @param {import("./cells.js").Shape[]} shapes  without a seam between neighbours */
  fillCells(shapes) {
    for (const { color, opacity, d } of shapes) {
      const look = ` fill="${color}"${this.#opacity(opacity)} shape-rendering="crispEdges"`;
      this.#add(`<path d="${d}"${this.#transform()}${look}/>`);
    }
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  fillText(text, x, y) {
    this.#write(text, x, y, this.#fill());
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   */
  strokeText(text, x, y) {
    this.#write(text, x, y, ` fill="none"${this.#stroke()}`);
  }

  /**
   * @param {{toDataURL: () => string}} picture  a canvas
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  drawImage(picture, x, y, width, height) {
    const place = `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
    const sharp = this.imageSmoothingEnabled
      ? ""
      : ` image-rendering="optimizeSpeed" style="image-rendering:pixelated"`; // what readers of SVG 1.1 know, and others
    const source = ` preserveAspectRatio="none" href="${picture.toDataURL()}"`;
    this.#add(`<image ${place}${source}${sharp}${this.#transform()}${this.#opacity()}/>`);
  }

  /** @param {string} title  what the picture is */
  toString(title = "") {
    this.#enter([]);
    const { width, height } = this.#size;
    const size = `width="${short(width)}" height="${short(height)}" viewBox="0 0 ${short(width)} ${short(height)}"`;
    const clips = [...this.#clipIds].map(([shape, id]) => `<clipPath id="${id}">${shape}</clipPath>`);
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img">`,
      ...(title === "" ? [] : [`<title>${escaped(title)}</title>`]),
      ...(clips.length === 0 ? [] : [`<defs>${clips.join("")}</defs>`]),
      ...this.#parts,
      "</svg>\n",
    ].join("\n");
  }

  /** @param {string} element  which lies in the same groups as the one before, as far as they are cut alike */
  #add(element) {
    this.#enter(this.#clips);
    this.#parts.push(element);
  }

  /** @param {string[]} clips */
  #enter(clips) {
    const differs = this.#open.findIndex((id, i) => id !== clips[i]);
    const shared = differs === -1 ? this.#open.length : differs;
    this.#parts.push(...this.#open.slice(shared).map(() => "</g>"));
    this.#parts.push(...clips.slice(shared).map((id) => `<g clip-path="url(#${id})">`));
    this.#open = clips;
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {string} look
   */
  #write(text, x, y, look) {
    const spacing = parseFloat(this.letterSpacing) ? ` letter-spacing="${this.letterSpacing}"` : "";
    const anchor = TEXT_ANCHORS[this.textAlign];
    const [size] = /[\d.]+(?=px)/.exec(this.font) ?? ["0"];
    const baseline = y + BASELINES[this.textBaseline] * Number(size);
    const attributes = [
      `x="${short(x)}" y="${short(baseline)}" style="font:${escaped(this.font)}"${spacing} xml:space="preserve"`,
      anchor === "start" ? "" : ` text-anchor="${anchor}"`,
    ].join("");
    this.#add(`<text ${attributes}${this.#transform()}${look}>${escaped(text)}</text>`);
  }

  #transform() {
    const [a, b, c, d, e, f] = this.#matrix;
    if (a === 1 && b === 0 && c === 0 && d === 1)
      return e === 0 && f === 0 ? "" : ` transform="translate(${short(e)} ${short(f)})"`;
    const turn = [a, b, c, d].map((value) => Number(value.toFixed(5)));
    return ` transform="matrix(${turn.join(" ")} ${short(e)} ${short(f)})"`;
  }

  /** @param {number} [alpha]  of the colour */
  #opacity(alpha = 1) {
    const opacity = Number((alpha * this.globalAlpha).toFixed(3));
    return opacity === 1 ? "" : ` opacity="${opacity}"`;
  }

  #fill() {
    const { color, alpha } = plain(this.fillStyle);
    return ` fill="${escaped(color)}"${this.#opacity(alpha)}`;
  }

  #stroke() {
    const dash = this.#dash.length === 0 ? "" : ` stroke-dasharray="${this.#dash.map(short).join(" ")}"`;
    const offset =
      dash === "" || this.lineDashOffset === 0 ? "" : ` stroke-dashoffset="${short(this.lineDashOffset)}"`;
    const join = this.lineJoin === "miter" ? "" : ` stroke-linejoin="${this.lineJoin}"`;
    const cap = this.lineCap === "butt" ? "" : ` stroke-linecap="${this.lineCap}"`;
    const { color, alpha } = plain(this.strokeStyle);
    const line = ` stroke="${escaped(color)}" stroke-width="${short(this.lineWidth)}"`;
    return `${line}${dash}${offset}${join}${cap}${this.#opacity(alpha)}`;
  }
}

/**
 * @param {Matrix} m
 * @param {Matrix} n
 * @returns {Matrix}  n, then m
 */
export function times([a, b, c, d, e, f], [p, q, r, s, t, u]) {
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

/**
 * A colour as every reader knows it, and how dense it is.
 *
 * @param {string} color
 */
function plain(color) {
  if (!/^(rgb|color)/.test(color)) return { color, alpha: 1 };
  const [red, green, blue, alpha] = channelsOf(color);
  const hex = [red, green, blue].map((value) => Math.round(value).toString(16).padStart(2, "0"));
  return { color: `#${hex.join("")}`, alpha };
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toFixed(DIGITS)) || 0);
}

/** @param {string} text */
function escaped(text) {
  const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "") // which XML does not know
    .replace(/[&<>"]/g, (sign) => named[/** @type {keyof typeof named} */ (sign)]);
}
