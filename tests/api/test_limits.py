RUN = {"problem": {"name": "himmelblau"}, "optimizer": {"name": "SGD"}, "steps": 6}


async def refusals(client, path, body):
    response = await client.post(path, json=body)
    return [error["pointer"] for error in response.json()["errors"]] if response.status_code == 422 else []


async def test_an_application_holds_requests_to_its_own_settings(connect):
    """Two applications of one process have limits of their own, whatever is asked of them."""
    async with connect(max_steps=5) as narrow, connect() as wide:
        for client, wrong in ((narrow, ["/steps"]), (wide, [])):
            assert await refusals(client, "/api/train", RUN) == wrong
            assert await refusals(client, "/api/lint", RUN) == wrong
            assert await refusals(client, "/api/code", RUN) == wrong
            in_list = [f"/runs/0{pointer}" for pointer in wrong]
            assert await refusals(client, "/api/compare", {"runs": [RUN]}) == in_list
            assert await refusals(client, "/api/loss-surface", {"runs": [RUN], "resolution": 5}) == in_list
        assert (await narrow.get("/api/catalog")).json()["limits"]["max_steps"] == 5
        presets = await narrow.get("/api/lr-scheduler-presets", params={"steps": 6, "lr": 0.1})
        assert presets.json()["errors"][0]["pointer"] == "/steps"


async def test_what_is_left_out_is_held_to_the_limits(connect):
    """A default that is more than a server allows is refused under its name, among all else that is wrong."""
    bare = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}}
    async with connect(max_steps=5, max_samples=16, max_hidden_units=1) as client:
        wrong = await refusals(client, "/api/train", bare)
        assert wrong == ["/problem/samples", "/model/hidden/0", "/steps"]
        given = {"problem": {"name": "moons", "samples": 8}, "model": {"hidden": [1]}, "steps": 5}
        assert await refusals(client, "/api/train", bare | given) == []
        assert await refusals(client, "/api/train", bare | given | {"steps": 0}) == ["/steps"]


async def test_bounds_of_work_reach_the_workers(connect):
    """What a view may cost is checked in another process, against the limits of this application."""
    async with connect(max_surface_operations=10, max_resolution=50, max_hessian_parameters=1) as client:
        surface = {"runs": [RUN]}
        assert await refusals(client, "/api/loss-surface", surface | {"resolution": 51}) == ["/resolution"]
        assert await refusals(client, "/api/loss-surface", surface | {"resolution": 5}) == ["/resolution"]
        assert await refusals(client, "/api/curvature", {"runs": [RUN]}) == ["/runs/0/model/hidden"]


async def test_wider_settings_take_what_the_default_refuses(connect):
    """A start far beyond the default bound is taken, trained by a worker, and drawn."""
    far = RUN | {"model": {"start": [1e7, 0.0]}, "steps": 1}
    async with connect() as client:
        assert await refusals(client, "/api/train", far) == ["/model/start/0"]
    async with connect(max_abs_parameter=1e9) as client:
        answer = await client.post("/api/train", json=far)
        assert answer.status_code == 200
        assert '"xy":[10000000.0,0.0]' in answer.text
        assert '"reason":"completed"' in answer.text


async def test_a_run_kept_under_wider_limits_still_opens(connect):
    """Limits are for what is asked anew: what is kept is followed, and read, as it is."""
    async with connect(max_steps=50) as client:
        made = (await client.post("/api/runs", json=RUN | {"steps": 50})).json()
        before = (await client.get(f"/api/runs/{made['id']}/steps")).text
    async with connect(max_steps=5) as client:
        assert (await client.get(f"/api/runs/{made['id']}")).json()["steps"] == 50
        assert (await client.get(f"/api/runs/{made['id']}/steps")).text == before
        extended = await client.post(f"/api/runs/{made['id']}/extend", json={"steps": 1})
        assert extended.json()["errors"][0]["pointer"] == "/steps"


async def test_a_function_has_no_network_to_be_bounded(connect):
    """The hidden layers that a config has by default are those of a network alone."""
    async with connect(max_hidden_layers=1) as client:
        assert await refusals(client, "/api/train", RUN) == []
        assert await refusals(client, "/api/train", RUN | {"problem": {"name": "moons"}}) == ["/model/hidden"]
