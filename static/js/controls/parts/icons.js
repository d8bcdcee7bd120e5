/**
 * The pictures on buttons: strokes on a grid of 16, in the colour of the text around them.
 */

import { html } from "../../../vendor/preact/htm-preact.js";

const PATHS = {
  plus: "M8 3v10M3 8h10",
  archive: "M2.5 3.5h11v3h-11zM3.5 6.5v6.5h9V6.5M6.5 9h3",
  fork: "M4.5 3v10M4.5 9.5c0-3 7-1.5 7-5M9.5 6.2l2-2.2 2 2.2",
  pin: "M6 2.5h4l-.6 4 2.6 2.5H4l2.6-2.5zM8 9v4.5",
  play: "M5 3.5v9l7-4.5z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  download: "M8 2.5v7M5 6.5l3 3 3-3M3 12.5h10",
  upload: "M8 9.5v-7M5 5.5l3-3 3 3M3 12.5h10",
  check: "M3.5 8.5l3 3 6-7",
  code: "M5.5 4.5L2 8l3.5 3.5M10.5 4.5L14 8l-3.5 3.5",
  schedule: "M2.5 13V3M2.5 13h11M4.5 10.5l2.5-6h2.5c2 0 2 6 4 6",
  left: "M9.5 4L5.5 8l4 4",
  right: "M6.5 4l4 4-4 4",
  up: "M4 9.5L8 5.5l4 4",
  down: "M4 6.5l4 4 4-4",
  minus: "M3 8h10",
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M4 6l4 4 4-4",
  copy: "M6 6h7v7H6zM3 10V3h7",
  trash: "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M7 7v3.5M9 7v3.5",
  lock: "M4 7.5h8v5.5H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5",
  lockForAWhile: "M4 7.5h8v5.5H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5M8 9v1.5h1.6",
  unlock: "M4 7.5h8v5.5H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1",
  dice: "M3 3h10v10H3zM5.25 5.8a.55.55 0 1 0 1.1 0a.55.55 0 1 0-1.1 0M9.65 5.8a.55.55 0 1 0 1.1 0a.55.55 0 1 0-1.1 0M7.45 8a.55.55 0 1 0 1.1 0a.55.55 0 1 0-1.1 0M5.25 10.2a.55.55 0 1 0 1.1 0a.55.55 0 1 0-1.1 0M9.65 10.2a.55.55 0 1 0 1.1 0a.55.55 0 1 0-1.1 0",
  arrows: "M3 13L12.5 3.5M8 3h5v5M3 13h6.5M7.5 11l2 2-2 2",
  undo: "M5.5 2.5L2.5 5.5l3 3M2.5 5.5h7a3.75 3.75 0 0 1 0 7.5H6",
  redo: "M10.5 2.5l3 3-3 3M13.5 5.5h-7a3.75 3.75 0 0 0 0 7.5H10",
  share:
    "M6.5 9.5a2.5 2.5 0 0 0 3.6 0l2.2-2.2a2.55 2.55 0 0 0-3.6-3.6L8 4.4M9.5 6.5a2.5 2.5 0 0 0-3.6 0L3.7 8.7a2.55 2.55 0 0 0 3.6 3.6l.7-.7",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1.5v1.4M8 13.1v1.4M1.5 8h1.4M13.1 8h1.4M3.4 3.4l1 1M11.6 11.6l1 1M12.6 3.4l-1 1M4.4 11.6l-1 1",
  moon: "M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6z",
  auto: "M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11M8 2.5v11M8 5h3.6M8 8h5.4M8 11h3.6",
  warning: "M8 2.5l6 10.5H2zM8 6.5v3M8 11.2h.01",
  reset: "M3.5 8a4.5 4.5 0 1 0 1.4-3.3M3.5 2.5v3h3",
  projector: "M2 3h12v8H2zM8 11v2.5M5 13.5h6",
  keyboard: "M1.5 4.5h13v7.5h-13zM4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M4.5 9.7h7",
  map: "M2.5 2.5h11v11h-11zM6.2 2.5v11M9.8 2.5v11M2.5 6.2h11M2.5 9.8h11",
  book: "M8 4.2C6.5 3 4.5 2.8 2.5 3v9.3c2-.2 4 0 5.5 1.2 1.5-1.2 3.5-1.4 5.5-1.2V3c-2-.2-4 0-5.5 1.2zM8 4.2v9.3",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {{name: IconName}} props */
export function Icon({ name }) {
  return html`<svg
    class="icon"
    viewBox="0 0 16 16"
    width="16"
    height="16"
    aria-hidden="true"
    focusable="false"
  >
    <path d=${PATHS[name]} />
  </svg>`;
}
