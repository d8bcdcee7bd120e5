"""Every script of others that the page is sent with is named, in its version and with its hash."""

from hashlib import sha256

from scripts.sbom import ROOT, vendored

VENDOR = ROOT / "static" / "vendor"


def test_vendored_packages_are_components():
    """One for each folder; their hashes are those of files that are there."""
    components = list(vendored())
    assert [component["name"] for component in components] == [
        "plotly.js-cartesian-dist-min",
        "htm",
        "qr",
        "swagger-ui-dist",
    ]
    assert len(components) == len([folder for folder in VENDOR.iterdir() if folder.is_dir()])
    there = {sha256(path.read_bytes()).hexdigest() for path in VENDOR.rglob("*") if path.is_file()}
    named = [found["content"] for component in components for found in component["hashes"]]
    assert len(named) >= len(components)
    assert set(named) <= there
