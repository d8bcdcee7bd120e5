"""Sweeps: thousands of runs over a grid of hyperparameters and seeds, each member a cell of numbers."""
