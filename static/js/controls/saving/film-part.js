/** The animation as a file: of what, how large, how fast, from which step to which; with its progress, and a way to stop it. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { KINDS, MOST_FRAMES, RATES, SIZES, countOf, speedFor } from "../../saving/film-plan.js";
import { codecFor, makeFilm } from "../../saving/film.js";
import { handOut } from "../../saving/hand-out.js";
import { SCENES } from "../../saving/stage.js";
import { formatNumber, formatTick } from "../../views/drawing/numbers.js";
import { SelectField } from "../parts/field.js";
import { Icon } from "../parts/icons.js";
import { PlainNumber } from "../parts/number-field.js";
import { usePage } from "../parts/page.js";
import { captionOf, nameOf } from "./save-words.js";

/**
 * @typedef {import("../../saving/film-plan.js").Kind} Kind
 * @typedef {import("../../saving/stage.js").Scene} Scene
 * @typedef {import("../../saving/codecs.js").Codec} Codec
 *
 * @typedef {object} Choice
 * @property {Kind} kind
 * @property {Scene} scene
 * @property {number} size  an index of `SIZES`
 * @property {number} rate
 * @property {number} speed
 * @property {number} first
 * @property {number} last
 */

/** What a GIF is best at: every browser and every chat shows it, and it grows with its pixels. */
const GIF_SIZE = 1;
const MEGABYTE = 1e6;

export function FilmPart() {
  const page = usePage();
  const { t, runs } = page;
  const last = Math.max(0, ...runs.map(({ history }) => history?.last ?? 0));
  const [choice, setChoice] = useState(
    () =>
      /** @type {Choice} */ ({
        ...{ kind: "mp4", scene: "surface", size: 0, rate: RATES.mp4[0] },
        ...{ speed: speedFor(last), first: 0, last },
      }),
  );
  const codecs = useCodecs(SIZES[choice.size]);
  const making = useMaking();
  const acts = useFocus(making.progress !== null);
  const isPoint = page.problem.kind === "function";
  const scenes = /** @type {Scene[]} */ (Object.keys(SCENES)).filter(
    (scene) => !isPoint || scene !== "network",
  );
  const change = (/** @type {Partial<Choice>} */ part) => setChoice((now) => ({ ...now, ...part }));
  /** @param {Kind} kind */
  const choose = (kind) =>
    change({ kind, rate: RATES[kind][0], ...(kind === "gif" && choice.size === 0 && { size: GIF_SIZE }) });
  const count = countOf(choice);
  const codec = choice.kind === "gif" ? null : codecs[choice.kind];
  const trouble = troubleOf(choice, count, codec, t);
  const make = () => {
    const size = SIZES[choice.size];
    const name = nameOf(page, [choice.scene, choice.first, choice.last, size.join("x")], choice.kind);
    const title = t(`controls.save.film.scenes.${choice.scene}`);
    const captionAt = (/** @type {number} */ step) => captionOf(page, step, title);
    const film = { kind: choice.kind, scene: choice.scene, size, plan: choice, captionAt };
    void making.run(async (/** @type {import("../../saving/film.js").Making} */ how) => {
      const file = await makeFilm(film, page.shown(), how);
      handOut(file, name);
      return t("controls.save.film.done", { name, size: formatNumber(file.size / MEGABYTE, 3), count });
    });
  };
  const select = (
    /** @type {string} */ id,
    /** @type {any} */ value,
    /** @type {any[]} */ options,
    /** @type {any} */ onChange,
  ) =>
    html`<${SelectField}
      id=${`film-${id}`}
      label=${t(`controls.save.film.${id}`)}
      value=${String(value)}
      options=${options.map(({ value: one, label }) => ({ value: String(one), label }))}
      onChange=${onChange}
    />`;
  const number = (
    /** @type {"speed" | "first" | "last"} */ id,
    /** @type {{minimum: number, maximum: number}} */ bounds,
  ) =>
    html`<${PlainNumber}
      id=${`film-${id}`}
      label=${t(`controls.save.film.${id}`)}
      value=${choice[id]}
      bounds=${bounds}
      whole=${id !== "speed"}
      onChange=${(/** @type {number} */ value) => change({ [id]: value })}
    />`;
  return html`
    <div class="switch" role="group" aria-label=${t("controls.save.film.kind")}>
      ${KINDS.map(
        (kind) =>
          html`<button
            key=${kind}
            type="button"
            aria-pressed=${String(kind === choice.kind)}
            onClick=${() => choose(kind)}
          >
            ${t(`controls.save.film.kinds.${kind}`)}
          </button>`,
      )}
    </div>
    <div class="save-fields">
      ${select(
        "scene",
        choice.scene,
        scenes.map((scene) => ({ value: scene, label: t(`controls.save.film.scenes.${scene}`) })),
        (/** @type {Scene} */ scene) => change({ scene }),
      )}
      ${select(
        "size",
        choice.size,
        SIZES.map(([width, height], value) => ({ value, label: `${width} × ${height}` })),
        (/** @type {string} */ size) => change({ size: Number(size) }),
      )}
      ${select(
        "rate",
        choice.rate,
        RATES[choice.kind].map((value) => ({ value, label: formatTick(Number(value.toPrecision(3))) })),
        (/** @type {string} */ rate) => change({ rate: Number(rate) }),
      )}
      ${number("speed", { minimum: 0.1, maximum: 100_000 })}
      ${number("first", { minimum: 0, maximum: Math.max(0, choice.last) })}
      ${number("last", { minimum: choice.first, maximum: last })}
    </div>
    <p class="save-lead">
      ${t("controls.save.film.length", { seconds: formatTick(Number((count / choice.rate).toPrecision(3))), count })}
      ${" "}${codec != null && t(`controls.save.film.${codec.isSharp ? "sharp" : "soft"}`, { codec: codec.title })}
      ${choice.kind === "gif" && t("controls.save.film.gif")}
    </p>
    ${trouble !== null && html`<p class="field-error" role="alert">${trouble}</p>`}
    ${
      making.progress === null
        ? html`<div ref=${acts} class="save-acts">
            <button
              type="button"
              class="button"
              disabled=${trouble !== null || codec === undefined}
              onClick=${make}
            >
              <${Icon} name="download" />${t("controls.save.film.make")}
            </button>
          </div>`
        : html`<div ref=${acts} class="save-progress">
            <progress
              max=${making.progress.whole}
              value=${making.progress.done}
              aria-label=${t("controls.save.film.progress")}
            />
            <span>${t("controls.save.film.pictures", making.progress)}</span>
            <button type="button" class="button" onClick=${making.cancel}>
              ${t("controls.dialog.cancel")}
            </button>
          </div>`
    }
    <p class="save-news" role="status">${making.news}</p>
  `;
}

