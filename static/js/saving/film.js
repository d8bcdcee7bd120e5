/** The animation as a file: every picture is drawn, kept and counted, however long that takes. */

import { readTheme } from "../views/drawing/theme.js";
import { CODECS } from "./codecs.js";
import { stepsOf } from "./film-plan.js";
import { GifWriter } from "./gif.js";
import { mp4Of } from "./mp4.js";
import { paletteOf } from "./palette.js";
import { channelsOf } from "./colors.js";
import { AIR, measurer, paintCaption } from "./picture.js";
import { layOut } from "./caption.js";
import { paintElement } from "./paint.js";
import { FilmError, openStage } from "./stage.js";
import { webmOf } from "./webm.js";

/**
 * @typedef {import("./caption.js").Caption} Caption
 * @typedef {import("./codecs.js").Codec} Codec
 * @typedef {import("./film-plan.js").Kind} Kind
 *
 * @typedef {object} Film
 * @property {Kind} kind
 * @property {import("./stage.js").Scene} scene
 * @property {readonly [number, number]} size  in pixels
 * @property {import("./film-plan.js").Plan} plan
 * @property {(step: number) => Caption} captionAt
 *
 * @typedef {object} Making
 * @property {AbortSignal} signal
 * @property {(done: number, whole: number) => void} onProgress  pictures
 */

/** What is wider is laid out as if it were no wider, and drawn larger: a film is looked at from further away. */
const WIDEST = 960;
/** A picture that can be jumped to comes once in so many seconds. */
const KEY_EVERY = 2;
/** Bits a pixel and picture: what is drawn is mostly still. */
const BITS = 0.12;
const QUEUE = 4;
/** Of how many pictures the palette of a GIF is made. */
const LOOKED_AT = 12;

/**
 * The first codec of a kind of file that this browser can write.
 *
 * @param {"mp4" | "webm"} kind
 * @param {readonly [number, number]} size
 * @returns {Promise<Codec | null>}  null: none; films are written in a secure context only
 */
export async function codecFor(kind, size) {
  if (typeof VideoEncoder === "undefined") return null;
  for (const codec of CODECS[kind]) {
    const answer = await VideoEncoder.isConfigSupported(configOf(codec, size, 30)).catch(() => null);
    if (answer?.supported === true) return codec;
  }
  return null;
}

/**
 * @param {Codec} codec
 * @param {readonly [number, number]} size
 * @param {number} rate
 * @returns {VideoEncoderConfig}
 */
function configOf({ name }, [width, height], rate) {
  return {
    codec: name,
    width,
    height,
    framerate: rate,
    bitrate: Math.round(width * height * rate * BITS),
    latencyMode: "quality",
    ...(name.startsWith("avc1") && { avc: { format: "avc" } }),
  };
}

/**
 * @param {Film} film
 * @param {{context: import("../views/types.js").Context, data: import("../views/types.js").Data}} page
 * @param {Making} making
 * @returns {Promise<Blob>}
 */
export async function makeFilm(film, page, making) {
  const { size, scene, plan } = film;
  const ratio = Math.max(1, size[0] / WIDEST);
  const [width, height] = size.map((side) => side / ratio);
  const theme = readTheme(document.documentElement);
  const foot = layOut(film.captionAt(plan.last), width - 2 * AIR, measurer(theme)).height + 2 * AIR;
  const stage = await openStage(scene, { width, height: height - foot }, page, making.signal);
  try {
    const canvas = Object.assign(document.createElement("canvas"), { width: size[0], height: size[1] });
    const context = /** @type {CanvasRenderingContext2D} */ (
      canvas.getContext("2d", { willReadFrequently: true })
    );
    const { left, top } = stage.element.getBoundingClientRect();
    const draw = (/** @type {number} */ step) => {
      stage.show(step);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.fillStyle = theme.panel;
      context.fillRect(0, 0, width, height);
      context.save();
      context.translate(-left, -top);
      paintElement(context, stage.element, { withControls: false });
      context.restore();
      context.save();
      context.translate(AIR, height - foot + AIR / 2);
      paintCaption(context, film.captionAt(step), theme, width - 2 * AIR);
      context.restore();
    };
    const pictures = { canvas, context, draw, steps: stepsOf(plan) };
    if (film.kind === "gif") return await writeGif(film, pictures, making, colorsOf(page.data, theme));
    return await encode(film, film.kind, pictures, making);
  } finally {
    stage.close();
  }
}

