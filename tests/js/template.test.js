import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../static/js/", import.meta.url);
const template = readFileSync(new URL("../../templates/index.html", import.meta.url), "utf8");

/** Static imports only: what is imported when the page starts. */
const IMPORT = /^(?:import|export)\b[^;]*?\bfrom\s+"([^"]+)"/gm;

/** @param {URL} module @param {Set<string>} [seen] */
function graph(module, seen = new Set()) {
  if (seen.has(module.href)) return seen;
  seen.add(module.href);
  for (const [, specifier] of readFileSync(module, "utf8").matchAll(IMPORT))
    graph(new URL(specifier, module), seen);
  return seen;
}

test("Every module that the page starts with is preloaded, and no other.", () => {
  const preloaded = [...template.matchAll(/rel="modulepreload" href="\{\{ static \}\}\/([^"]+)"/g)].map(
    ([, path]) => path,
  );
  const needed = [...graph(new URL("main.js", ROOT))].map((href) =>
    href.slice(new URL("../", ROOT).href.length),
  );
  assert.deepEqual(preloaded, needed.filter((path) => path !== "js/main.js").sort());
});

test("Every file of ours that the page names exists.", () => {
  const paths = [...template.matchAll(/(?:src|href)="\{\{ static \}\}\/([^"]+)"/g)].map(([, path]) => path);
  assert.ok(paths.length > 5);
  for (const path of paths) assert.ok(existsSync(new URL(`../${path}`, ROOT)), path);
});

test("The page has no script or style within it, which its Content-Security-Policy would refuse.", () => {
  assert.doesNotMatch(template, /<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=/);
});
