"""Callbacks for the trainers of others, with the real packages where they are installed."""

import pytest
import torch
from torch import nn

from optiscope.engine.loop.block import Block
from tests.watching.recorded import events_in

pytestmark = pytest.mark.filterwarnings("ignore")


def steps_and_losses(path):
    """Of each record."""
    blocks = [event for event in events_in(path) if isinstance(event, Block)]
    return [
        (step, loss) for block in blocks for step, loss in zip(block.steps, block.loss.tolist(), strict=True)
    ]


def test_lightning_is_watched(tmp_path):
    """Each step with its own loss, the mean of what it accumulated; the schedule and the epochs are seen."""
    lightning = pytest.importorskip(
        "lightning.pytorch", reason="lightning is not installed", exc_type=ImportError
    )
    from optiscope.watching.lightning import WatchCallback  # noqa: PLC0415 - needs lightning

    losses = []

    class Model(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 1)

        def training_step(self, batch, _index):
            loss = self.layer(batch).square().mean()
            losses.append(float(loss.detach()))
            return loss

        def configure_optimizers(self):
            optimizer = torch.optim.SGD(self.parameters(), lr=0.05)
            return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1, gamma=0.5)]

    torch.manual_seed(0)
    seen = WatchCallback(str(tmp_path / "run.optiscope"))
    trainer = lightning.Trainer(
        max_epochs=2,
        accelerator="cpu",
        logger=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
        enable_model_summary=False,
        accumulate_grad_batches=2,
        callbacks=[seen],
    )
    trainer.fit(Model(), torch.utils.data.DataLoader(torch.randn(32, 4), batch_size=4))
    assert seen.watch.trouble == ""
    found = steps_and_losses(tmp_path / "run.optiscope")
    means = [(a + b) / 2 for a, b in zip(losses[::2], losses[1::2], strict=True)]
    assert [step for step, _ in found] == list(range(9))
    assert [loss for _, loss in found[1:]] == pytest.approx(means, rel=1e-6)
    assert str(seen.watch.report()) == "Nothing to be said."


def test_the_trainer_of_transformers_is_watched(tmp_path):
    """Each step with the loss that the Trainer tells of it."""
    pytest.importorskip("accelerate", reason="accelerate, which the Trainer needs, is not installed")
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    from optiscope.watching.huggingface import WatchCallback  # noqa: PLC0415 - needs transformers

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(4, 1)

        def forward(self, x, labels=None):
            out = self.layer(x)
            return {"loss": (out - labels).square().mean(), "logits": out}

    torch.manual_seed(0)
    seen = WatchCallback(str(tmp_path / "run.optiscope"))
    rows = [{"x": torch.randn(4), "labels": torch.zeros(1)} for _ in range(32)]
    options = transformers.TrainingArguments(
        str(tmp_path / "out"),
        num_train_epochs=2,
        per_device_train_batch_size=8,
        learning_rate=0.05,
        logging_steps=1,
        report_to=[],
        use_cpu=True,
        save_strategy="no",
        disable_tqdm=True,
    )
    trainer = transformers.Trainer(Model(), options, train_dataset=rows, callbacks=[seen])
    trainer.train()
    assert seen.watch.trouble == ""
    found = steps_and_losses(tmp_path / "run.optiscope")
    told = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    assert [step for step, _ in found] == list(range(9))
    assert [loss for _, loss in found[1:]] == pytest.approx(told)
    assert str(seen.watch.report()) == "Nothing to be said."
