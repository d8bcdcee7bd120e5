"""The updates of torch's optimizers, each as short functions with its class as the oracle."""
