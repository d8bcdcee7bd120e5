"""Worker processes, and what they are asked to do."""
