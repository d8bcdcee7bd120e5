// The arrows of the page: main → session → controls, views, saving, player, api → state, store, history, jsonl.
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../static/js/", import.meta.url));
const VENDOR = fileURLToPath(new URL("../../static/vendor/", import.meta.url));

/** Who may import whom: a module imports from its own layer or one below. What is named nowhere is at the bottom. */
const LAYERS = [["main"], ["session"], ["controls", "views", "saving", "player", "api"]];

/** Static imports, re-exports, bare imports and dynamic imports; also `import("…")` in JSDoc types. No address of a server. */
const IMPORT = /(?<!\/)\b(?:from|import)\s*\(?\s*["']([^"']+)["']/g;
const PLOTLY =
  /\b(?:window|globalThis|self)\s*(?:\.\s*|\[\s*["'])Plotly\b|(?<![\w.'"`])Plotly\s*\.\s*\w+\s*\(/;

const files = readdirSync(ROOT, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".js"))
  .sort();

/** What a folder holds. @param {string} folder below static/js */
const roomsOf = (folder) => [
  ...new Set(
    files.map((file) => file.split(path.sep)).flatMap(([first, room]) => (first === folder ? [room] : [])),
  ),
];

/** What the views share, the most common last. */
const SHARED = ["charts", "drawing", "types.js"];

/** The floors of a folder, from top to bottom. On one floor nobody sees into the rooms of the others. */
const FLOORS = {
  controls: [
    ["shell"],
    ["runs", "lessons", "offers", "tune", "loops"],
    ["kept", "problem", "schedule", "surface"],
    ["recipe", "saving"],
    ["parts"],
  ],
  views: [
    ["registry.js"],
    roomsOf("views").filter((room) => !["registry.js", ...SHARED].includes(room)),
    ...SHARED.map((room) => [room]),
  ],
};

/** @param {string} file a path below static/js */
const source = (file) => readFileSync(path.join(ROOT, file), "utf8");

/** @param {string} file a path below static/js; 0 is the top layer */
function layer(file) {
  const part = file.split(path.sep)[0].replace(/\.js$/, "");
  const found = LAYERS.findIndex((names) => names.includes(part));
  return found === -1 ? LAYERS.length : found;
}

/** Whether a room of the page may see another one. @param {string} file @param {string} target below static/js */
function mayEnter(file, target) {
  const [folder, room] = file.split(path.sep);
  const [other, entered] = target.split(path.sep);
  if (["controls", "saving"].includes(folder) && other === "views")
    return ["registry.js", ...SHARED].includes(entered);
  if (folder !== other || !(folder in FLOORS) || room === entered) return true;
  const floor = (/** @type {string} */ name) => FLOORS[folder].findIndex((rooms) => rooms.includes(name));
  return floor(room) < floor(entered);
}

/** @param {string} file a path below static/js */
const imports = (file) => [...source(file).matchAll(IMPORT)].map((match) => match[1]);

test("The page has modules to check.", () => {
  assert.ok(files.includes("main.js"));
});

for (const file of files) {
  test(`${file} imports files of ours that exist, and none from a layer above.`, () => {
    for (const specifier of imports(file)) {
      assert.match(
        specifier,
        /^\.{1,2}\//,
        `${specifier}: a browser finds only relative paths without a bundler`,
      );
      const target = path.resolve(ROOT, path.dirname(file), specifier);
      assert.ok(existsSync(target), `${specifier} does not exist`);
      if (target.startsWith(VENDOR)) continue;
      const inside = path.relative(ROOT, target);
      assert.ok(!inside.startsWith(".."), `${specifier} leaves static/js`);
      assert.ok(layer(inside) >= layer(file), `${file} may not import ${inside}`);
      assert.ok(mayEnter(file, inside), `${file} may not look into ${inside}`);
    }
  });
}

test("Every folder of the controls has its floor.", () => {
  assert.deepEqual(FLOORS.controls.flat().sort(), roomsOf("controls").sort());
});

test("Only views/drawing/plotly.js touches window.Plotly.", () => {
  const touching = files.filter((file) => PLOTLY.test(source(file)));
  assert.deepEqual(touching, [path.join("views", "drawing", "plotly.js")]);
});

test("No module is longer than one can read in one go.", () => {
  const LONGEST = 400;
  const long = files.filter((file) => source(file).split("\n").length - 1 > LONGEST);
  assert.deepEqual(long, []);
});
