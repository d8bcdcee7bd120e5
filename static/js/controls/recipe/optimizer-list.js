/**
 * The list of optimizers: a combobox that looks for what is typed, with the listbox that it controls.
 */

import { html, useEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { actOf } from "../../keys.js";
import { keep, recallJson } from "../../state/kept.js";
import { shortName } from "../../state/labels.js";
import { groupsOf, linesOf, withRecent } from "../../state/optimizer-search.js";
import { usePage } from "../parts/page.js";

/**
 * @typedef {import("../../state/types.js").Choice} Choice
 * @typedef {import("../../state/optimizer-search.js").Line} Line
 * @typedef {import("../../state/optimizer-search.js").Group} Group
 */

/** How far Page Up and Page Down go. */
const PAGE = 8;

/**
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.value
 * @param {Choice[]} props.choices
 * @param {(name: string) => void} props.onChoose
 */
export function OptimizerList({ id, value, choices, onChoose }) {
  const { t, state } = usePage();
  const told = useTold();
  const lines = told && linesIn(told.optimizers, choices, t);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(/** @type {string | null} */ (null));
  const recent = useRef([...recentNames(), ...state.runs.map(({ optimizer }) => optimizer.name)]);
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const groups = lines === null ? [] : groupsOf(lines, query, [...new Set(recent.current)]);
  const offered = groups.flatMap((group) => group.lines);
  const at = offered.find(({ name }) => name === (active ?? (query === "" ? value : ""))) ?? offered[0];
  useEffect(() => input.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    list.current?.querySelector("[data-active]")?.scrollIntoView({ block: "nearest" });
  }, [at?.name, lines === null]);

  /** @param {Line | undefined} line */
  const choose = (line) => {
    if (line === undefined || !line.available) return;
    keep("optimizers", JSON.stringify(withRecent(recentNames(), line.name)));
    onChoose(line.name);
  };
  /** @param {KeyboardEvent} event */
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    const act = actOf("list", event);
    if (act === null) return;
    event.preventDefault();
    if (act === "take") return choose(at);
    const next = offered[placeAfter(act, offered.indexOf(at), offered.length)];
    if (next !== undefined) setActive(next.name);
  };
  const optionId = (/** @type {string} */ name) => `${id}-option-${name}`;
  return html`
    <input
      ref=${input}
      id=${`${id}-search`}
      class="input optimizer-search"
      type="text"
      role="combobox"
      aria-label=${t("controls.optimizers.search")}
      aria-autocomplete="list"
      aria-expanded="true"
      aria-controls=${`${id}-listbox`}
      aria-activedescendant=${at && optionId(at.name)}
      placeholder=${t("controls.optimizers.search")}
      autocomplete="off"
      spellcheck="false"
      enterkeyhint="done"
      value=${query}
      onInput=${(/** @type {any} */ event) => {
        setQuery(event.currentTarget.value);
        setActive(null);
      }}
      onKeyDown=${onKeyDown}
    />
    <p class="optimizer-count" role="status">
      ${lines !== null && t("controls.optimizers.count", { count: offered.length })}
    </p>
    <div
      ref=${list}
      id=${`${id}-listbox`}
      class="optimizer-list"
      role="listbox"
      aria-label=${t("controls.runs.optimizer")}
    >
      ${groups.map(
        (group) =>
          html`<div key=${group.id} role="group" aria-labelledby=${`${id}-group-${group.id}`}>
            <div id=${`${id}-group-${group.id}`} class="optimizer-group" role="presentation">
              ${t(`controls.optimizers.groups.${group.id}`)}
            </div>
            <${Family} about=${told?.families.find(({ idea }) => idea === group.id)} />
            ${group.lines.map(
              (line) =>
                html`<${Option}
                  key=${line.name}
                  id=${optionId(line.name)}
                  line=${line}
                  isActive=${line === at}
                  isChosen=${line.name === value}
                  onChoose=${() => choose(line)}
                />`,
            )}
          </div>`,
      )}
    </div>
  `;
}

/**
 * What the optimizers of a group have in common.
 *
 * @param {{about: import("../../wire.d.ts").Family | undefined}} props
 */
function Family({ about }) {
  const { say } = usePage();
  if (about === undefined) return null;
  return html`<p class="optimizer-family" role="presentation">${say(about)}</p>`;
}

/**
 * @param {object} props
 * @param {string} props.id
 * @param {Line} props.line
 * @param {boolean} props.isActive
 * @param {boolean} props.isChosen
 * @param {() => void} props.onChoose
 */
function Option({ id, line, isActive, isChosen, onChoose }) {
  const { say } = usePage();
  const { name, available, reason, summary, why } = line;
  return html`<div
    id=${id}
    class="optimizer-option"
    role="option"
    aria-selected=${String(isChosen)}
    aria-disabled=${available ? undefined : "true"}
    data-active=${isActive || undefined}
    data-name=${name}
    onClick=${onChoose}
  >
    <span class="optimizer-name">${shortName(name)}</span>
    ${line.package !== "torch" && html`<span class="optimizer-package code">${line.package}</span>`}
    <span class="optimizer-line">${available ? summary : why ? say(why) : reason}</span>
  </div>`;
}

/**
 * What the server tells of all optimizers, asked for once a page; null until it is here.
 *
 * @returns {Told | null}
 */
function useTold() {
  const { api, kept } = usePage();
  const [told, setTold] = useState(known);
  const bring = async () => {
    try {
      setTold((known = await api.optimizers()));
    } catch {
      kept.say({
        id: "view",
        kind: "trouble",
        key: "shell.notice.noView",
        action: { key: "shell.notice.retry", run: () => void bring() },
      });
    }
  };
  useEffect(() => {
    if (told === null) void bring();
  }, []);
  return told;
}

/**
 * @param {Told["optimizers"]} told
 * @param {Choice[]} choices
 * @param {import("../../languages/translator.js").Translator["t"]} t
 * @returns {Line[]}
 */
function linesIn(told, choices, t) {
  return linesOf(
    told,
    choices,
    (idea) => `${t(`controls.optimizers.groups.${idea}`)} ${t(`controls.optimizers.also.${idea}`)}`,
  );
}

/** @typedef {import("../../wire.d.ts").OptimizerList} Told */

/** @type {Told | null} */
let known = null;

/** @returns {string[]} */
function recentNames() {
  const names = recallJson("optimizers");
  return Array.isArray(names) ? names : [];
}

/**
 * @param {string} act  of a key
 * @param {number} at
 * @param {number} count
 * @returns {number}
 */
function placeAfter(act, at, count) {
  const within = (/** @type {number} */ place) => Math.min(Math.max(place, 0), count - 1);
  /** @type {Record<string, number>} */
  const places = {
    next: (at + 1) % count,
    previous: (at - 1 + count) % count,
    pageNext: within(at + PAGE),
    pagePrevious: within(at - PAGE),
    first: 0,
    last: count - 1,
  };
  return places[act];
}
