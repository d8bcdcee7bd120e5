"""What cannot be run is refused at once, in a sentence that names the field, the value and the bound."""

import json
import time

import pytest

from optiscope.engine.core.words import SENTENCES, heard

MOONS = {"problem": {"name": "moons"}, "optimizer": {"name": "Adam"}}
JSON = {"content-type": "application/json"}
LONG = 500  # texts are cut there
AT_ONCE_S = 5.0  # of this process's own time, which other programs on the machine do not lengthen


def changed(path, value):
    """MOONS with one field set; the path is written as a JSON pointer."""
    body = json.loads(json.dumps(MOONS))
    *parents, last = path.strip("/").split("/")
    place = body
    for name in parents:
        place = place.setdefault(name, {})
    place[last] = value
    return body


def hyperparameters(name, **values):
    return MOONS | {"optimizer": {"name": name, "hyperparameters": values}}


REFUSED = {
    "an unknown optimizer": (
        changed("/optimizer/name", "Adm"),
        "/optimizer/name",
        ["Adm", "did you mean Adam?"],
    ),
    "an optimizer like none": (
        changed("/optimizer/name", "quantum"),
        "/optimizer/name",
        ["quantum", "GET /api/catalog lists the "],
    ),
    "a misspelt optimizer of another package": (
        changed("/optimizer/name", "lions"),
        "/optimizer/name",
        ["did you mean pytorch_optimizer.Lion?"],
    ),
    "an unknown problem": (changed("/problem/name", "moon"), "/problem/name", ["moon", "moons"]),
    "an unknown activation": (changed("/model/activation", "rely"), "/model/activation", ["rely", "relu"]),
    "a negative learning rate": (
        hyperparameters("Adam", lr=-1),
        "/optimizer/hyperparameters/lr",
        ["lr must be at least 0, got -1"],
    ),
    "a learning rate as text": (
        hyperparameters("Adam", lr="0.1"),
        "/optimizer/hyperparameters/lr",
        ["lr", '"0.1"'],
    ),
    "a learning rate as truth": (
        hyperparameters("Adam", lr=True),
        "/optimizer/hyperparameters/lr",
        ["lr", "true"],
    ),
    "betas out of bounds": (
        hyperparameters("Adam", betas=[2, 0.9]),
        "/optimizer/hyperparameters/betas",
        ["betas[0]", "got 2"],
    ),
    "an unknown hyperparameter": (
        hyperparameters("SGD", beta=0.9),
        "/optimizer/hyperparameters/beta",
        ["SGD", "beta", "it takes lr, momentum"],
    ),
    "nesterov without momentum": (
        hyperparameters("SGD", nesterov=True),
        "/optimizer/hyperparameters",
        ["Nesterov"],
    ),
    "an optimizer that cannot train here": (
        changed("/optimizer/name", "SparseAdam"),
        "/optimizer/name",
        ["sparse"],
    ),
    "too many steps": (
        changed("/steps", 10**9),
        "/steps",
        ["steps must be at most 100000, got 1000000000"],
    ),
    "no steps": (changed("/steps", 0), "/steps", ["steps must be at least 1, got 0"]),
    "half a step": (changed("/steps", 1.5), "/steps", ["steps must be a whole number, got 1.5"]),
    "a huge layer": (changed("/model/hidden", [10**6]), "/model/hidden/0", ["at most 64", "got 1000000"]),
    "too many layers": (changed("/model/hidden", [2] * 50), "/model", ["at most 6", "got 50"]),
    "a million layers": (changed("/model/hidden", [2] * 10**6), "/model/hidden", ["at most 1024", "1000000"]),
    "layers of nothing": (changed("/model/hidden", [[]] * 40_000), "/model/hidden/0", ["whole number"]),
    "every layer frozen": (
        changed("/freeze", [{"params": ["fc1", "fc2", "fc3"]}]),
        "/freeze",
        ["frozen"],
    ),
    "an unknown layer": (changed("/freeze", [{"params": ["fc9"]}]), "/freeze/0/params/0", ["fc9", "fc1"]),
    "an unknown field": (changed("/learning_rate", 0.1), "/learning_rate", ["unknown field learning_rate"]),
    "a misspelt field": (changed("/stpes", 10), "/stpes", ["unknown field stpes: did you mean steps?"]),
    "a misspelt field of a rule": (
        changed("/freeze", [{"params": ["fc1"], "form_step": 3}]),
        "/freeze/0/form_step",
        ["did you mean from_step?"],
    ),
    "a misspelt field of clipping": (
        changed("/clip_grad", {"name": "clip_grad_value_", "clip_vlaue": 1}),
        "/clip_grad/clip_vlaue",
        ["did you mean clip_value?"],
    ),
    "a misspelt hyperparameter": (
        hyperparameters("Adam", beta=[0.9, 0.99]),
        "/optimizer/hyperparameters/beta",
        ["did you mean betas?"],
    ),
    "no optimizer": ({"problem": {"name": "moons"}}, "/optimizer", ["optimizer is required"]),
    "a scheduler without its argument": (
        changed("/lr_scheduler/name", "StepLR"),
        "/lr_scheduler/hyperparameters/step_size",
        ["step_size"],
    ),
    "a scheduler that torch does not make": (
        MOONS | {"lr_scheduler": {"name": "CosineAnnealingWarmRestarts", "hyperparameters": {"T_0": 0}}},
        "/lr_scheduler/hyperparameters/T_0",
        ["T_0 must be at least 1, got 0"],
    ),
    "a factor that moves nothing": (
        MOONS | {"hyperparameter_schedules": [{"hyperparameter": "momentum", "factor": "0.5"}]},
        "/hyperparameter_schedules/0/hyperparameter",
        ["momentum", "is no number of the param groups of Adam"],
    ),
    "an unknown way of clipping": (
        changed("/clip_grad", {"name": "clip"}),
        "/clip_grad",
        ["clip_grad_norm_"],
    ),
    "a norm of nothing": (
        changed("/clip_grad", {"name": "clip_grad_norm_", "max_norm": 0}),
        "/clip_grad/max_norm",
        ["max_norm must be greater than 0", "got 0"],
    ),
    "a batch of nobody": (changed("/batch_size", 0), "/batch_size", ["batch_size must be at least 1, got 0"]),
    "a state_dict of the wrong shape": (
        changed("/model/state_dict", {"fc1.weight": [[1.0]]}),
        "/model/state_dict",
        ["fc1.bias of shape [2]"],
    ),
}


