"""What is shipped: the wheel, the pinned environment and the container image's recipe."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import tomllib
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from optiscope import __version__

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
REQUIREMENTS = sorted(
    {*PROJECT["dependencies"], *(one for extra in PROJECT["optional-dependencies"].values() for one in extra)}
    - {"optiscope[test]"}
)
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^([\w.-]+)==(\S+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE
    )
}


def dockerfile() -> list[str]:
    """The instructions of the Dockerfile, each on one line, without comments."""
    text = re.sub(r"^\s*#.*\n", "", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [line.strip() for line in text.replace("\\\n", " ").splitlines() if line.strip()]


def arguments(instruction: str) -> list[list[str]]:
    """The words after each ``instruction`` of the Dockerfile, in order."""
    return [line.split()[1:] for line in dockerfile() if line.split()[0] == instruction]


def files_below(folder: str) -> set[str]:
    """The files of a folder of the checkout that belong to the project, as paths from the root."""
    return {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def build(kind: str, source: Path, folder: Path) -> Path:
    """The wheel or the sdist of a source tree, in ``folder``."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = folder.glob("*.tar.gz" if kind == "sdist" else "*.whl")
    return built


def contents(wheel: Path) -> dict[str, bytes]:
    """The files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel_file(tmp_path_factory):
    return build("wheel", ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(wheel_file):
    with zipfile.ZipFile(wheel_file) as archive:
        yield archive


@pytest.fixture(scope="module")
def sdist(tmp_path_factory):
    """An unpacked sdist."""
    folder = tmp_path_factory.mktemp("sdist")
    with tarfile.open(build("sdist", ROOT, folder)) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
        archive.extractall(folder)  # noqa: S202 - an archive that was just made here
    return folder / f"optiscope-{__version__}"


def test_the_wheel_holds_the_package_the_page_and_nothing_else(wheel):
    """Static files and templates lie inside the package, where the installed app finds them."""
    shipped = {name for name in wheel.namelist() if ".dist-info/" not in name}
    page = {f"optiscope/{name}" for folder in ("static", "templates") for name in files_below(folder)}
    assert page
    package = {name.replace("app/", "optiscope/", 1) for name in files_below("app")}
    assert shipped == package | page


def test_a_wheel_of_the_sdist_is_the_wheel_of_the_checkout(sdist, wheel_file, tmp_path):
    """File for file, byte for byte."""
    assert contents(build("wheel", sdist, tmp_path)) == contents(wheel_file)


def test_the_sdist_holds_the_package_once(sdist):
    """Under the name of its folder: neither the link nor a copy of what it points to is packed."""
    assert (sdist / "app" / "__init__.py").is_file()
    assert [path for path in sdist.rglob("*") if path.is_symlink() or path.name == "optiscope"] == []


def test_an_editable_install_is_a_line_that_names_the_checkout(tmp_path):
    """Nothing is copied, so an edited page is the served page; the link gives the package its name."""
    files = contents(build("wheel:editable", ROOT, tmp_path))
    (line,) = (text.decode().strip() for name, text in files.items() if ".dist-info/" not in name)
    assert Path(line) == ROOT
    assert (Path(line) / "optiscope" / "__init__.py").samefile(ROOT / "app" / "__init__.py")


STRANGER = '''\
"""A program of somebody who installed the wheel."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from optiscope import Client, ConfigError, Hyperparameter, Record, Run, RunConfig, compare, train

RATE = Hyperparameter("lr", "float", 0.1, "Learning rate.", 0.0, 10.0, scale="log")


def losses(run: Run) -> NDArray[np.floating]:
    return run.loss


def last(client: Client, config: RunConfig) -> float:
    record: Record
    *_, record = client.train(config.model_dump(mode="json"))
    return record.loss


def reasons() -> Iterator[str]:
    for run in compare([{"problem": {"name": "moons"}, "optimizer": {"name": "SGD"}}, "{}"]):
        yield run.ended.reason


try:
    print(losses(train("{}")).min())
except ConfigError as error:
    print([problem.pointer for problem in error.problems])
