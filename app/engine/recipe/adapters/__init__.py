"""Optimizers of other packages, described for the registry by what the packages say of themselves."""
