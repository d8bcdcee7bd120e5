/**
 * What is drawn of maps, curves and a race as a picture of its own: canvases as they are, lines and texts in their own colours.
 */

const RATIO = 2;
/** Around what is drawn, in pixels. */
const AIR = 12;

/**
 * @param {HTMLElement} element  with canvases and drawings, all in sight
 * @returns {Promise<Blob>}  a PNG
 */
export async function pictureOf(element) {
  const box = boxOf(element);
  const canvas = document.createElement("canvas");
  const [width, height] = [box.width + 2 * AIR, box.height + 2 * AIR].map((side) => Math.ceil(side * RATIO));
  Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(RATIO, RATIO);
  context.translate(AIR - box.left, AIR - box.top);
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--color-panel").trim();
  context.fillRect(box.left - AIR, box.top - AIR, width, height);
  context.imageSmoothingEnabled = false;
  for (const one of element.querySelectorAll("canvas, i")) drawBox(context, one);
  for (const one of element.querySelectorAll("tr")) drawRule(context, one);
  for (const one of element.querySelectorAll("svg")) await drawLines(context, one);
  drawTexts(context, element);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("a picture too large")) : resolve(blob))),
  );
}

/**
 * What an element takes with all that is scrolled out of sight.
 *
 * @param {HTMLElement} element
 */
function boxOf(element) {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const tables = [...element.querySelectorAll("table")].map((table) => table.getBoundingClientRect());
  const from = Math.min(left, ...tables.map((box) => box.left));
  const width = Math.max(right, ...tables.map((box) => box.right)) - from;
  const below = element.querySelector(".race > button"); // which is not drawn
  return { left: from, top, width, height: (below?.getBoundingClientRect().top ?? bottom) - top };
}

/**
 * A canvas, or the box, the line or the ring of a legend.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Element} element
 */
function drawBox(context, element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return;
  if (element instanceof HTMLCanvasElement) return context.drawImage(element, left, top, width, height);
  const style = getComputedStyle(element);
  const line = parseFloat(style.borderTopWidth);
  const [radius, bottom] = [style.borderTopLeftRadius, parseFloat(style.borderBottomWidth)];
  context.beginPath();
  if (bottom === 0) {
    context.moveTo(left, top + line / 2);
    context.lineTo(left + width, top + line / 2);
  } else {
    const sides = /** @type {const} */ ([width - line, height - line]);
    context.roundRect(left + line / 2, top + line / 2, ...sides, radius === "50%" ? width / 2 : 0);
  }
  context.fillStyle = fillOf(context, style, left, width);
  context.fill();
  context.strokeStyle = style.borderTopColor;
  context.lineWidth = line;
  context.setLineDash(style.borderTopStyle === "dashed" ? [4, 2] : []);
  context.stroke();
  context.setLineDash([]);
}

/**
 * One colour, or one that turns into another from left to right.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {CSSStyleDeclaration} style
 * @param {number} left
 * @param {number} width
 */
function fillOf(context, { backgroundColor, backgroundImage }, left, width) {
  if (!backgroundImage.startsWith("linear-gradient(to right")) return backgroundColor;
  const gradient = context.createLinearGradient(left, 0, left + width, 0);
  const colors = backgroundImage.match(/rgba?\([^)]*\)/g) ?? [];
  colors.forEach((color, i) => gradient.addColorStop(i / Math.max(1, colors.length - 1), color));
  return gradient;
}

/**
 * The line below a row of a table.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Element} row
 */
function drawRule(context, row) {
  const { left, bottom, width } = row.getBoundingClientRect();
  context.fillStyle = getComputedStyle(row.children[0]).borderBottomColor;
  context.fillRect(left, bottom - 1, width, 1);
}

/** What a shape looks like, wherever its style is written. */
const SHAPE = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "stroke-linejoin"];

/**
 * A drawing by its styles of the moment, which a picture outside of the page does not have.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {SVGSVGElement} element
 */
async function drawLines(context, element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return;
  const copy = /** @type {SVGSVGElement} */ (element.cloneNode(true));
  const originals = element.querySelectorAll("*");
  copy.querySelectorAll("*").forEach((shape, i) => {
    const style = getComputedStyle(originals[i]);
    for (const name of SHAPE) shape.setAttribute(name, style.getPropertyValue(name));
    if (shape.tagName === "text") shape.setAttribute("opacity", "0"); // drawn with the other texts, unless it is turned
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(width));
  copy.setAttribute("height", String(height));
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
  await image.decode();
  context.drawImage(image, left, top, width, height);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} element
 */
function drawTexts(context, element) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const parent = /** @type {Element} */ (node.parentElement);
    if (parent.closest(".tooltip, .visually-hidden, button") !== null) continue;
    const style = getComputedStyle(parent);
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = parent instanceof SVGElement ? style.fill : style.color;
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const { text, left, top, width, height } of linesOf(/** @type {Text} */ (node))) {
      context.save();
      context.translate(left + width / 2, top + height / 2);
      if (parent.hasAttribute("transform")) context.rotate(-Math.PI / 2);
      context.fillText(text, 0, 0);
      context.restore();
    }
  }
}

/**
 * The lines that a text is broken into, and where each stands.
 *
 * @param {Text} node
 */
function linesOf(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  if (node.data.trim() === "" || range.getBoundingClientRect().width === 0) return [];
  const boxes = [...range.getClientRects()];
  if (boxes.length === 1) return [lineOf(node.data, boxes[0])];
  return boxes.map((box) => {
    const isOfLine = (/** @type {string} */ _, /** @type {number} */ i) => {
      range.setStart(node, i);
      range.setEnd(node, i + 1);
      const { top, bottom } = range.getBoundingClientRect();
      return (top + bottom) / 2 > box.top && (top + bottom) / 2 < box.bottom;
    };
    return lineOf(node.data.split("").filter(isOfLine).join(""), box);
  });
}

/** @param {string} text @param {DOMRect} box */
function lineOf(text, { left, top, width, height }) {
  return { text: text.trim(), left, top, width, height };
}

/**
 * Hand a file to whoever looks at the page.
 *
 * @param {Blob} blob
 * @param {string} name
 */
export function handOut(blob, name) {
  const link = Object.assign(document.createElement("a"), {
    href: URL.createObjectURL(blob),
    download: name,
  });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
