"""``optiscope serve`` as a process: its socket, its signals, and how it answers while it still starts."""
