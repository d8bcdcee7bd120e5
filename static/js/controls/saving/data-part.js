/** The records of the runs as a file that tables and tools read. */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { tellTrouble } from "../../api/trouble.js";
import { handOut } from "../../saving/hand-out.js";
import { SelectField, ToggleField } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { nameOf } from "./save-words.js";

/** By the names of the server, how one file of each is called; several come as a zip. */
const SUFFIXES = {
  csv: "csv",
  parquet: "parquet",
  jsonl: "jsonl",
  npz: "npz",
  safetensors: "safetensors",
  tensorboard: "zip",
};

/** @typedef {keyof typeof SUFFIXES} Format */

export function DataPart() {
  const page = usePage();
  const { t, say, api, runs } = page;
  const [format, setFormat] = useState(/** @type {Format} */ ("csv"));
  const [of, setOf] = useState("");
  const [isHeldOut, setHeldOut] = useState(page.state.scales.held_out === "on");
  const [news, setNews] = useState("");
  const [isBusy, setIsBusy] = useState(false);
  const shown = runs.filter(({ id, errors }) => errors.length === 0 && (of === "" || id === of));
  const save = async () => {
    setIsBusy(true);
    setNews(t("controls.save.data.waiting"));
    try {
      const asked = { runs: shown.map(({ request }) => request), format, held_out: isHeldOut };
      const file = await api.exported(asked);
      const isOne = shown.length === 1;
      const name = nameOf(page, isOne ? [shown[0].label] : [], isOne ? SUFFIXES[format] : "zip");
      handOut(file, name);
      setNews(t("controls.save.saved", { name }));
    } catch (error) {
      setNews(tellTrouble(error, { t, say }));
    }
    setIsBusy(false);
  };
  return html`
    <p class="save-lead">${t("controls.save.data.lead")}</p>
    <div class="save-fields">
      <${SelectField}
        id="save-runs"
        label=${t("controls.save.data.runs")}
        value=${of}
        options=${[
          { value: "", label: t("controls.save.data.all") },
          ...runs.map(({ id, label }) => ({ value: id, label })),
        ]}
        onChange=${setOf}
      />
      <${SelectField}
        id="save-format"
        label=${t("controls.save.data.format")}
        value=${format}
        options=${Object.keys(SUFFIXES).map((value) => ({ value, label: t(`controls.save.data.formats.${value}`) }))}
        onChange=${(/** @type {Format} */ next) => setFormat(next)}
      />
    </div>
    <${ToggleField}
      id="save-held-out"
      label=${t("controls.save.data.heldOut")}
      checked=${isHeldOut}
      onChange=${setHeldOut}
    />
    <div class="save-acts">
      <button
        type="button"
        class="button"
        disabled=${shown.length === 0}
        aria-disabled=${isBusy ? "true" : undefined}
        onClick=${() => isBusy || void save()}
      >
        <${Icon} name="download" />${t("controls.save.data.save")}
      </button>
    </div>
    <p class="save-news" role="status">${news}</p>
  `;
}
