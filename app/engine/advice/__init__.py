"""What is said of a run: the linter, its PyTorch script, its schedule, presets."""
