"""The catalog says everything that a run can be made of, and nothing that it cannot."""

import json

import pytest

from optiscope.api.catalog_summary import CatalogSummary
from optiscope.engine.recipe.clipping import CLIPPING
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.problems import PROBLEMS
from optiscope.settings import Settings

REGISTRIES = {
    "problems": PROBLEMS,
    "activations": ACTIVATIONS,
    "optimizers": OPTIMIZERS,
    "lr_schedulers": LR_SCHEDULERS,
    "clipping": CLIPPING,
}


async def read(client):
    response = await client.get("/api/catalog")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    return json.loads(response.text, parse_constant=pytest.fail)


async def test_the_catalog_lists_the_registries(client):
    """Every entry of every registry, in its order, described."""
    catalog = await read(client)
    for key, registry in REGISTRIES.items():
        assert [entry["name"] for entry in catalog[key]] == list(registry)
        ours = [entry for entry in catalog[key] if entry.get("package", "torch") == "torch"]
        assert all(entry["formula"].startswith("<math") for entry in ours)


async def test_the_catalog_tells_the_limits(client):
    """The bounds are those of the settings."""
    limits = (await read(client))["limits"]
    assert limits["max_steps"] == Settings().max_steps
    assert limits["max_compared_runs"] == Settings().max_compared_runs
    assert not set(limits) & {"token", "host", "port"}


async def test_every_bound_is_told(client):
    """A setting that bounds what a request may ask for is in the catalog, whoever adds it."""
    limits = (await read(client))["limits"]
    bounds = {name for name in Settings.model_fields if name.startswith("max_")}
    assert {name: getattr(Settings(), name) for name in bounds} == limits
    assert all(Settings.model_fields[name].description for name in bounds)


async def test_the_default_comparison_can_be_trained(client):
    """What the page opens with is four runs that the server accepts."""
    runs = (await read(client))["defaults"]["comparison"]["runs"]
    assert [run["optimizer"]["name"] for run in runs] == ["SGD", "SGD", "Adam", "AdamW"]
    short = [run | {"steps": 2} for run in runs]
    response = await client.post("/api/compare", json={"runs": short})
    ends = [json.loads(line) for line in response.text.splitlines() if '"run_ended"' in line]
    assert [end["reason"] for end in ends] == ["completed"] * 4


async def test_an_unchanged_catalog_is_not_sent_again(client):
    """A browser that has it gets 304."""
    tag = (await client.get("/api/catalog")).headers["etag"]
    response = await client.get("/api/catalog", headers={"if-none-match": tag})
    assert (response.status_code, response.content) == (304, b"")


MOST_BEFORE_THE_FIRST_FRAME = 60_000


async def test_the_summary_is_small(client):
    """What the page waits for before it draws anything is a fraction of the whole."""
    brief = await client.get("/api/catalog/summary")
    assert len(brief.content) <= MOST_BEFORE_THE_FIRST_FRAME
    tag = brief.headers["etag"]
    assert (await client.get("/api/catalog/summary", headers={"if-none-match": tag})).status_code == 304


async def test_the_summary_says_the_same_as_the_catalog(client):
    """A field that it leaves out is the default that its schema names."""
    catalog = await read(client)
    brief = (await client.get("/api/catalog/summary")).json()
    assert {
        name: catalog[name] for name in ("version", "torch", "limits", "defaults")
    }.items() <= brief.items()
    filled = CatalogSummary.model_validate(brief).model_dump(mode="json")
    compared = 0
    for kind in REGISTRIES:
        for told, whole in zip(filled[kind], catalog[kind], strict=True):
            assert (told.pop("title") or told["name"]) == whole.get("title", told["name"])
            arguments = told.pop("hyperparameters", None) or []
            other = whole.get("package") not in {None, "torch"}
            assert len(arguments) == (0 if other else len(whole.get("hyperparameters", [])))
            for argument, declared in zip(arguments, whole.get("hyperparameters", []), strict=False):
                argument["suggested"] = argument["suggested"] or argument["default"]
                assert argument.items() <= declared.items()
            if other:
                assert told.pop("state_keys") == []
                assert told.pop("summary", "") == ""
            assert told.items() <= whole.items()
            compared += 1
    assert compared > 100


async def test_an_entry_is_that_of_the_catalog(client):
    """Each entry can be asked for alone, with all that the catalog says of it."""
    catalog = await read(client)
    for kind in REGISTRIES:
        entry = catalog[kind][-1]
        answer = await client.get(f"/api/catalog/{kind}/{entry['name']}")
        assert answer.json() == entry
        again = {"if-none-match": answer.headers["etag"]}
        assert (await client.get(f"/api/catalog/{kind}/{entry['name']}", headers=again)).status_code == 304


async def test_an_unknown_entry_is_not_found(client):
    """What was asked for is said back, and what may be meant."""
    answer = await client.get("/api/catalog/optimizers/Adem")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_name")
    assert answer.json()["detail"].startswith('unknown optimizer "Adem": did you mean Adam')
    assert (await client.get("/api/catalog/planets/Adam")).status_code == 422


async def test_the_catalog_says_what_other_packages_bring(client):
    """An entry point is listed with its optimizers, or with the reason why there are none."""
    catalog = await read(client)
    (plugin,) = (p for p in catalog["optimizer_plugins"] if p["name"] == "pytorch_optimizer")
    assert plugin["error"] is None
    assert "pytorch_optimizer.Lion" in plugin["entries"]
    assert {entry["name"] for entry in catalog["optimizers"]} >= set(plugin["entries"])


async def test_an_optimizer_of_another_package_trains(client):
    """What a package brings is found by the workers too."""
    run = {"problem": {"name": "moons"}, "optimizer": {"name": "pytorch_optimizer.Lion"}, "steps": 3}
    lines = (await client.post("/api/train", json=run)).text.splitlines()
    assert '"reason":"completed"' in lines[-1]
    assert '"exp_avg"' in lines[-2]


async def test_a_problem_tells_what_rates_are_good_on_it(client):
    """Its entry has the suggested rates with their sources, and a small picture."""
    xor = (await client.get("/api/catalog/problems/xor")).json()
    assert xor["rates"]["optimizers"][0] == {
        "name": "SGD",
        "with": {"momentum": 0.0},
        "lr": 0.3,
        "source": "comparison",
        "end_loss": None,
        "networks": None,
    }
    measured = [rate for rate in xor["rates"]["optimizers"] if rate["source"] != "comparison"]
    assert all(rate["lr"] in xor["rates"]["tried"] for rate in measured)
    assert xor["picture"]["kind"] == "scatter"


async def test_the_optimizers_are_a_list_to_choose_from(client):
    """Each has its idea, a line and its paper."""
    lines = (await client.get("/api/catalog/optimizers")).json()["optimizers"]
    assert [line["name"] for line in lines] == list(OPTIMIZERS)
    assert {line["idea"] for line in lines if line["package"] == "torch"} >= {
        "gradient",
        "averages",
        "curvature",
    }
    assert all(line["summary"] and line["paper"] for line in lines)
    assert all(line["why"]["detail"] == line["reason"] for line in lines if not line["available"])
    families = (await client.get("/api/catalog/optimizers")).json()["families"]
    assert {line["idea"] for line in lines} <= {family["idea"] for family in families}
    assert all(family["detail"] for family in families)
