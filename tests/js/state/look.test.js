import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { idOf, lookOf, slotOf } from "../../../static/js/state/look.js";
import { MARKER_SHAPES } from "../../../static/js/views/drawing/markers.js";

const SLOTS = [0, 1, 2, 3, 4, 5, 6, 7];
const tokens = readFileSync(new URL("../../../static/css/tokens.css", import.meta.url), "utf8");

/** @param {string} hex */
function luminance(hex) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} a @param {string} b */
function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

/** @param {string} name @returns {string[]} its value in the light and in the dark theme */
const values = (name) =>
  [...tokens.matchAll(new RegExp(`${name}: (#[0-9a-f]{6})`, "g"))].map(([, value]) => value);

test("Eight runs differ in colour, in dash and in marker, each by itself.", () => {
  const looks = SLOTS.map(lookOf);
  assert.equal(new Set(looks.map(({ color }) => color)).size, 8);
  assert.equal(new Set(looks.map(({ dash }) => dash.join())).size, 8);
  assert.equal(new Set(looks.map(({ marker }) => marker)).size, 8);
  assert.ok(looks.every(({ marker }) => MARKER_SHAPES.includes(marker)));
});

test("Every run's colour stands out from the panel in both themes, as text must.", () => {
  for (const { color } of SLOTS.map(lookOf)) {
    values(color).forEach((value, theme) => {
      assert.ok(contrast(value, values("--color-panel")[theme]) >= 4.5, `${color} ${value}`);
    });
    assert.equal(values(color).length, 2, color);
  }
});

test("Text and its background have the contrast that WCAG's AA asks for.", () => {
  for (const text of [
    "--color-text",
    "--color-text-muted",
    "--color-danger",
    "--color-warning",
    "--color-link",
  ]) {
    for (const background of ["--color-panel", "--color-page", "--color-inset"]) {
      values(text).forEach((value, theme) => {
        const ratio = contrast(value, values(background)[theme]);
        assert.ok(ratio >= 4.5, `${text} on ${background}: ${ratio.toFixed(2)}`);
      });
    }
  }
});

test("A run's name on the page says its slot.", () => {
  for (const slot of SLOTS) assert.equal(slotOf(idOf(slot)), slot);
});
