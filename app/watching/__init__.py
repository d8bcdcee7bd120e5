"""Training loops that are not ours: recorded by the hooks of their optimizers, into a file or to a server.

It needs torch and what travels, and nothing of the server.
"""
