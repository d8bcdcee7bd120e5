"""What a run is made of: problems, models, optimizers, schedulers, freezing, clipping, minibatches."""
