/**
 * When to do what was asked for many times.
 */

/**
 * @param {() => void} action
 * @returns {() => void}  asks for it: it happens with the next frame, once
 */
export function oncePerFrame(action) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      action();
    });
  };
}

/**
 * @param {() => void} action
 * @param {number} milliseconds
 * @returns {() => void}  asks for it: it happens after that time, once
 */
export function oncePer(action, milliseconds) {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(() => {
      isAsked = false;
      action();
    }, milliseconds);
  };
}
