/** The animation as a file: of what, how large, how fast, from which step to which; with its progress, and a way to stop it. */

import { html, useEffect, useLayoutEffect, useRef, useState } from "../../../vendor/preact/htm-preact.js";
import { KINDS, MOST_FRAMES, RATES, SIZES, countOf, speedFor } from "../../saving/film-plan.js";
import { codecFor, makeFilm } from "../../saving/film.js";
import { handOut } from "../../saving/hand-out.js";
import { FilmError } from "../../saving/stage.js";
import { formatNumber, formatTick } from "../../views/drawing/numbers.js";
import { Icon } from "../parts/icons.js";
import { usePage } from "../parts/page.js";
import { FilmFields } from "./film-fields.js";
import { captionOf, nameOf } from "./save-words.js";

/**
 * @typedef {import("../../saving/film-plan.js").Kind} Kind
 * @typedef {import("../../saving/codecs.js").Codec} Codec
 * @typedef {import("./film-fields.js").Choice} Choice
 */

/** The size that each kind begins with: every browser and every chat shows a GIF, and it grows with its pixels. */
const SIZE = { mp4: 0, webm: 0, gif: 1 };
const MEGABYTE = 1e6;

export function FilmPart() {
  const page = usePage();
  const { t, runs } = page;
  const last = Math.max(0, ...runs.map(({ history }) => history?.last ?? 0));
  const [choice, setChoice] = useState(
    () =>
      /** @type {Choice} */ ({
        ...{ kind: "mp4", scene: "surface", size: SIZE.mp4, rate: RATES.mp4[0] },
        ...{ speed: speedFor(last), first: 0, last },
      }),
  );
  const codecs = useCodecs(SIZES[choice.size]);
  const making = useMaking();
  const change = (/** @type {Partial<Choice>} */ part) => setChoice((now) => ({ ...now, ...part }));
  /** @param {Kind} kind */
  const choose = (kind) => {
    const isChosen = choice.size !== SIZE[choice.kind];
    change({ kind, rate: RATES[kind][0], size: isChosen ? choice.size : SIZE[kind] });
  };
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
    <${FilmFields} choice=${choice} last=${last} change=${change} />
    <p class="save-lead">
      ${t("controls.save.film.length", { seconds: formatTick(Number((count / choice.rate).toPrecision(3))), count })}
      ${" "}${codec != null && t(`controls.save.film.${codec.isSharp ? "sharp" : "soft"}`, { codec: codec.title })}
      ${choice.kind === "gif" && t("controls.save.film.gif")}
    </p>
    ${trouble !== null && html`<p class="field-error" role="alert">${trouble}</p>`}
    <${FilmActs} making=${making} isReady=${trouble === null && codec !== undefined} onMake=${make} />
    <p class="save-news" role="status">${making.news}</p>
  `;
}

/**
 * The button that begins; while a film is made, how far it is and the button that stops it.
 *
 * @param {object} props
 * @param {ReturnType<typeof useMaking>} props.making
 * @param {boolean} props.isReady
 * @param {() => void} props.onMake
 */
function FilmActs({ making: { progress, cancel }, isReady, onMake }) {
  const { t } = usePage();
  const element = useRef(/** @type {HTMLElement | null} */ (null));
  useLayoutEffect(() => {
    // one button has taken the place of the other, and takes its focus
    if (document.activeElement === document.body) element.current?.querySelector("button")?.focus();
  }, [progress !== null]);
  if (progress === null)
    return html`<div ref=${element} class="save-acts">
      <button type="button" class="button" disabled=${!isReady} onClick=${onMake}>
        <${Icon} name="download" />${t("controls.save.film.make")}
      </button>
    </div>`;
  return html`<div ref=${element} class="save-progress">
    <progress max=${progress.whole} value=${progress.done} aria-label=${t("controls.save.film.progress")} />
    <span>${t("controls.save.film.pictures", progress)}</span>
    <button type="button" class="button" onClick=${cancel}>${t("controls.dialog.cancel")}</button>
  </div>`;
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
      setNews(
        signal.aborted
          ? t("controls.save.film.cancelled")
          : t("controls.save.film.failed", { reason: reasonOf(error, t) }),
      );
    }
    setProgress(null);
  };
  return { progress, news, run, cancel: () => abort.current?.abort() };
}

/**
 * @param {unknown} error
 * @param {import("../parts/page.js").Page["t"]} t
 */
function reasonOf(error, t) {
  if (error instanceof FilmError) return t(`controls.save.film.why.${error.key}`);
  return error instanceof Error ? error.message : String(error);
}
