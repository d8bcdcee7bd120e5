"""Checkpoints as files: written for plain PyTorch, read from strangers.

A file is what ``torch.save`` writes of::

    {"format": 1, "step": 120, "config": {…RunConfig…},
     "model": model.state_dict(), "optimizer": optimizer.state_dict(),
     "lr_scheduler": scheduler.state_dict() | None,
     "rest": {"optimizer": …, "lr_scheduler": …} | None,      # of config["optimizer"]["rest"]
     "grads": {…}, "batches": {…}}                             # what else it takes to go on bit for bit

and ``"average"`` and ``"late_grads"`` of runs that have such,

so that ``torch.load(path, weights_only=True)["model"]`` is a ``state_dict`` like any other. A file that comes
back may have been made by anybody. It is judged from the outside in: the archive, the instructions of the
pickle in it, and then every value, beside what its own config makes here. What is a hyperparameter must be
the config's; what moves is taken from the file, if such a run could hold it.
"""

from optiscope.engine.loop.checkpoint_file.archive import repacked
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError
from optiscope.engine.loop.checkpoint_file.reading import read_checkpoint
from optiscope.engine.loop.checkpoint_file.writing import FORMAT, write_checkpoint

__all__ = ["FORMAT", "CheckpointFileError", "read_checkpoint", "repacked", "write_checkpoint"]
