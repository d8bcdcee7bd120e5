import pytest

from optiscope.pages.modules import in_order, read_module
from optiscope.settings import asset_dir

STATIC = asset_dir("static")


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)


def paths(modules):
    return [module.path for module in modules]


def test_a_module_is_taken_apart(tmp_path):
    """What it takes and gives, by the names on both sides, and its text without them."""
    (tmp_path / "room").mkdir()
    write(
        tmp_path,
        m='import {\n  a,\n  b as c,\n} from "./room/x.js";\n/** @type {import("./y.js").Y} */\n'
        "export const d = 1;\nexport async function* e() {}\nexport class F {}\nconst g = 2;\n"
        "export { g as h };\n",
    )
    module = read_module(tmp_path, "m.js")
    assert module.imports == {"room/x.js": {"a": "a", "c": "b"}}
    assert module.exports == {"d": "d", "e": "e", "F": "F", "h": "g"}
    assert "export" not in module.body
    assert "\nconst d = 1;\nasync function* e() {}\nclass F {}\n" in module.body


def test_what_is_imported_later_is_found_by_its_path(tmp_path):
    """A dynamic import, but not a type in a comment."""
    (tmp_path / "a").mkdir()
    write(tmp_path / "a", m='/** @type {import("./t.js").T} */\nconst later = () => import("../b/c.js");\n')
    body = read_module(tmp_path, "a/m.js").importing_later(lambda path: f"load({path})")
    assert "() => load(b/c.js);" in body
    assert 'import("./t.js").T' in body


@pytest.mark.parametrize(
    "text",
    [
        'import "./b.js";',
        'import * as b from "./b.js";',
        'import b from "./b.js";',
        'export * from "./b.js";',
        "export default 1;",
        "export let a = 1;",
        "const a = import.meta.url;",
    ],
)
def test_what_cannot_be_packed_is_named(tmp_path, text):
    """Another way to import or export than by names is a mistake of ours, told when the page is made."""
    write(tmp_path, m=text)
    with pytest.raises(ValueError, match=r"m\.js must import and export by names"):
        read_module(tmp_path, "m.js")


def test_a_default_that_has_a_name_as_well_is_imported_by_it(tmp_path):
    """Packages of others often have both."""
    write(tmp_path, m="export function a() {}\nexport default a;\n")
    module = read_module(tmp_path, "m.js")
    assert (module.exports, module.body.split()) == ({"a": "a"}, ["function", "a()", "{}"])


def test_each_module_comes_once_and_after_what_it_imports(tmp_path):
    """However deep it lies; what is known already is left out."""
    write(
        tmp_path,
        main='import { a } from "./a.js";\nimport { b } from "./b.js";\n',
        a='import { c } from "./c.js";\nexport const a = c;\n',
        b='import { c } from "./c.js";\nexport const b = c;\n',
        c="export const c = 1;\n",
    )
    assert paths(in_order(tmp_path, ["main.js", "b.js"])) == ["c.js", "a.js", "b.js", "main.js"]
    assert paths(in_order(tmp_path, ["b.js"], known={"c.js"})) == ["b.js"]


def test_a_circle_is_named(tmp_path):
    """One module would be wanted before it is there."""
    write(tmp_path, a='import { b } from "./b.js";\n', b='import { a } from "./a.js";\n')
    with pytest.raises(ValueError, match=r"a\.js imports itself in a circle"):
        in_order(tmp_path, ["a.js"])


def test_a_module_that_is_not_there_is_named(tmp_path):
    """A wrong address is a mistake of ours, and is told when the page is made."""
    write(tmp_path, main='import { a } from "./missing.js";\n')
    with pytest.raises(FileNotFoundError, match=r"missing\.js"):
        in_order(tmp_path, ["main.js"])


def test_every_module_of_the_page_can_be_packed():
    """So that any of them may be moved into a pack."""
    modules = [path.relative_to(STATIC).as_posix() for path in (STATIC / "js").rglob("*.js")]
    assert len(modules) > 100
    for path in modules:
        read_module(STATIC, path)
