/** A drawing of the page, shape by shape, as it looks by the styles of the moment. */

import { channelsOf, isClear } from "./colors.js";
import { outlineOf, shade, within } from "./pen.js";

/** @typedef {import("./pen.js").Pen} Pen */

/**
 * @param {Pen} pen  in pixels of the window
 * @param {SVGElement} element
 */
export function paintSvg(pen, element) {
  const style = getComputedStyle(element);
  if (style.display === "none" || Number(style.opacity) === 0) return;
  pen.save();
  pen.globalAlpha *= Number(style.opacity);
  cutOff(pen, element, style);
  if (element instanceof SVGTextElement) paintText(pen, element);
  else if (element instanceof SVGGeometryElement) paintShape(pen, element, style);
  else if (element instanceof SVGImageElement) paintImage(pen, element);
  else if (!isUnseen(element))
    for (const child of element.children) paintSvg(pen, /** @type {SVGElement} */ (child));
  pen.restore();
}

/** @param {Element} element */
function isUnseen({ tagName }) {
  return ["defs", "clipPath", "pattern", "linearGradient", "title", "style", "mask"].includes(tagName);
}

/**
 * @param {SVGElement} element
 * @returns {DOMMatrix | null}  from its coordinates to pixels of the window
 */
function matrixOf(element) {
  return element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
}

/**
 * @param {Pen} pen
 * @param {SVGElement} element
 * @param {CSSStyleDeclaration} style
 */
function cutOff(pen, element, { clipPath, overflow }) {
  const cutter = named(element, clipPath);
  const matrix = matrixOf(element);
  if (cutter !== null && matrix !== null)
    within(pen, matrix, () => {
      const outlines = [...cutter.children].map((shape) => pathOf(/** @type {SVGElement} */ (shape)));
      pen.clip(outlineOf(pen, outlines.join("")));
    });
  if (!(element instanceof SVGSVGElement) || overflow === "visible") return;
  const { left, top, width, height } = element.getBoundingClientRect();
  pen.beginPath();
  pen.rect(left, top, width, height);
  pen.clip();
}

/**
 * What an address within the page names.
 *
 * @param {Element} element
 * @param {string} value  of a style, such as `url("#clip")`
 */
function named(element, value) {
  const [, id] = /^url\(["']?[^#]*#([^"')]+)["']?\)/.exec(value) ?? [];
  return id === undefined ? null : element.ownerDocument.getElementById(id);
}

/**
 * @param {Pen} pen
 * @param {SVGGeometryElement} element
 * @param {CSSStyleDeclaration} style
 */
function paintShape(pen, element, style) {
  const matrix = matrixOf(element);
  const d = pathOf(element);
  if (matrix === null || d === "" || style.visibility !== "visible") return;
  within(pen, matrix, () => {
    const outline = outlineOf(pen, d);
    const alpha = pen.globalAlpha;
    pen.globalAlpha = alpha * Number(style.fillOpacity);
    if (!(element instanceof SVGLineElement)) fillShape(pen, element, style, outline);
    pen.globalAlpha = alpha * Number(style.strokeOpacity);
    strokeShape(pen, style, outline, matrix);
  });
}

/**
 * @param {Pen} pen
 * @param {SVGGeometryElement} element
 * @param {CSSStyleDeclaration} style
 * @param {any} outline
 */
function fillShape(pen, element, { fill }, outline) {
  const paint = named(element, fill);
  if (paint === null) {
    if (isClear(fill) || fill.startsWith("url")) return;
    pen.fillStyle = fill;
    return pen.fill(outline);
  }
  pen.save();
  pen.clip(outline);
  if (paint instanceof SVGLinearGradientElement) fillGradient(pen, element.getBBox(), paint);
  else if (paint instanceof SVGPatternElement) fillHatch(pen, element.getBBox(), paint);
  pen.restore();
  return undefined;
}

/**
 * @param {Pen} pen
 * @param {DOMRect} box
 * @param {SVGLinearGradientElement} gradient  along a side
 */
