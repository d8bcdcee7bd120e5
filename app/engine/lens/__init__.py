"""What is computed from runs: a step, surfaces, curvature, central flow, noise, held-out loss, boundaries."""
