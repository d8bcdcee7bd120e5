"""What is computed from runs: one step taken apart, loss surfaces, curvature, decision boundaries."""