'''


@pytest.fixture(scope="module")
def installed(wheel_file, tmp_path_factory):
    """The Python of an environment that has the wheel, and around it what this one has."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (site,) = folder.glob("[Ll]ib/**/site-packages")
    shutil.unpack_archive(wheel_file, site, "zip")
    around = [path for path in sys.path if path.endswith("site-packages")]
    (site / "around.pth").write_text("\n".join(around))
    return shutil.which("python", path=f"{folder / 'bin'}{os.pathsep}{folder / 'Scripts'}")


@pytest.mark.parametrize(
    ("added", "finding"),
    [
        ("", None),
        ("import optiscope\noptiscope.tarin({})\n", 'Module has no attribute "tarin"; maybe "train"?'),
        ("train(3)\n", 'Argument 1 to "train" has incompatible type "int"'),
    ],
    ids=["as it is", "a name that is not there", "a wrong type"],
)
def test_a_strangers_script_is_type_checked(installed, tmp_path_factory, tmp_path, added, finding):
    """Strictly, against the installed wheel, which says that it is typed."""
    (tmp_path / "script.py").write_text(STRANGER + added)
    cache = tmp_path_factory.getbasetemp() / "mypy"
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(cache)]
    command = [*mypy, "--python-executable", installed, "script.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    if finding is None:
        assert done.returncode == 0, done.stdout + done.stderr
    else:
        assert finding in done.stdout


def test_the_wheel_installs_the_command(wheel):
    """Its version is the package's own, and ``optiscope`` is a command that exists."""
    (entry_points,) = (name for name in wheel.namelist() if name.endswith("entry_points.txt"))
    assert entry_points.startswith(f"optiscope-{__version__}.dist-info/")
    assert "optiscope = optiscope.cli:main" in wheel.read(entry_points).decode()


@pytest.mark.parametrize("requirement", REQUIREMENTS)
def test_every_requirement_is_pinned_inside_its_range(requirement):
    """What pyproject.toml asks for is what constraints.txt installs."""
    wanted = Requirement(requirement)
    assert wanted.specifier.contains(PINS[canonicalize_name(wanted.name)])


def test_constraints_name_plain_versions():
    """No builds for one machine (1.0+cpu), no addresses: the same file serves every index."""
    lines = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert len(lines) == len(PINS)
    assert [line for line in lines if "+" in line or "/" in line] == []


def test_the_node_lock_names_no_registry():
    """Packages are locked by version and hash; where they come from is the machine's business."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_everything_that_the_image_copies_exists_and_reaches_the_builder():
    """Each COPY source is in the checkout, and .dockerignore lets it through."""
    let_through = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        source.removeprefix("./")
        for words in arguments("COPY")
        if "--from" not in words[0]
        for source in words[:-1]
    }
    assert {"app", "static", "templates", "constraints.txt", "requirements"} <= copied
    assert [source for source in copied if not (ROOT / source).exists()] == []
    assert copied <= let_through


def test_the_image_installs_the_pinned_versions_before_it_knows_the_code():
    """By their hashes, in a layer that edits of the code leave alone; the code brings nothing with it."""
    lines = dockerfile()
    locked = lines.index("RUN scripts/install-locked /opt/optiscope/bin/python")
    code = next(at for at, line in enumerate(lines) if line.startswith("COPY pyproject.toml"))
    assert locked < code
    assert [line for line in lines if "pip install" in line and "--no-deps" not in line] == []


def test_the_image_can_be_built_on_a_base_that_is_named_by_its_digest():
    """Both stages begin with the same one, which make image resolves."""
    assert [words[0] for words in arguments("FROM")] == ["${BASE}", "${BASE}"]
    assert arguments("ARG")[0] == ["BASE=python:3.11-slim"]
    assert "RepoDigests" in (ROOT / "Makefile").read_text()


def test_the_image_keeps_what_it_keeps_in_a_volume():
    """That of its server, writable for its user."""
    ((volume,),) = arguments("VOLUME")
    assert any(word == f"OPTISCOPE_DATA_DIR={volume}" for words in arguments("ENV") for word in words)
    assert any(line.startswith("RUN") and f"-o optiscope {volume}" in line for line in dockerfile())


def test_the_image_runs_as_an_ordinary_user():
    """The last stage ends as a user who is not root, in a stage of its own."""
    assert len(arguments("FROM")) == 2
    last_stage = dockerfile()[[line.split()[0] for line in dockerfile()].index("FROM", 1) :]
    users = [line.split()[1] for line in last_stage if line.startswith("USER ")]
    assert users == ["optiscope"]


def test_the_image_asks_its_server_for_its_health():
    """The health check calls the port that is exposed and served."""
    ((port,),) = arguments("EXPOSE")
    (check,) = arguments("HEALTHCHECK")
    assert f"http://127.0.0.1:{port}/api/health" in " ".join(check)
    (command,) = (json.loads(" ".join(words)) for words in arguments("CMD"))
    assert command == ["optiscope", "serve", "--host", "0.0.0.0", "--port", port]  # noqa: S104 (in a container there is no other way)


@pytest.mark.parametrize(("status", "verdict"), [(200, 0), (503, 1)])
def test_the_image_is_healthy_only_if_its_server_is(status, verdict):
    """Whatever is not 200 (it starts, it stops, its workers cannot be started) fails the check."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        ((port,),) = arguments("EXPOSE")
        line = next(line for line in dockerfile() if line.startswith("HEALTHCHECK"))
        check = json.loads(line[line.index("[") :].replace(f":{port}/", f":{server.server_port}/"))
        done = subprocess.run([sys.executable, *check[1:]], capture_output=True, check=False)
    assert done.returncode == verdict
