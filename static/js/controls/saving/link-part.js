/** The address of exactly this, to copy, and as a QR code. */

import { html, useState } from "../../../vendor/preact/htm-preact.js";
import { encodeQR } from "../../../vendor/qr/qr.js";
import { copyText, handOut } from "../../saving/hand-out.js";
import { pathOfCode } from "../../saving/qr.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { isInLink } from "../../state/points/link.js";
import { nameOf } from "./save-words.js";

/** What must stay free around a code. */
const BORDER = 4;
const LOOPBACK = /^(localhost|127\.|\[::1\])/;

export function LinkPart() {
  const page = usePage();
  const { t, state } = page;
  const { points } = state;
  const [address] = useState(page.link);
  const [news, setNews] = useState("");
  const rows = codeOf(address);
  const copy = async () => {
    const isCopied = await copyText(address);
    setNews(t(`shell.${isCopied ? "shared" : "shareFailed"}`));
  };
  const svg = (/** @type {boolean[][]} */ code) => {
    const size = `viewBox="0 0 ${code.length} ${code.length}" width="${4 * code.length}" height="${4 * code.length}"`;
    const ground = `<rect width="100%" height="100%" fill="#fff"/>`;
    return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${ground}<path d="${pathOfCode(code)}"/></svg>\n`;
  };
  const save = (/** @type {boolean[][]} */ code) => {
    const name = nameOf(page, ["link"], "svg");
    handOut(new Blob([svg(code)], { type: "image/svg+xml" }), name);
    setNews(t("controls.save.saved", { name }));
  };
  return html`
    <p class="save-lead">${t("controls.save.link.lead")}</p>
    <textarea
      class="save-address code"
      readonly
      rows="3"
      aria-label=${t("controls.save.link.address")}
      value=${address}
    />
    ${points !== null && !isInLink(points) && html`<p class="save-lead">${t("controls.points.notInLink")}</p>`}
    ${LOOPBACK.test(location.host) && html`<p class="save-lead">${t("controls.save.link.loopback")}</p>`}
    ${
      rows === null
        ? html`<p class="save-lead">${t("controls.save.link.tooLong")}</p>`
        : html`<svg
            class="save-code"
            viewBox=${`0 0 ${rows.length} ${rows.length}`}
            role="img"
            aria-label=${t("controls.save.link.code")}
          >
            <path d=${pathOfCode(rows)} />
          </svg>`
    }
    <div class="save-acts">
      <button type="button" class="button" onClick=${() => void copy()}>
        <${Icon} name="copy" />${t("controls.save.link.copy")}
      </button>
      ${
        rows !== null &&
        html`<button type="button" class="button" onClick=${() => save(rows)}>
          <${Icon} name="download" />${t("controls.save.link.save")}
        </button>`
      }
    </div>
    <p class="save-news" role="status">${news}</p>
  `;
}

/**
 * @param {string} address
 * @returns {boolean[][] | null}  null: no code holds as much
 */
function codeOf(address) {
  try {
    return encodeQR(address, "raw", { ecc: "low", border: BORDER });
  } catch {
    return null;
  }
}
