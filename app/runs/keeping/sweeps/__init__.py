"""Sweeps that are kept: trained whether somebody follows them or not, listed, followed, exported."""
