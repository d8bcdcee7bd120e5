/** The icons of the drawings, 16 by 16, in the colour of the text around them. */

import { svg } from "./dom.js";

const PATHS = {
  play: "M4 2.6v10.8a.6.6 0 0 0 .92.5l8.3-5.4a.6.6 0 0 0 0-1l-8.3-5.4A.6.6 0 0 0 4 2.6Z",
  pause: "M4 2.5h2.8v11H4zM9.2 2.5H12v11H9.2z",
  replay: "M8 2.2A5.8 5.8 0 1 1 2.3 9h1.8A4 4 0 1 0 8 4v2.4L4.2 3.2 8 0z",
  back: "M3 3h1.8v10H3zM13 3.4v9.2a.5.5 0 0 1-.8.4L6.3 8.4a.5.5 0 0 1 0-.8L12.2 3a.5.5 0 0 1 .8.4Z",
  forward: "M13 3h-1.8v10H13zM3 3.4v9.2a.5.5 0 0 0 .8.4l5.9-4.6a.5.5 0 0 0 0-.8L3.8 3a.5.5 0 0 0-.8.4Z",
  fork: "M3.7 2.5h1.6v5.6c.9-.9 2.2-1.2 3.3-1.6 1.3-.4 2-.8 2.1-1.6L9.3 6.2 8.2 5 11.5 1.6 14.8 5l-1.1 1.2-1.4-1.4c-.1 1.9-1.6 2.6-3.2 3.2-1.9.6-3.8 1.1-3.8 3.2v2.3H3.7z",
  save: "M7.2 2h1.6v5.2l1.9-1.9 1.1 1.1L8 10.2 4.2 6.4l1.1-1.1 1.9 1.9zM3 12h10v1.6H3z",
  locked:
    "M8 1.5A3.5 3.5 0 0 0 4.5 5v2H4a1 1 0 0 0-1 1v5.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V8a1 1 0 0 0-1-1h-.5V5A3.5 3.5 0 0 0 8 1.5ZM6 7V5a2 2 0 1 1 4 0v2Z",
  lockedForAWhile:
    "M8 1.5A3.5 3.5 0 0 0 4.5 5v2H4a1 1 0 0 0-1 1v5.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V8a1 1 0 0 0-1-1h-.5V5A3.5 3.5 0 0 0 8 1.5ZM6 7V5a2 2 0 1 1 4 0v2ZM8 8.2h3.8v5.1H8Z",
  unlocked:
    "M11 1.5A3.5 3.5 0 0 0 7.5 5v2H3a1 1 0 0 0-1 1v5.5a1 1 0 0 0 1 1h8a1 1 0 0 0 1-1V8a1 1 0 0 0-1-1H9V5a2 2 0 1 1 4 0v1h1.5V5A3.5 3.5 0 0 0 11 1.5Z",
};

/**
 * @param {keyof typeof PATHS} name
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  return svg(
    "svg",
    { class: "icon", viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name], fill: "currentColor" }),
  );
}

/**
 * Show another icon in the same place.
 *
 * @param {SVGSVGElement} element
 * @param {keyof typeof PATHS} name
 */
export function setIcon(element, name) {
  element.firstElementChild?.setAttribute("d", PATHS[name]);
}
