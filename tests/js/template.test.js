import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";

const ROOT = new URL("../../static/js/", import.meta.url);
const template = readFileSync(new URL("../../templates/index.html", import.meta.url), "utf8");

test("Every file of ours that the page names exists.", () => {
  const paths = [...template.matchAll(/(?:src|href)="\{\{ static \}\}\/([^"{]+)"/g)].map(([, path]) => path);
  assert.ok(paths.length > 1);
  for (const path of paths) assert.ok(existsSync(new URL(`../${path}`, ROOT)), path);
});

test("The page has no script or style within it, which its Content-Security-Policy would refuse.", () => {
  assert.doesNotMatch(template, /<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=/);
});
