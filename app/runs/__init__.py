"""The life of a run: worker processes, chunks and finished runs. Knows the engine, not HTTP."""
