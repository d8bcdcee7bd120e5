"""The engine: real PyTorch training, recorded. It knows nothing of HTTP, processes or storage."""
