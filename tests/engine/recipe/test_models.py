import math

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from optiscope.engine.core.config import ModelConfig, ProblemConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.recipe.models import ACTIVATIONS, Point, TinyNet, build_model, dead_units
from optiscope.engine.recipe.problems import build_problem

XOR = build_problem(ProblemConfig(name="xor"), torch.float32)
ROSENBROCK = build_problem(ProblemConfig(name="rosenbrock"), torch.float32)


class NotesNet(nn.Module):
    """The network as a tutorial writes it: 2-2-2-1."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(2, 2)
        self.fc2 = nn.Linear(2, 2)
        self.fc3 = nn.Linear(2, 1)

    def forward(self, x):
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def pointers(error):
    return [problem.pointer for problem in error.value.problems]


@pytest.mark.parametrize("seed", [0, 1, 44, 2**32 - 1])
def test_initialisation_is_that_of_manual_seed(seed):
    """A network of seed s has the very bits of torch.manual_seed(s) and a network of nn.Linear layers."""
    net = build_model(XOR, ModelConfig(seed=seed), torch.float32)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        expected = NotesNet()
    assert net.state_dict().keys() == expected.state_dict().keys()
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), expected.parameters(), strict=True))
    assert torch.equal(net(XOR.x), expected(XOR.x))


def test_wider_networks_initialise_like_nn_linear_in_order():
    """Any depth and width draws its layers in the order in which a Sequential of nn.Linear would."""
    net = build_model(XOR, ModelConfig(hidden=(5, 3, 7), seed=3), torch.float32)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        expected = nn.Sequential(nn.Linear(2, 5), nn.Linear(5, 3), nn.Linear(3, 7), nn.Linear(7, 1))
    assert [name for name, _ in net.named_children()] == ["fc1", "fc2", "fc3", "fc4"]
    assert all(torch.equal(a, b) for a, b in zip(net.parameters(), expected.parameters(), strict=True))


def test_float64_network_is_the_float32_one_converted():
    """Precision does not change where a run begins."""
    single = build_model(XOR, ModelConfig(seed=7), torch.float32)
    double = build_model(XOR, ModelConfig(seed=7), torch.float64)
    assert all(
        torch.equal(a.double(), b) for a, b in zip(single.parameters(), double.parameters(), strict=True)
    )


def test_no_layers_is_a_linear_model():
    """Without hidden layers fc1 is all there is."""
    net = build_model(XOR, ModelConfig(hidden=()), torch.float32)
    assert torch.equal(net(XOR.x), F.linear(XOR.x, net.fc1.weight, net.fc1.bias))


def test_global_rng_is_untouched():
    """Building a model neither reads nor moves torch's global generator."""
    before = torch.get_rng_state()
    build_model(XOR, ModelConfig(seed=5), torch.float32)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activation_matches_its_formula(name):
    """Every activation computes what its formula says, and is used between the layers."""
    x = torch.linspace(-3, 3, 61, dtype=torch.float64)
    formulas = {
        "relu": x.clamp(min=0),
        "leaky_relu": x.clamp(min=0) + 0.01 * x.clamp(max=0),
        "elu": x.clamp(min=0) + (x.exp() - 1).clamp(max=0),
        "gelu": x * 0.5 * (1 + torch.erf(x / math.sqrt(2))),
        "silu": x / (1 + torch.exp(-x)),
        "tanh": (x.exp() - (-x).exp()) / (x.exp() + (-x).exp()),
        "sigmoid": 1 / (1 + torch.exp(-x)),
        "softplus": torch.log(1 + x.exp()),
        "identity": x,
    }
    activation = ACTIVATIONS[name]
    torch.testing.assert_close(activation.function(x), formulas[name])
    assert activation.catalog()["formula"].startswith("<math")
    net = build_model(XOR, ModelConfig(hidden=(3,), activation=name), torch.float32)
    assert torch.equal(net(XOR.x), net.fc2(activation.function(net.fc1(XOR.x))))


def test_an_unknown_activation_is_answered_with_a_near_one():
    """A misspelt activation is met with what may be meant."""
    with pytest.raises(ConfigError, match="did you mean relu") as error:
        build_model(XOR, ModelConfig(activation="relou"), torch.float32)
    assert pointers(error) == ["/model/activation"]


STATE = {
    "fc1.weight": [[0.1295, 0.1109], [0.6487, 0.4996]],
    "fc1.bias": [-0.0975, -0.2738],
    "fc2.weight": [[0.4788, 0.3162], [0.1909, 0.6951]],
    "fc2.bias": [-0.5581, 0.3771],
    "fc3.weight": [[0.6921, 0.1667]],
    "fc3.bias": [-0.4246],
}