/**
 * @typedef {object} Pictures
 * @property {HTMLCanvasElement} canvas
 * @property {CanvasRenderingContext2D} context
 * @property {(step: number) => void} draw
 * @property {number[]} steps  of each picture
 */

/**
 * Colours that lines are told apart by.
 *
 * @param {import("../views/types.js").Data} data
 * @param {import("../views/drawing/theme.js").Theme} theme
 * @returns {[number, number, number][]}
 */
function colorsOf({ runs }, { panel, text, halo, positive, negative }) {
  const colors = [...runs.map(({ color }) => color), panel, text, halo, positive, negative];
  const exact = new Map(colors.map((color) => [color, channelsOf(color).slice(0, 3)]));
  return /** @type {[number, number, number][]} */ ([...exact.values()]);
}

/**
 * @param {Film} film
 * @param {Pictures} pictures
 * @param {Making} making
 * @param {[number, number, number][]} exact
 */
async function writeGif(
  { size: [width, height], plan },
  { context, draw, steps },
  { signal, onProgress },
  exact,
) {
  const look = () => context.getImageData(0, 0, width, height).data;
  const some = Array.from({ length: LOOKED_AT }, (_, i) =>
    Math.round((i * (steps.length - 1)) / (LOOKED_AT - 1)),
  );
  const seen = [];
  for (const i of some) {
    draw(steps[i]);
    seen.push(look());
    await turn(signal);
  }
  const writer = new GifWriter({ width, height }, paletteOf(seen, exact));
  const hundredths = Math.round(100 / plan.rate);
  for (const [i, step] of steps.entries()) {
    draw(step);
    writer.add({ pixels: look(), hundredths });
    onProgress(i + 1, steps.length);
    await turn(signal);
  }
  return writer.finish();
}

/**
 * @param {Film} film
 * @param {"mp4" | "webm"} kind
 * @param {Pictures} pictures
 * @param {Making} making
 */
async function encode({ size, plan: { rate } }, kind, { canvas, draw, steps }, { signal, onProgress }) {
  const codec = await codecFor(kind, size);
  if (codec === null) throw new FilmError("noCodec");
  /** @type {import("./webm.js").Chunk[]} */
  const chunks = [];
  /** @type {VideoDecoderConfig | null} */
  let told = null;
  /** @type {DOMException | null} */
  let trouble = null;
  const encoder = new VideoEncoder({
    output(chunk, metadata) {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      chunks.push({ bytes, isKey: chunk.type === "key" });
      told = metadata?.decoderConfig ?? told;
      onProgress(chunks.length, steps.length);
    },
    error(error) {
      trouble = error;
    },
  });
  try {
    encoder.configure(configOf(codec, size, rate));
    for (const [i, step] of steps.entries()) {
      draw(step);
      const [timestamp, duration] = [i, 1].map((count) => Math.round((1e6 * count) / rate));
      const frame = new VideoFrame(canvas, { timestamp, duration });
      encoder.encode(frame, { keyFrame: i % Math.round(KEY_EVERY * rate) === 0 });
      frame.close();
      await turn(signal);
      while (encoder.encodeQueueSize > QUEUE && trouble === null) await turn(signal, 5);
      if (trouble !== null) throw trouble;
    }
    await encoder.flush();
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  if (chunks.length !== steps.length) throw new FilmError("dropped");
  const { description = null, colorSpace = null } = /** @type {VideoDecoderConfig} */ (told ?? {});
  const [width, height] = size;
  const track = {
    codec: codec.name,
    description: bytesOf(description),
    colorSpace,
    width,
    height,
    rate,
    chunks,
  };
  return kind === "mp4" ? mp4Of(track) : webmOf(track);
}

/** @param {AllowSharedBufferSource | null} source */
function bytesOf(source) {
  if (source === null) return null;
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  return Uint8Array.from(bytes);
}

/**
 * Leave the page a turn.
 *
 * @param {AbortSignal} signal
 * @param {number} [milliseconds]
 */
async function turn(signal, milliseconds = 0) {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  signal.throwIfAborted();
}