/**
 * @param {Choice} choice
 * @param {number} count
 * @param {Codec | null | undefined} codec  undefined: it is being asked for
 * @param {import("../parts/page.js").Page["t"]} t
 * @returns {string | null}
 */
function troubleOf({ kind, first, last }, count, codec, t) {
  if (!(last >= first)) return t("controls.save.film.noRange");
  if (count > MOST_FRAMES) return t("controls.save.film.tooLong", { count, most: MOST_FRAMES });
  if (kind !== "gif" && codec === null)
    return t(`controls.save.film.${isSecureContext ? "noCodec" : "insecure"}`);
  return null;
}

/**
 * What this browser can write at a size.
 *
 * @param {readonly [number, number]} size
 * @returns {Record<"mp4" | "webm", Codec | null | undefined>}
 */
function useCodecs(size) {
  const [found, setFound] = useState(/** @type {Record<"mp4" | "webm", Codec | null | undefined>} */ ({ mp4: undefined, webm: undefined })); // prettier-ignore
  useEffect(() => {
    let isGone = false;
    void Promise.all([codecFor("mp4", size), codecFor("webm", size)]).then(([mp4, webm]) => {
      if (!isGone) setFound({ mp4, webm });
    });
    return () => {
      isGone = true;
    };
  }, [size]);
  return found;
}

/**
 * One button takes the place of another, and the focus that it had.
 *
 * @param {boolean} isOther  which of the two it is
 * @returns {{current: HTMLElement | null}}  what the button is in
 */
function useFocus(isOther) {
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    if (document.activeElement === document.body) element.current?.querySelector("button")?.focus();
  }, [isOther]);
  return element;
}

/** What is being made, how far it is, and what there is to say once it is over. It ends with the dialog. */
function useMaking() {
  const { t } = usePage();
  const [progress, setProgress] = useState(/** @type {{done: number, whole: number} | null} */ (null));
  const [news, setNews] = useState("");
  const abort = useRef(/** @type {AbortController | null} */ (null));
  useEffect(() => () => abort.current?.abort(), []);
  /** @param {(making: import("../../saving/film.js").Making) => Promise<string>} make */
  const run = async (make) => {
    const controller = new AbortController();
    abort.current = controller;
    const { signal } = controller;
    setNews("");
    setProgress({ done: 0, whole: 1 });
    try {
      setNews(await make({ signal, onProgress: (done, whole) => setProgress({ done, whole }) }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setNews(
        signal.aborted ? t("controls.save.film.cancelled") : t("controls.save.film.failed", { reason }),
      );
    }
    setProgress(null);
  };
  return { progress, news, run, cancel: () => abort.current?.abort() };
}