def test_state_dict_is_used_as_given():
    """Explicit parameters replace those of the seed."""
    net = build_model(XOR, ModelConfig(state_dict=STATE), torch.float32)
    assert all(torch.equal(p, torch.tensor(STATE[name])) for name, p in net.named_parameters())


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"fc1.weight": None}, "/model/state_dict", "needs fc1.weight of shape [2, 2]"),
        ({"fc9.bias": [0.0]}, "/model/state_dict/fc9.bias", "no parameter fc9.bias"),
        ({"a/b": [0.0]}, "/model/state_dict/a~1b", "no parameter a/b"),
        (
            {"fc1.weight": [[1.0, 2.0]]},
            "/model/state_dict/fc1.weight",
            "must be a list of 2 here, got 1 entry",
        ),
        ({"fc1.weight": [1.0, 2.0]}, "/model/state_dict/fc1.weight", "must be a list of 2 here, got 1.0"),
        ({"fc3.bias": [[1.0]]}, "/model/state_dict/fc3.bias", "must hold numbers"),
        ({"fc3.bias": [True]}, "/model/state_dict/fc3.bias", "got true"),
        ({"fc3.bias": ["0.1"]}, "/model/state_dict/fc3.bias", 'got "0.1"'),
        ({"fc3.bias": [math.inf]}, "/model/state_dict/fc3.bias", "got Infinity"),
        ({"fc3.bias": [math.nan]}, "/model/state_dict/fc3.bias", "got NaN"),
        ({"fc3.bias": [1e300]}, "/model/state_dict/fc3.bias", "between -1e+06 and 1e+06"),
    ],
)
def test_misfit_state_dict_names_the_parameter(change, pointer, detail):
    """A state_dict that does not fit is refused with the parameter and the reason."""
    state = {name: values for name, values in (STATE | change).items() if values is not None}
    config = ModelConfig.model_construct(
        hidden=(2, 2), activation="relu", seed=0, state_dict=state, start=None
    )
    with pytest.raises(ConfigError) as error:
        build_model(XOR, config, torch.float32, DEFAULT_LIMITS)
    assert pointers(error) == [pointer]
    assert detail in str(error.value)


def test_point_is_one_parameter():
    """For a test function the model is xy, at the function's start or the given one."""
    point = build_model(ROSENBROCK, ModelConfig(), torch.float32)
    assert isinstance(point, Point)
    assert {name: p.tolist() for name, p in point.named_parameters()} == {"xy": [-1.2000000476837158, 1.0]}
    moved = build_model(ROSENBROCK, ModelConfig(start=(0.1, -2.0)), torch.float64)
    assert moved().tolist() == [0.1, -2.0]
    assert moved.xy.dtype == torch.float64


@pytest.mark.parametrize(
    ("problem", "config", "pointer"),
    [
        (XOR, ModelConfig(start=(0.0, 0.0)), "/model/start"),
        (ROSENBROCK, ModelConfig(state_dict={"xy": [1.0, 2.0]}), "/model/state_dict"),
        (ROSENBROCK, ModelConfig(start=(0.0, 1e9)), "/model/start/1"),
    ],
)
def test_model_options_of_the_other_kind_are_refused(problem, config, pointer):
    """A network takes no start, a point no state_dict, and neither begins out of bounds."""
    with pytest.raises(ConfigError) as error:
        build_model(problem, config, torch.float32, DEFAULT_LIMITS)
    assert pointers(error) == [pointer]


def test_dead_units_are_those_without_gradient():
    """A unit is dead exactly when no sample activates it, and then its weights get no gradient."""
    net = TinyNet(hidden=(3, 2))
    with torch.no_grad():
        net.fc1.bias.copy_(torch.tensor([0.5, -100.0, 0.5]))
        net.fc2.bias.copy_(torch.tensor([5.0, -50.0]))
    assert dead_units(net, XOR.x) == {"fc1": [1], "fc2": [1]}
    XOR.loss(net).backward()
    assert net.fc1.weight.grad[1].eq(0).all()
    assert net.fc2.weight.grad[1].eq(0).all()
    assert net.fc1.weight.grad[[0, 2]].ne(0).any(dim=1).all()


def test_only_relu_dies():
    """Other activations and test functions have no dead units."""
    assert dead_units(TinyNet(activation=torch.tanh), XOR.x) == {}
    assert dead_units(Point((0.0, 0.0)), XOR.x) == {}
