"""The update of an optimizer in one step, line by line, with its numbers.

:mod:`.table` has the formulas, a module a family; :mod:`.sheet` works one out; :mod:`.moves` does so for
every parameter of a step.
"""
