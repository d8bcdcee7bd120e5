/** What can be taken away of what is on the screen: pictures, films, one file that plays, records, code, and a link. */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { coversViews } from "../../state/place.js";
import { Dialog } from "../parts/dialog.js";
import { later } from "../parts/later.js";
import { usePage } from "../parts/page.js";
import { CodePart } from "./code-part.js";
import { DataPart } from "./data-part.js";
import { PagePart } from "./page-part.js";
import { PicturePart } from "./picture-part.js";

const PARTS = {
  picture: PicturePart,
  film: later(async () => (await import("./film-part.js")).FilmPart),
  page: PagePart,
  data: DataPart,
  code: CodePart,
  link: later(async () => (await import("./link-part.js")).LinkPart),
};

/** Where the runs of the page are not seen, nothing is offered of them. */
const WITHOUT_RUNS = /** @type {readonly PartName[]} */ (["picture", "page", "link"]);

/** @typedef {keyof typeof PARTS} PartName */

/**
 * @param {object} props
 * @param {string} [props.of]  the id of what a picture is wanted of
 * @param {() => void} props.onClose
 */
export function SaveDialog({ of, onClose }) {
  const { t, state } = usePage();
  const names = /** @type {PartName[]} */ (Object.keys(PARTS));
  const offered = coversViews(state.place) ? WITHOUT_RUNS : names;
  const [open, setOpen] = useState(/** @type {PartName} */ ("picture"));
  const Part = PARTS[open];
  return html`<${Dialog} id="save" kind="dialog-save" title=${t("controls.save.title")} onClose=${onClose}>
    <div class="save-kinds switch switch-wide" role="group" aria-label=${t("controls.save.what")}>
      ${offered.map(
        (name) =>
          html`<button
            key=${name}
            type="button"
            data-part=${name}
            aria-pressed=${String(name === open)}
            onClick=${() => setOpen(name)}
          >
            ${t(`controls.save.${name}.name`)}
          </button>`,
      )}
    </div>
    <div class="save-part"><${Part} key=${open} of=${of} /></div>
  <//>`;
}
