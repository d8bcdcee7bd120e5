/**
 * A modal dialog: the page waits behind it, Escape and a click beside it close it, and the focus goes back to where it
 * was.
 */

import { html, useEffect, useRef } from "../../../vendor/preact/htm-preact.js";
import { Icon } from "./icons.js";
import { usePage } from "./page.js";

/**
 * @typedef {import("../../../vendor/preact/htm-preact.js").Child} Child
 */

/**
 * @param {object} props
 * @param {Child} props.title
 * @param {string} props.id
 * @param {string} [props.kind]  a class of its own
 * @param {() => void} props.onClose  it has been closed
 * @param {Child} [props.children]
 */
export function Dialog({ title, id, kind = "", onClose, children }) {
  const { t } = usePage();
  const ref = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  /** @param {any} event */
  const onPointerDown = ({ target }) => {
    if (target === ref.current) closeDialog(ref.current);
  };
  return html`<dialog
    ref=${ref}
    class=${`dialog ${kind}`}
    aria-labelledby=${`${id}-title`}
    onClose=${onClose}
    onPointerDown=${onPointerDown}
  >
    <div class="dialog-frame">
      <header class="dialog-head">
        <h2 id=${`${id}-title`} class="dialog-title">${title}</h2>
        <button
          type="button"
          class="icon-button"
          aria-label=${t("controls.dialog.close")}
          data-hint=${t("controls.dialog.close")}
          onClick=${(/** @type {any} */ event) => closeDialog(event.currentTarget)}
        >
          <${Icon} name="close" />
        </button>
      </header>
      ${children}
    </div>
  </dialog>`;
}

/**
 * Close the dialog that an element is in.
 *
 * @param {Element | null} element
 */
export function closeDialog(element) {
  /** @type {HTMLDialogElement | null | undefined} */ (element?.closest("dialog"))?.close();
}
