"""The training loop: ``advance``, the recorder, checkpoints, forks, runs in lockstep."""
