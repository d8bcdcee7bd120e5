"""What is computed from runs: a step taken apart, surfaces, curvature, noise, held-out loss, boundaries."""
