/**
 * The pieces of a schedule over the time of the run: beside each other where they follow each other, beneath each other
 * where they act at once. Their borders can be moved.
 */

import { html } from "../../../vendor/preact/htm-preact.js";
import { actOf, reachOf } from "../../keys.js";
import { isSequence, milestoneBounds, nameOf } from "../../state/schedule.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/schedule.js").Path} Path
 * @typedef {import("../../state/schedule.js").Piece} Piece
 *
 * @typedef {object} StripProps
 * @property {Piece} piece
 * @property {[number, number]} span  the epochs that the box around it shows
 * @property {Path} selected
 * @property {(path: Path) => void} onSelect
 * @property {(path: Path, index: number, milestone: number) => void} onMilestone
 * @property {(path: Path) => boolean} isWrong
 */

/** @param {StripProps} props */
export function ScheduleStrip(props) {
  return html`<div class="strip"><${Part} ...${props} /></div>`;
}

/** @param {StripProps} props */
function Part(props) {
  const { piece } = props;
  if (piece.parts.length === 0) return html`<${Leaf} ...${props} />`;
  return isSequence(piece.schedule) ? html`<${Sequence} ...${props} />` : html`<${Chain} ...${props} />`;
}

/** @param {StripProps} props */
function Leaf({ piece, span, selected, onSelect, isWrong }) {
  const { t } = usePage();
  const { name } = piece.schedule;
  const isSelected = piece.path.join() === selected.join();
  const [start, end] = [piece.start - span[0] + 1, Math.max(piece.start, piece.end) - span[0]];
  const kinds = ["strip-piece", isSelected && "is-selected", isWrong(piece.path) && "is-wrong"];
  return html`<button
    type="button"
    class=${kinds.filter(Boolean).join(" ")}
    aria-pressed=${String(isSelected)}
    data-hint=${t("controls.schedule.piece", { name, start, end })}
    onClick=${() => onSelect(piece.path)}
  >
    <span class="strip-name">${name}</span><span class="strip-length">${end - start + 1}</span>
  </button>`;
}

/** @param {StripProps} props */
function Chain(props) {
  return html`<div class="strip-chain" role="group" aria-label=${nameOf(props.piece.schedule)}>
    ${props.piece.parts.map((part) => html`<${Part} key=${part.path.join()} ...${props} piece=${part} />`)}
  </div>`;
}

/** @param {StripProps} props */
function Sequence(props) {
  const { piece, span } = props;
  const shown = piece.parts.filter(({ start }) => start < span[1]);
  return html`<div class="strip-sequence" role="group" aria-label=${nameOf(piece.schedule)}>
    ${shown.map((part) => {
      const end = Math.min(part.end, span[1]);
      return html`<div
        key=${part.path.join()}
        class="strip-slot"
        style=${{ left: percent(part.start, span), width: percent(end - part.start + span[0], span) }}
      >
        <${Part} ...${props} piece=${part} span=${[part.start, end]} />
      </div>`;
    })}
    ${shown
      .filter(({ end }, index) => end < span[1] && index < piece.parts.length - 1)
      .map((part, index) => html`<${Border} key=${index} ...${props} index=${index} at=${part.end} />`)}
  </div>`;
}

/**
 * @param {number} epoch
 * @param {[number, number]} span
 */
function percent(epoch, [from, to]) {
  return `${(100 * (epoch - from)) / Math.max(1, to - from)}%`;
}

/**
 * The border between two pieces.
 *
 * @param {StripProps & {index: number, at: number}} props  at: in epochs of the run
 */
function Border({ piece, span, index, at, onMilestone }) {
  const { t } = usePage();
  const [low, most] = milestoneBounds(piece.schedule, index);
  const high = Math.min(most, span[1] - piece.start);
  const milestone = at - piece.start;
  /** @param {number} to  epochs since the sequence began */
  const move = (to) => onMilestone(piece.path, index, Math.max(low, Math.min(high, to)));
  /** @param {any} event */
  const onPointerDown = (event) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    event.preventDefault();
    event.currentTarget.focus();
  };
  /** @param {any} event */
  const onPointerMove = ({ currentTarget, pointerId, clientX }) => {
    if (!currentTarget.hasPointerCapture(pointerId)) return;
    const { left, width } = currentTarget.parentElement.getBoundingClientRect();
    move(Math.round(span[0] + ((clientX - left) / width) * (span[1] - span[0]) - piece.start));
  };
  /** @param {any} event */
  const onKeyDown = (event) => {
    const by = reachOf(event);
    const act = actOf("borders", event);
    if (act === null) return;
    /** @type {Record<string, number>} */
    const targets = { back: milestone - by, forward: milestone + by, first: low, last: high };
    event.preventDefault();
    move(targets[act]);
  };
  return html`<div
    class="strip-border"
    role="slider"
    tabindex="0"
    aria-label=${t("controls.schedule.border", { name: nameOf(piece.parts[index].schedule) })}
    aria-valuemin=${low}
    aria-valuemax=${high}
    aria-valuenow=${milestone}
    style=${{ left: percent(at, span) }}
    onPointerDown=${onPointerDown}
    onPointerMove=${onPointerMove}
    onKeyDown=${onKeyDown}
  ></div>`;
}