function fillGradient(pen, box, gradient) {
  const stops = [...gradient.querySelectorAll("stop")].map((stop) => {
    const style = getComputedStyle(stop);
    return { at: stop.offset.baseVal, color: style.stopColor };
  });
  const [x1, x2, y1, y2] = [gradient.x1, gradient.x2, gradient.y1, gradient.y2].map(
    ({ baseVal }) => baseVal.value,
  );
  const way =
    Math.abs(x2 - x1) >= Math.abs(y2 - y1)
      ? { x: Math.sign(x2 - x1), y: 0 }
      : { x: 0, y: Math.sign(y2 - y1) };
  if (stops.length > 0) shade(pen, stops, box, way);
}

/**
 * A hatching: what lies beneath it, and its lines, one a tile.
 *
 * @param {Pen} pen
 * @param {DOMRect} box
 * @param {SVGPatternElement} pattern
 */
function fillHatch(pen, { x, y, width, height }, pattern) {
  const [ground, line] = ["rect", "line"].map((tag) => pattern.querySelector(tag));
  if (ground !== null) {
    const { fill, fillOpacity } = getComputedStyle(ground);
    pen.save();
    pen.globalAlpha *= Number(fillOpacity);
    pen.fillStyle = fill;
    if (!isClear(fill)) pen.fillRect(x, y, width, height);
    pen.restore();
  }
  if (line === null) return;
  const { stroke, strokeWidth, strokeOpacity } = getComputedStyle(line);
  const [gap, reach] = [pattern.width.baseVal.value, Math.hypot(width, height)];
  const turn = pattern.patternTransform.baseVal.consolidate()?.matrix;
  pen.globalAlpha *= Number(strokeOpacity);
  pen.strokeStyle = stroke;
  pen.lineWidth = parseFloat(strokeWidth);
  pen.translate(x + width / 2, y + height / 2);
  if (turn) pen.transform(turn.a, turn.b, turn.c, turn.d, 0, 0);
  pen.beginPath();
  for (let at = -Math.ceil(reach / gap / 2) * gap; at <= reach / 2; at += gap) {
    pen.moveTo(at, -reach / 2);
    pen.lineTo(at, reach / 2);
  }
  pen.stroke();
}

/**
 * @param {Pen} pen
 * @param {CSSStyleDeclaration} style
 * @param {any} outline
 * @param {DOMMatrix} matrix
 */
function strokeShape(pen, style, outline, { a, b }) {
  const width = parseFloat(style.strokeWidth);
  if (isClear(style.stroke) || !(width > 0)) return;
  const fixed = style.vectorEffect === "non-scaling-stroke" ? Math.hypot(a, b) || 1 : 1;
  pen.strokeStyle = style.stroke;
  pen.lineWidth = width / fixed;
  pen.lineJoin = /** @type {CanvasLineJoin} */ (style.strokeLinejoin);
  pen.lineCap = /** @type {CanvasLineCap} */ (style.strokeLinecap);
  const dash = style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(parseFloat);
  pen.setLineDash(dash.some(Number.isNaN) ? [] : dash);
  pen.lineDashOffset = parseFloat(style.strokeDashoffset) || 0;
  pen.stroke(outline);
  pen.setLineDash([]);
}

/**
 * The outline of a shape in its own coordinates.
 *
 * @param {SVGElement} shape
 * @returns {string}
 */
