"""``optiscope runs``: what can be done with runs that a server keeps."""
