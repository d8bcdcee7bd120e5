/**
 * A panel that opens below its button, within the window.
 */

import { html, useRef, useState } from "../../../vendor/preact/htm-preact.js";

const GAP = 6;

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.className  of the button
 * @param {string} props.label  of the panel, to a screen reader
 * @param {import("../../../vendor/preact/htm-preact.js").Child} props.button  what the button holds
 * @param {string} [props.panelClass]
 * @param {import("../../../vendor/preact/htm-preact.js").Child} [props.children]
 */
export function Popover({ id, className, label, button: content, panelClass = "", children }) {
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  /** @param {any} event */
  const onToggle = ({ newState }) => {
    if (newState === "open" && button.current !== null && panel.current !== null)
      placeBelow(panel.current, button.current);
  };
  return html`
    <button ref=${button} type="button" class=${className} popovertarget=${id}>${content}</button>
    <div
      ref=${panel}
      id=${id}
      class=${`panel-popover ${panelClass}`}
      popover="auto"
      role="dialog"
      aria-label=${label}
      onBeforeToggle=${onToggle}
    >
      ${children}
    </div>
  `;
}

/**
 * A panel whose content is made when it opens, and made anew each time. The number of the opening is taken before it, as
 * of a closing and an opening in quick turn the browser tells only the last afterwards.
 *
 * @param {{width: number, height: number}} most  how large it may become
 */
export function useOpenings(most) {
  const button = useRef(/** @type {HTMLElement | null} */ (null));
  const panel = useRef(/** @type {HTMLElement | null} */ (null));
  const count = useRef(0);
  const [opening, setOpening] = useState(0); // none: closed
  /** @param {any} event */
  const onBeforeToggle = ({ newState }) => {
    if (newState !== "open" || panel.current === null || button.current === null) return;
    placeBelow(panel.current, button.current, most);
    setOpening((count.current += 1));
  };
  /** @param {any} event */
  const onToggle = ({ newState }) => newState === "closed" && setOpening(0);
  return { button, panel, opening, listeners: { onBeforeToggle, onToggle } };
}

/**
 * Below its button, and within the window: higher, where it would not fit.
 *
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 * @param {{width: number, height: number}} [most]  how large it may become
 */
export function placeBelow(panel, button, { width, height } = { width: 0, height: 0 }) {
  const { left, bottom } = button.getBoundingClientRect();
  panel.style.setProperty(
    "--left",
    `${Math.max(GAP, Math.min(left, window.innerWidth - width - 2 * GAP))}px`,
  );
  panel.style.setProperty(
    "--top",
    `${Math.max(GAP, Math.min(bottom, window.innerHeight - height - 2 * GAP) + GAP)}px`,
  );
}
