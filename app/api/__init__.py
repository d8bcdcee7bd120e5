"""HTTP: one module a resource, and what all of them share (bodies, errors, streams, security, the wire)."""
