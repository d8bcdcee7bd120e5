/**
 * Two fingers that come together or go apart. One finger still moves the page.
 */

/**
 * @param {HTMLElement} element
 * @param {(factor: number, at: {clientX: number, clientY: number}) => void} onPinch  factor: below 1 while they go apart
 */
export function followPinch(element, onPinch) {
  let before = 0;
  const follow = (/** @type {TouchEvent} */ event) => {
    const pinch = pinchOf(event.touches);
    if (pinch === null) {
      before = 0;
      return;
    }
    event.preventDefault();
    if (before > 0 && pinch.distance > 0) onPinch(before / pinch.distance, pinch.at);
    before = pinch.distance;
  };
  for (const type of /** @type {const} */ (["touchstart", "touchmove", "touchend", "touchcancel"]))
    element.addEventListener(type, follow, { passive: false });
}

/**
 * @param {ArrayLike<{clientX: number, clientY: number}>} touches
 * @returns {{distance: number, at: {clientX: number, clientY: number}} | null}  null unless they are two
 */
function pinchOf(touches) {
  if (touches.length !== 2) return null;
  const [one, other] = [touches[0], touches[1]];
  return {
    distance: Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY),
    at: { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 },
  };
}