def assert_problem(response, status):
    """The answer is a problem document that says what its status says."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    for said in (problem, *problem["errors"]):
        assert_said(said)
    return problem


def assert_said(document):
    """What is said has a code of the table, and its parameters make the sentence that stands beside it."""
    assert document["code"] in SENTENCES.keys() - {"as_written"}
    if len(str(document)) < LONG:
        assert str(heard(document)) == document["detail"]


@pytest.mark.parametrize(("body", "pointer", "words"), REFUSED.values(), ids=REFUSED)
async def test_a_refusal_names_field_value_and_bound(client, body, pointer, words):
    """The error points at the field and says what is wrong with it."""
    begun = time.process_time()
    problem = assert_problem(await client.post("/api/train", json=body), 422)
    assert time.process_time() - begun < AT_ONCE_S
    [error] = [error for error in problem["errors"] if error["pointer"].startswith(pointer)][:1]
    for word in words:
        assert word in error["detail"]


@pytest.mark.parametrize(("body", "pointer", "words"), REFUSED.values(), ids=REFUSED)
async def test_a_comparison_points_into_its_runs(client, body, pointer, words):
    """The same errors, under the run that holds them."""
    problem = assert_problem(await client.post("/api/compare", json={"runs": [MOONS, body]}), 422)
    [error] = [error for error in problem["errors"] if error["pointer"].startswith(f"/runs/1{pointer}")][:1]
    assert words[-1] in error["detail"]


async def test_all_errors_are_named_together(client):
    """A request with several faults hears of all of them at once."""
    body = {"problem": {"name": "moons", "samples": 1}, "optimizer": {"name": 3}, "steps": 0, "stepz": 1}
    problem = assert_problem(await client.post("/api/train", json=body), 422)
    pointers = {error["pointer"] for error in problem["errors"]}
    assert pointers == {"/problem/samples", "/optimizer/name", "/steps", "/stepz"}
    assert "3 more" in problem["detail"]


async def test_names_and_bounds_are_told_together(client):
    """An unknown problem hides neither an unknown optimizer nor a wrong number of steps."""
    body = {"problem": {"name": "mons"}, "optimizer": {"name": "Adm"}, "steps": 0}
    problem = assert_problem(await client.post("/api/compare", json={"runs": [MOONS, body]}), 422)
    assert {error["pointer"]: error["detail"] for error in problem["errors"]} == {
        "/runs/1/steps": "steps must be at least 1, got 0",
        "/runs/1/problem/name": 'unknown problem "mons": did you mean moons?',
        "/runs/1/optimizer/name": 'unknown optimizer "Adm": did you mean Adam?',
    }
    assert problem["code"] == "and_more"
    assert problem["params"]["first"]["code"] == problem["errors"][0]["code"]


async def test_all_choices_that_cannot_be_are_named_together(client):
    """What is wrong with the network, the frozen layers and the optimizer is told at once."""
    body = hyperparameters("Adam", lr=-1, eps=-1) | {
        "model": {"activation": "rely"},
        "freeze": [{"params": ["fc9"]}],
    }
    problem = assert_problem(await client.post("/api/train", json=body), 422)
    assert sorted(error["pointer"] for error in problem["errors"]) == [
        "/freeze/0/params/0",
        "/model/activation",
        "/optimizer/hyperparameters/eps",
        "/optimizer/hyperparameters/lr",
    ]


@pytest.mark.parametrize(("runs", "words"), [([], "at least 1"), ([MOONS] * 9, "at most 8")])
async def test_a_comparison_has_a_bounded_number_of_runs(client, runs, words):
    """None is too few, and more than the limit is too many."""
    problem = assert_problem(await client.post("/api/compare", json={"runs": runs}), 422)
    assert problem["errors"][0]["pointer"] == "/runs"
    assert words in problem["errors"][0]["detail"]


async def test_an_unknown_layout_is_refused(client):
    """A parameter of the query is named as such."""
    problem = assert_problem(await client.post("/api/train?layout=diagonal", json=MOONS), 422)
    [error] = problem["errors"]
    assert (error["pointer"], error["parameter"]) == ("/layout", "layout")
    assert error["detail"] == 'layout must be one of "rows", "columns", got "diagonal"'


@pytest.mark.parametrize("given", ["-1", "x", "1.5", "", "NaN", "1" * 30])
async def test_a_parameter_of_the_address_is_told_once(client, given):
    """A step to begin with that is none is named in one plain sentence, with what was given."""
    problem = assert_problem(await client.get("/api/runs/abc/steps", params={"from": given}), 422)
    [error] = problem["errors"]
    assert (error["pointer"], error["parameter"]) == ("/from", "from")
    assert error["detail"].startswith("from must be ")
    assert error["detail"].endswith(f'got "{given}"')


async def test_every_refusal_has_a_list_of_errors(client):
    """Where no field is to blame the list is empty, never missing."""
    for response in (await client.get("/api/nothing"), await client.get("/api/train")):
        assert response.json()["errors"] == []


WRONG_RUNS = [
    ({**MOONS, "steps": 0}, ["/steps"]),
    ({**MOONS, "clip_grad": {"name": "clip"}}, ["/clip_grad/name"]),
    ({**MOONS, "freeze": [{"params": ["fc1"], "from_step": 5, "to_step": 2}]}, ["/freeze/0/to_step"]),
    ({**MOONS, "problem": {"name": "rosenbrock"}, "model": {"start": [1]}}, ["/model/start/1"]),
    ({"problem": {"name": "moons"}}, ["/optimizer"]),
    (7, [""]),
]


@pytest.mark.parametrize(("run", "pointers"), WRONG_RUNS)
async def test_only_the_faults_of_a_config_are_told(client, run, pointers):
    """A wrong config is not also called a wrong id: the same faults wherever a run may be given."""
    for address, prefix, body in (
        ("train", "", run),
        ("loss-surface", "/runs/0", {"runs": [run]}),
        ("curvature", "/runs/1", {"runs": [MOONS, run]}),
        ("decision-boundary", "/run", {"run": run}),
        ("central-flow", "/run", {"run": run}),
        ("gradient-noise", "/run", {"run": run}),
        ("held-out-loss", "/runs/0", {"runs": [run]}),
        ("runs", "/config", {"config": run}),
        ("runs", "", run),
    ):
        problem = assert_problem(await client.post(f"/api/{address}", json=body), 422)
        assert [error["pointer"] for error in problem["errors"]] == [prefix + p for p in pointers], address


async def test_a_wrong_id_is_not_called_a_wrong_config(client):
    """What gives an id is held to be an id."""
    problem = assert_problem(await client.post("/api/loss-surface", json={"runs": [{"id": 5}]}), 422)
    [error] = problem["errors"]
    assert (error["pointer"], error["detail"]) == ("/runs/0/id", "id must be a text, got 5")


@pytest.mark.parametrize(
    ("plane", "pointer", "detail"),
    [
        ({"kind": "parameters", "names": ["fc1.weight[0,0]"]}, "/plane/names/1", "names[1] is required"),
        ({"kind": "points", "points": [{}]}, "/plane/points/1", "points[1] is required"),
        ({"kind": "flat"}, "/plane/kind", "plane.kind must be one of"),
        ({}, "/plane/kind", "plane.kind is required"),
    ],
)
async def test_a_plane_with_too_little_names_what_is_missing(client, plane, pointer, detail):
    """A pair with one entry is refused like any other field."""
    body = {"runs": [MOONS], "plane": plane}
    problem = assert_problem(await client.post("/api/loss-surface", json=body), 422)
    assert problem["errors"][0]["pointer"] == pointer
    assert problem["errors"][0]["detail"].startswith(detail)


def deep(opening, closing, depth=100_000):
    return opening * depth + closing * depth


def with_lr(text):
    """A run of two steps with this text as its learning rate."""
    optimizer = b'{"name":"SGD","hyperparameters":{"lr":%s}}' % text
    return b'{"problem":{"name":"moons"},"steps":2,"optimizer":%s}' % optimizer


def also(text):
    """A run with one more field, written as it is."""
    return b'{"problem":{"name":"moons"},"optimizer":{"name":"SGD"},%s}' % text


def many(text, count=500_000):
    return b",".join([text] * count)


DIGITS = b"9" * 5000

RAW = {
    "nothing": b"",
    "a space": b" ",
    "no JSON": b"hello",
    "half of it": json.dumps(MOONS).encode()[:-1],
    "two of them": json.dumps(MOONS).encode() * 2,
    "NaN": with_lr(b"NaN"),
    "-Infinity": with_lr(b"-Infinity"),
    "NaN as text": with_lr(b'"NaN"'),
    "1e400": with_lr(b"1e400"),
    "-1e400": with_lr(b"-1e400"),
    "5,000 digits": with_lr(b"9" * 5000),
    "5,000 decimals": with_lr(b"-0." + b"9" * 5000),
    "hexadecimal": with_lr(b"0x10"),
    "a comment": b"// hi\n" + json.dumps(MOONS).encode(),
    "a trailing comma": json.dumps(MOONS).encode()[:-1] + b",}",
    "deep lists": deep(b"[", b"]"),
    "deep objects": deep(b'{"a":', b"}"),
    "a deep learning rate": with_lr(deep(b"[", b"]")),
    "a deep learning rate of 150": with_lr(deep(b"[", b"]", 150)),
    "a deep scheduler": also(b'"lr_scheduler":' + deep(b'{"name":"SequentialLR","schedulers":[', b"]}", 60)),
    "steps of 5,000 digits": also(b'"steps":' + DIGITS),
    "a seed of 5,000 digits": b'{"problem":{"name":"moons","seed":%s},"optimizer":{"name":"SGD"}}' % DIGITS,
    "an unknown field of 5,000 digits": also(b'"x":' + DIGITS),
    "parameters of 5,000 digits": also(b'"model":{"state_dict":{"fc1.bias":[%s,0]}}' % DIGITS),
    "parameters that are NaN": also(b'"model":{"state_dict":{"fc1.bias":[NaN,0]}}'),
    "a step size of 5,000 digits": also(
        b'"lr_scheduler":{"name":"StepLR","hyperparameters":{"step_size":%s}}' % DIGITS
    ),
    "a large step size": also(b'"lr_scheduler":{"name":"StepLR","hyperparameters":{"step_size":%d}}' % 2**70),
    "UTF-16": json.dumps(MOONS).encode("utf-16"),
    "UTF-32": json.dumps(MOONS).encode("utf-32"),
    "a byte order mark": b"\xef\xbb\xbf" + json.dumps(MOONS).encode(),
    "Latin-1": '{"problem":{"name":"mööns"},"optimizer":{"name":"SGD"}}'.encode("latin-1"),
    "a lone surrogate": b'{"problem":{"name":"\\ud800"},"optimizer":{"name":"SGD"}}',
    "a lone surrogate as a key": b'{"problem":{"name":"moons"},"optimizer":{"name":"SGD"},"\\udfff":1}',
    "a control character": b'{"problem":{"name":"a\x01"},"optimizer":{"name":"SGD"}}',
    "an escaped control character": b'{"problem":{"name":"a\\u0000"},"optimizer":{"name":"SGD"}}',
    "null": b"null",
    "true": b"true",
    "a number": b"1",
    "a text": b'"moons"',
    "a list": b"[]",
    "an empty object": b"{}",
    "nulls": b'{"problem":null,"optimizer":null,"steps":null}',
    "lists for objects": b'{"problem":[],"optimizer":[],"model":[]}',
    "a long name": b'{"problem":{"name":"%s"},"optimizer":{"name":"SGD"}}' % (b"x" * 500_000),
    "a long key": b'{"%s":1}' % (b"x" * 500_000),
    "many unknown fields": ("{" + ",".join(f'"x{n}":1' for n in range(100_000)) + "}").encode(),
    "many unknown parameters": also(
        b'"model":{"state_dict":{%s}}' % b",".join(b'"p%d":[]' % n for n in range(280_000))
    ),
    "many unknown hyperparameters": also(
        b'"optimizer":{"name":"Adam","hyperparameters":{%s}}'
        % b",".join(b'"p%d":0' % n for n in range(280_000))
    ),
    "many wrong rules": also(b'"freeze":[%s]' % many(b"1")),
    "many names": also(b'"freeze":[{"params":[%s]}]' % many(b'"a"')),
    "many milestones": also(
        b'"lr_scheduler":{"name":"SequentialLR","milestones":[%s]}' % many(b"9", 1_900_000)
    ),
    "many milestones of another kind": also(
        b'"lr_scheduler":{"name":"MultiStepLR","hyperparameters":{"milestones":[%s]}}' % many(b"9", 1_900_000)
    ),
    "many betas": also(
        b'"optimizer":{"name":"Adam","hyperparameters":{"betas":[%s]}}' % many(b"9", 1_900_000)
    ),
    "many weights": also(b'"model":{"state_dict":{"fc1.weight":[%s]}}' % many(b"[1.5,2]")),
    "many rules": also(b'"freeze":[%s]' % many(b'{"params":["fc1"]}', 200_000)),
    "many wrong groups": b'{"problem":{"name":"moons"},"optimizer":{"name":"SGD","param_groups":[%s]}}'
    % many(b"{}"),
    "many wrong milestones": also(b'"lr_scheduler":{"name":"SequentialLR","milestones":[%s]}' % many(b"-1")),
}


@pytest.mark.parametrize("content", RAW.values(), ids=RAW)
@pytest.mark.parametrize("path", ["/api/train", "/api/compare", "/api/compare of it"])
async def test_no_bytes_break_the_server(client, path, content):
    """Whatever bytes arrive, the answer is a refusal in plain words, and it comes soon."""
    if path.endswith(" of it"):
        path, content = "/api/compare", b'{"runs":[' + content + b"]}"
    begun = time.process_time()
    response = await client.post(path, content=content, headers=JSON)
    assert time.process_time() - begun < AT_ONCE_S
    problem = assert_problem(response, 422)
    assert len(response.content) < 100_000
    assert all("pointer" in error for error in problem["errors"])


PARTS = 1000


async def test_parts_of_a_body_are_counted_before_anything_is_made_of_them(connect):
    """Fields and lists beyond the bound are refused by their number alone; signs inside of texts are none."""
    async with connect(max_body_parts=PARTS) as client:

        async def refused(content):
            return assert_problem(await client.post("/api/lint", content=content, headers=JSON), 422)

        fields = b",".join(b'"x%d":1' % n for n in range(PARTS))
        assert (await refused(b"{%b}" % fields))["params"] == {"bound": PARTS, "value": PARTS + 1}
        assert (await refused(b"[%b]" % many(b"[]", PARTS)))["code"] == "too_many_parts"
        assert (await refused(b"[%b]" % many(b"[]", PARTS - 1)))["code"] == "no_object"
        text = b'{"problem":{"name":"%b"},"optimizer":{"name":"SGD"}}' % (b'\\":' * PARTS)
        assert (await refused(text))["code"] == "unknown_name"


async def test_a_number_too_small_for_a_double_is_zero(client):
    """1e-99999 is JSON, and reads as 0."""
    response = await client.post("/api/train", content=with_lr(b"1e-" + b"9" * 5000), headers=JSON)
    assert response.status_code == 200
    assert json.loads(response.text.splitlines()[0])["config"]["optimizer"]["hyperparameters"]["lr"] == 0


@pytest.mark.parametrize(
    "kind",
    [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "garbage", "json; x"],
)
async def test_only_json_is_read_as_json(client, kind):
    """A body that is not declared as JSON is refused, so that no form of another site is read."""
    headers = {} if kind is None else {"content-type": kind}
    response = await client.post("/api/train", content=json.dumps(MOONS).encode(), headers=headers)
    problem = assert_problem(response, 415)
    assert "application/json" in problem["detail"]


async def test_json_by_any_of_its_names_is_read(client):
    """A charset, capitals and +json change nothing."""
    for kind in ("application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"):
        body = json.dumps(MOONS | {"steps": 1}).encode()
        response = await client.post("/api/train", content=body, headers={"content-type": kind})
        assert response.status_code == 200


async def test_where_every_run_is_wrong_each_is_named_and_nothing_else(client):
    """A comparison of runs that are all refused is not called empty besides."""
    runs = [changed("/steps", 10**9), changed("/model/hidden", [400])]
    response = await client.post("/api/compare", json={"runs": runs})
    problem = assert_problem(response, 422)
    pointers = [error["pointer"] for error in problem["errors"]]
    assert pointers == ["/runs/0/steps", "/runs/1/model/hidden/0"]
    empty = assert_problem(await client.post("/api/compare", json={"runs": []}), 422)
    assert "at least 1" in empty["detail"]


async def test_a_body_over_the_limit_is_refused_unread(client):
    """A Content-Length over the limit gets 413 before the body is read."""
    response = await client.post("/api/train", content=b" " * 5_000_000, headers=JSON)
    assert "4194304" in assert_problem(response, 413)["detail"]


async def test_a_body_over_the_limit_is_refused_in_pieces(client):
    """A body without a declared length is cut off at the limit."""

    async def pieces():
        for _ in range(100):
            yield b" " * 100_000

    assert_problem(await client.post("/api/train", content=pieces(), headers=JSON), 413)


async def test_what_is_not_there_is_said_so(client):
    """An unknown address and a wrong method get problem documents; 405 names what is allowed."""
    assert "/api/nothing" in assert_problem(await client.get("/api/nothing"), 404)["detail"]
    response = await client.get("/api/train")
    assert "POST" in assert_problem(response, 405)["detail"]
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/api/runs", "GET, POST, HEAD"),
        ("PUT", "/api/runs/abc", "GET, PATCH, DELETE, HEAD"),
        ("DELETE", "/api/health", "GET, HEAD"),
        ("POST", "/static/js/main.js", "GET, HEAD"),
        ("GET", "/api/runs/abc/fork", "POST"),
    ],
)
async def test_a_wrong_method_hears_of_all_that_are_possible(client, method, path, allowed):
    """Allow names the methods of the address, also those of its other routes; OPTIONS asks for the same."""
    response = await client.request(method, path)
    assert allowed in assert_problem(response, 405)["detail"]
    assert response.headers["allow"] == allowed
    options = await client.options(path)
    assert (options.status_code, options.headers["allow"], options.content) == (204, allowed, b"")


@pytest.mark.parametrize("path", ["/", "/api/health", "/api/catalog", "/api/nothing", "/static/js/main.js"])
async def test_head_is_get_without_the_body(client, path):
    """The status and the headers of GET, and no body."""
    head, get = await client.head(path), await client.get(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    for name in ("content-type", "content-length", "etag"):
        assert head.headers.get(name) == get.headers.get(name)


async def test_a_defect_is_told_without_its_inside(client, monkeypatch, caplog):
    """An exception of ours is a 500 that reveals nothing, and is logged in full."""

    def defect(*_):
        raise RuntimeError("the inside")

    monkeypatch.setattr("optiscope.api.train.describe_all", defect)
    response = await client.post("/api/train", json=MOONS)
    assert_problem(response, 500)
    assert "content-security-policy" in response.headers
    assert "the inside" not in response.text
    assert "the inside" in caplog.text
