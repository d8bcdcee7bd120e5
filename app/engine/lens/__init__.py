"""What is computed from runs: a step taken apart, surfaces, curvature, gradient noise, boundaries."""
