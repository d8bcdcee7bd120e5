"""Lessons: a few steps of text over a workbench, each with a question that the real run answers."""
