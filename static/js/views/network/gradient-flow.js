/**
 * The way of the gradient beneath a network of which something is frozen: from the loss through every layer to the first
 * one that trains, with its size at each layer that has one.
 */

import { isHeldKind, layerKind, stepOf } from "../drawing/frozen.js";
import { setAttributes, setText, svg } from "../drawing/dom.js";
import { formatReading } from "../drawing/numbers.js";
import { layerGradientNorm } from "./freeze-notes.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./network-figure.js").LayerBox} LayerBox
 * @typedef {import("../types.js").Context} Context
 *
 * @typedef {object} Stretch  of the way, through one layer
 * @property {SVGGElement} arrow
 * @property {SVGTextElement} text
 */

const THINNEST = 1;
const WIDEST = 4.5;
/** Between the arrows of two layers, in pixels. */
const GAP = 5;
/** From the arrows to the words beneath, in pixels. */
const BENEATH = 13;

export class GradientFlow {
  #ctx;
  /** @type {Stretch[]} */
  #stretches;

  /**
   * @param {LayerBox[]} layers
   * @param {number} y
   * @param {Context} ctx
   */
  constructor(layers, y, ctx) {
    this.#ctx = ctx;
    this.#stretches = layers.map(({ left, right }) => ({
      arrow: svg(
        "g",
        { class: "network-flow" },
        svg("line", { x1: right - GAP, y1: y, x2: left + GAP + 6, y2: y }),
        svg("path", { d: `M${left + GAP} ${y}l7 -4v8z` }),
      ),
      text: svg("text", { class: "network-none", x: (left + right) / 2, y: y + BENEATH }),
    }));
    this.element = svg("g", {}, ...this.#stretches.flatMap(({ arrow, text }) => [arrow, text]));
  }

  /**
   * @param {History} history
   * @param {number} record
   */
  show(history, record) {
    const kinds = history.layers.map((layer) => layerKind(history, layer, record));
    const isPlain = kinds.every((kind) => kind === "trains");
    const k = stepOf(history, record);
    const norms = history.layers.map(({ parameters }, i) =>
      isHeldKind(kinds[i]) || k > history.last ? null : layerGradientNorm(history, parameters, k),
    );
    const largest = Math.max(...norms.map((norm) => norm ?? 0)) || 1;
    this.#stretches.forEach(({ arrow, text }, i) => {
      const kind = kinds[i];
      const carried = norms.slice(0, i + 1).reduce((before, norm) => norm ?? before, null);
      arrow.style.display = isPlain || carried === null ? "none" : "";
      arrow.style.strokeWidth = (THINNEST + ((WIDEST - THINNEST) * (carried ?? 0)) / largest).toFixed(2);
      setAttributes(arrow, { "data-kind": isHeldKind(kind) ? "through" : "in" });
      setAttributes(text, { "data-kind": kind });
      setText(text, isPlain ? "" : this.#say(history, i, kind, k, norms[i]));
    });
  }

  /**
   * @param {History} history
   * @param {number} i  of the layer
   * @param {import("../drawing/frozen.js").Kind} kind
   * @param {number} k
   * @param {number | null} norm
   */
  #say(history, i, kind, k, norm) {
    const { t } = this.#ctx;
    if (norm !== null && kind !== "thaws") return `.grad ${formatReading(norm)}`;
    const hasGrad = history.layers[i].parameters.some((name) => history.grad(name, k) !== null);
    const said = kind === "frozen" && hasGrad ? "kept" : kind;
    return said === "trains" ? "" : t(`views.freeze.state.${said}`);
  }
}