function pathOf(shape) {
  if (shape instanceof SVGPathElement) return shape.getAttribute("d") ?? "";
  if (shape instanceof SVGLineElement) {
    const [x1, y1, x2, y2] = [shape.x1, shape.y1, shape.x2, shape.y2].map(({ baseVal }) => baseVal.value);
    return `M${x1} ${y1}L${x2} ${y2}`;
  }
  if (shape instanceof SVGPolylineElement || shape instanceof SVGPolygonElement) {
    const points = [...shape.points].map(({ x, y }) => `${x} ${y}`);
    return points.length === 0 ? "" : `M${points.join("L")}${shape instanceof SVGPolygonElement ? "Z" : ""}`;
  }
  if (shape instanceof SVGRectElement) {
    const [x, y, width, height, rx] = [shape.x, shape.y, shape.width, shape.height, shape.rx].map(
      ({ baseVal }) => baseVal.value,
    );
    const r = Math.min(rx, width / 2, height / 2);
    if (!(r > 0)) return `M${x} ${y}h${width}v${height}h${-width}Z`;
    const arc = (/** @type {number} */ dx, /** @type {number} */ dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
    const [w, h] = [width - 2 * r, height - 2 * r];
    return `M${x + r} ${y}h${w}${arc(r, r)}v${h}${arc(-r, r)}h${-w}${arc(-r, -r)}v${-h}${arc(r, -r)}Z`;
  }
  if (shape instanceof SVGCircleElement) return ellipse(shape, shape.r, shape.r);
  return shape instanceof SVGEllipseElement ? ellipse(shape, shape.rx, shape.ry) : "";
}

/**
 * @param {SVGCircleElement | SVGEllipseElement} shape
 * @param {SVGAnimatedLength} rx
 * @param {SVGAnimatedLength} ry
 */
function ellipse({ cx, cy }, rx, ry) {
  const [x, y, a, b] = [cx, cy, rx, ry].map(({ baseVal }) => baseVal.value);
  return a > 0 && b > 0 ? `M${x - a} ${y}a${a} ${b} 0 1 1 ${2 * a} 0a${a} ${b} 0 1 1 ${-2 * a} 0Z` : "";
}

/**
 * @param {Pen} pen
 * @param {SVGImageElement} element
 */
function paintImage(pen, element) {
  const matrix = matrixOf(element);
  if (matrix === null) return;
  const [x, y, width, height] = [element.x, element.y, element.width, element.height].map(
    ({ baseVal }) => baseVal.value,
  );
  const picture = Object.assign(element, { toDataURL: () => element.href.baseVal });
  within(pen, matrix, () => pen.drawImage(picture, x, y, width, height));
}

/**
 * @param {Pen} pen
 * @param {SVGTextContentElement} element  a text, or a part of one
 */
function paintText(pen, element) {
  const style = getComputedStyle(element);
  const matrix = matrixOf(element);
  let count = 0;
  for (const node of element.childNodes) {
    if (node instanceof SVGTextContentElement) {
      if (getComputedStyle(node).display !== "none") paintText(pen, node);
      count += node.getNumberOfChars();
    } else if (
      node instanceof Text &&
      node.data.trim() !== "" &&
      matrix !== null &&
      style.visibility === "visible"
    ) {
      const text = node.data.replace(/\s+/g, " ");
      if (count < element.getNumberOfChars())
        writeText(pen, text, element.getStartPositionOfChar(count), style, matrix);
      count += text.length;
    }
  }
}

/**
 * @param {Pen} pen
 * @param {string} text
 * @param {{x: number, y: number}} at  where its baseline begins
 * @param {CSSStyleDeclaration} style
 * @param {DOMMatrix} matrix
 */
function writeText(pen, text, { x, y }, style, matrix) {
  within(pen, matrix, () => {
    const alpha = pen.globalAlpha;
    Object.assign(pen, { font: fontOf(style), textAlign: "left", textBaseline: "alphabetic" });
    pen.letterSpacing = style.letterSpacing === "normal" ? "0px" : style.letterSpacing;
    const width = parseFloat(style.strokeWidth);
    if (!isClear(style.stroke) && width > 0) {
      pen.globalAlpha = alpha * Number(style.strokeOpacity);
      Object.assign(pen, { strokeStyle: style.stroke, lineWidth: width, lineJoin: "round" });
      pen.strokeText(text, x, y);
    }
    pen.globalAlpha = alpha * Number(style.fillOpacity);
    pen.fillStyle = style.fill;
    if (channelsOf(style.fill)[3] > 0) pen.fillText(text, x, y);
    pen.globalAlpha = alpha;
  });
}

/** @param {CSSStyleDeclaration} style */
export function fontOf({ fontStyle, fontWeight, fontSize, fontFamily }) {
  return `${fontStyle === "normal" ? "" : `${fontStyle} `}${fontWeight} ${fontSize} ${fontFamily}`;
}
