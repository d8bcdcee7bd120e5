"""Other tools turn the OpenAPI document into clients that compile and work: ``make generated-clients``."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from optiscope.main import create_app
from optiscope.settings import Settings

BUILD = Path(__file__).parents[2] / "build"
PYTHON = BUILD / "openapi-python-client" / "bin"
NODE = BUILD / "openapi-typescript" / "node_modules" / ".bin"

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        not (PYTHON.exists() and NODE.exists()), reason="`make generated-clients` installs the generators"
    ),
]

USED_FROM_PYTHON = """
import importlib, pkgutil, sys
import optiscope_client
from optiscope_client.api.views import lint, lr_schedule
from optiscope_client.api.kept_runs import create_run, list_runs
from optiscope_client.models import NewRun, RunConfig, RunPage, ScheduleRequest

for module in pkgutil.walk_packages(optiscope_client.__path__, "optiscope_client."):
    importlib.import_module(module.name)
config = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}, "steps": 5}
with optiscope_client.Client(base_url=sys.argv[1]) as client:
    assert lint.sync(client=client, body=RunConfig.from_dict(config)).warnings == []
    schedule = lr_schedule.sync(client=client, body=ScheduleRequest.from_dict(config))
    assert len(schedule.lr[0]) == 5
    made = create_run.sync(client=client, body=NewRun.from_dict({"config": config, "name": "generated"}))
    page = list_runs.sync(client=client, search="generated")
    assert isinstance(page, RunPage) and made.id in [run.id for run in page.runs]
"""

USED_FROM_TYPESCRIPT = """
import type { components, operations, paths } from "./client";
type Config = components["schemas"]["RunConfig"];
type Surface = operations["loss_surface"]["responses"][200]["content"]["application/json"];
type Lines = paths["/api/train"]["post"]["responses"][200]["content"]["application/jsonl"];
export const first = (surface: Surface) => surface.paths[0].loss;
export const steps = (config: Config): number | undefined => config.steps;
export const events = (lines: Lines): string[] => lines.split("\\n");
// @ts-expect-error there is no such column
export const none = (surface: Surface) => surface.nothing;
"""


@pytest.fixture(scope="module")
def document(tmp_path_factory):
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_text(json.dumps(create_app(Settings()).openapi()))
    return path


def run(*command, **more):
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, **more)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


@pytest.mark.timeout(600)
def test_a_client_for_python(document, tmp_path, live_server):
    """All of its modules can be imported, and its calls are answered; it leaves streams out."""
    path = os.environ["PATH"]
    run(
        PYTHON / "openapi-python-client",
        *("generate", "--path", document, "--output-path", tmp_path / "made"),
        env={**os.environ, "PATH": f"{PYTHON}:{path}"},
    )
    calls = {file.stem for file in (tmp_path / "made").glob("optiscope_client/api/*/*.py")}
    known = {
        call["operationId"]
        for item in json.loads(document.read_text())["paths"].values()
        for call in item.values()
    }
    assert known - calls == {"append_steps", "import_run"}  # whose bodies are lines
    run(PYTHON / "python", "-c", USED_FROM_PYTHON, live_server, cwd=tmp_path / "made")


@pytest.mark.timeout(600)
def test_a_client_for_typescript(document, tmp_path):
    """Its types are strict, and are those of the document."""
    run(NODE / "openapi-typescript", document, "-o", tmp_path / "client.ts")
    (tmp_path / "use.ts").write_text(USED_FROM_TYPESCRIPT)
    run(NODE / "tsc", "--noEmit", "--strict", "--noUncheckedIndexedAccess", "false", tmp_path / "use.ts")
