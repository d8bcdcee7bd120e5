"""Scripts of every loop that a run can have print what the run records, and die where it fails."""

import difflib

import pytest

from optiscope.engine.advice.codegen import script
from optiscope.engine.advice.mistakes import LOOP_MISTAKES
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.judging import check
from optiscope.engine.recipe.parameters import layers_of
from tests.engine.loops import LOOPS, MOONS, SGD
from tests.engine.printed import outcomes_of, printed_of
from tests.engine.recorded import run_config, whole

SOUND = {
    "Adam": run_config(problem=MOONS, steps=12),
    "SGD": run_config(problem=MOONS, steps=12, batch_size=10, optimizer=SGD, model={"hidden": [3, 3, 3]}),
}
LAYERS = {name: layers_of(list(check(config))) for name, config in SOUND.items()}
CORRECT = {
    f"{mistake.name}, {name}": mistake.correct(config, LAYERS[name])
    for mistake in LOOP_MISTAKES.values()
    for name, config in SOUND.items()
}
BROKEN = {
    f"{mistake.name}, {name}": mistake.made(config, LAYERS[name])
    for mistake in LOOP_MISTAKES.values()
    for name, config in SOUND.items()
}
CONFIGS = {name: run_config(**({"steps": 8} | changes)) for name, changes in LOOPS.items()} | BROKEN


@pytest.fixture(scope="module")
def outcomes():
    """What every script does, all run in one process that knows nothing of Optiscope."""
    return outcomes_of(CONFIGS)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_script_prints_the_losses_of_the_run(outcomes, name):
    """Bit for bit, and it dies with PyTorch's own words where the run fails."""
    blocks, checkpoint = whole(CONFIGS[name])
    losses, printed = printed_of(blocks), outcomes[name]["printed"].splitlines()
    failed, diverged = (checkpoint.ended.reason is reason for reason in (Reason.FAILED, Reason.DIVERGED))
    assert (printed[: len(losses)] if diverged else printed) == losses
    assert outcomes[name]["error"] == (checkpoint.ended.said.params["why"] if failed else "")


DIFFERENCES = {
    "no_zero_grad": ["-optimizer.zero_grad()"],
    "zero_grad_before_step": ["-optimizer.zero_grad()", "+optimizer.zero_grad()"],
    "step_before_backward": ["+optimizer.step()", "-optimizer.step()"],
    "backward_twice": ["+loss.backward()"],
    "clip_after_step": ["+optimizer.step()", "-optimizer.step()"],
    "scheduler_first": ["+scheduler.step()", "-scheduler.step()"],
    "scheduler_never": ["-scheduler.step()"],
    "scheduler_every_batch": ["-if (step + 1) % 4 == 0:", "-scheduler.step()", "+scheduler.step()"],
    "parameters_replaced": ["+import copy", "+model.fc2 = copy.deepcopy(model.fc2)"],
    "no_grad_for_freezing": [
        "+with torch.no_grad():",
        "-x = F.relu(self.fc2(x))",
        "+x = F.relu(self.fc2(x))",
        "-model.fc2.requires_grad_(False)",
        "-",
    ],
    "detach_for_freezing": [
        "-x = F.relu(self.fc2(x))",
        "+x = F.relu(self.fc2(x)).detach()",
        "-model.fc2.requires_grad_(False)",
        "-",
    ],
    "eval_for_freezing": ["-model.fc2.requires_grad_(False)", "+model.fc2.eval()"],
    "left_out_of_optimizer": [
        "-optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
        '+optimizer = torch.optim.Adam([{"params": model.fc2.parameters()}], lr=0.02)',
    ],
    "restored_without_optimizer": [
        "+if step == 6:  # begun again from the model",
        "+model.zero_grad()",
        "+optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
    ],
    "restored_without_scheduler": [
        "+if step == 6:  # begun again from the model",
        "+optimizer_state = optimizer.state_dict()",
        "+model.zero_grad()",
        "+optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
        "+scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=20, gamma=0.5)",
        "+optimizer.load_state_dict(optimizer_state)",
    ],
    "unscaled_accumulation": ["-(loss / 4).backward()", "+loss.backward()"],
}


@pytest.mark.parametrize("mistake", LOOP_MISTAKES)
def test_a_broken_script_differs_by_the_lines_of_the_mistake(mistake):
    """From that of the correct run: nothing else is written in another way."""
    correct, broken = (script(configs[f"{mistake}, Adam"]).splitlines() for configs in (CORRECT, BROKEN))
    changed = [line for line in difflib.ndiff(correct, broken) if line[0] in "+-"]
    assert [line[0] + line[2:].strip() for line in changed] == DIFFERENCES[mistake]
