/** A picture of one plot, or of the whole board: seen first, then saved or copied. */

import { html, useEffect, useState } from "../../../vendor/preact/htm-preact.js";
import { copyPicture, handOut } from "../../saving/hand-out.js";
import { TooLargeError, pngOf, svgOf } from "../../saving/picture.js";
import { coversViews } from "../../state/place.js";
import { readTheme } from "../../views/drawing/theme.js";
import { SelectField } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { captionOf, nameOf } from "./save-words.js";
import { subjectsOf } from "./subjects.js";

const RATIOS = ["1", "2", "4"];

/** @param {{of?: string}} props */
export function PicturePart({ of = "board" }) {
  const page = usePage();
  const { t, state, kept } = page;
  const [subjects] = useState(() => subjectsOf(page));
  const [id, setId] = useState(subjects.some((subject) => subject.id === of) ? of : subjects[0].id);
  const [ratio, setRatio] = useState("2");
  const [news, setNews] = useState("");
  const subject = subjects.find((one) => one.id === id) ?? subjects[0];
  const wanted = () => ({
    element: subject.element,
    caption: captionOf(page, kept.step(), subject.name),
    theme: readTheme(document.documentElement),
    withControls: subject.withControls === true,
  });
  const name = (/** @type {string} */ suffix) =>
    nameOf(page, [subject.id, ...(coversViews(state.place) ? [] : [`step-${kept.step()}`])], suffix);
  const png = () => pngOf(wanted(), Number(ratio));
  /** @param {() => Promise<string>} act  gives what there is to say */
  const tell = async (act) => {
    try {
      setNews(await act());
    } catch (error) {
      if (!(error instanceof TooLargeError)) throw error;
      setNews(t("controls.save.picture.tooLarge", { size: error.message }));
    }
  };
  const save = (/** @type {"png" | "svg"} */ suffix) =>
    tell(async () => {
      const blob = suffix === "png" ? await png() : new Blob([svgOf(wanted())], { type: "image/svg+xml" });
      handOut(blob, name(suffix));
      return t("controls.save.saved", { name: name(suffix) });
    });
  const copy = () =>
    tell(async () => t(`controls.save.picture.${(await copyPicture(png())) ? "copied" : "notCopied"}`));
  return html`
    <div class="save-fields">
      <${SelectField}
        id="save-of"
        label=${t("controls.save.picture.of")}
        value=${subject.id}
        options=${subjects.map(({ id: value, name: label }) => ({ value, label }))}
        onChange=${(/** @type {string} */ next) => {
          setId(next);
          setNews("");
        }}
      />
      <${SelectField}
        id="save-ratio"
        label=${t("controls.save.picture.ratio")}
        value=${ratio}
        options=${RATIOS.map((value) => ({ value, label: `${value} ×` }))}
        onChange=${setRatio}
      />
    </div>
    <${Preview}
      key=${`${subject.id} ${state.theme}`}
      picture=${() => pngOf(wanted(), 1)}
      name=${subject.name}
    />
    <div class="save-acts">
      <button type="button" class="button" onClick=${() => void save("png")}>
        <${Icon} name="download" />PNG
      </button>
      <button type="button" class="button" onClick=${() => void save("svg")}>
        <${Icon} name="download" />SVG
      </button>
      <button type="button" class="button" onClick=${() => void copy()}>
        <${Icon} name="copy" />${t("controls.save.picture.copy")}
      </button>
    </div>
    <p class="save-news" role="status">${news}</p>
  `;
}

/** @param {{picture: () => Promise<Blob>, name: string}} props */
function Preview({ picture, name }) {
  const { t } = usePage();
  const [address, setAddress] = useState("");
  useEffect(() => {
    let made = "";
    let isGone = false;
    picture().then(
      (blob) => {
        if (isGone) return;
        made = URL.createObjectURL(blob);
        setAddress(made);
      },
      () => {}, // said when it is saved
    );
    return () => {
      isGone = true;
      URL.revokeObjectURL(made);
    };
  }, []);
  return html`<div class="save-preview">
    ${address !== "" && html`<img src=${address} alt=${t("controls.save.picture.preview", { name })} />`}
  </div>`;
}
