/**
 * What is drawn of maps and curves as a picture of its own: canvases as they are, lines and texts in their own colours.
 */

const RATIO = 2;
/** Around what is drawn, in pixels. */
const AIR = 12;

/**
 * @param {HTMLElement} element  with canvases and drawings, all in sight
 * @returns {Promise<Blob>}  a PNG
 */
export async function pictureOf(element) {
  const box = element.getBoundingClientRect();
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
  for (const one of element.querySelectorAll("svg")) await drawLines(context, one);
  drawTexts(context, element);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob === null ? reject(new Error("a picture too large")) : resolve(blob))),
  );
}

/**
 * A canvas, or the box of a colour in a legend.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Element} element
 */
function drawBox(context, element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  if (width === 0 || height === 0) return;
  if (element instanceof HTMLCanvasElement) return context.drawImage(element, left, top, width, height);
  const { backgroundColor, borderTopColor } = getComputedStyle(element);
  context.fillStyle = backgroundColor;
  context.fillRect(left, top, width, height);
  context.strokeStyle = borderTopColor;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, Math.max(0, width - 1), Math.max(0, height - 1));
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
  const range = document.createRange();
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    const parent = /** @type {Element} */ (node.parentElement);
    const text = (node.textContent ?? "").trim();
    if (text === "" || parent.closest(".tooltip, button") !== null) continue;
    range.selectNodeContents(node);
    const { left, top, width, height } = range.getBoundingClientRect();
    if (width === 0) continue;
    const style = getComputedStyle(parent);
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    context.fillStyle = parent instanceof SVGElement ? style.fill : style.color;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.save();
    context.translate(left + width / 2, top + height / 2);
    if (parent.hasAttribute("transform")) context.rotate(-Math.PI / 2);
    context.fillText(text, 0, 0);
    context.restore();
  }
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
