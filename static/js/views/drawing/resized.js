/** A view that fills one element and is drawn anew whenever that element has another size. */

/**
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").View} View
 *
 * @typedef {object} Drawing
 * @property {(data: Data) => void} update
 * @property {(step: number) => void} setStep
 * @property {() => void} redraw
 * @property {() => void} [rest]  ends what it has begun, before it goes
 */

/**
 * @param {HTMLElement} element
 * @param {Drawing} drawing  in the element
 * @returns {View}
 */
export function resized(element, drawing) {
  const redraw = () => drawing.redraw();
  const observer = new ResizeObserver(redraw);
  observer.observe(element);
  return {
    update: (data) => drawing.update(data),
    setStep: (step) => drawing.setStep(step),
    resize: redraw,
    destroy() {
      observer.disconnect();
      drawing.rest?.();
      element.replaceChildren();
    },
  };
}
