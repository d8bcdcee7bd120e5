"""A run that is still being trained when a test is over, whoever is slow and whoever is fast."""

ENDLESS = {
    "problem": {"name": "moons"},
    "optimizer": {"name": "Adam"},
    "batch_size": 1,
    "loop": {"accumulate": 64},
    "steps": 100_000,
}
"""It takes ten minutes of a processor."""
