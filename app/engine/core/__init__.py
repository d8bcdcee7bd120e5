"""What all of the engine stands on: configs, registries, errors, expressions, formulas, plug-ins."""
