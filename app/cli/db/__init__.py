"""``optiscope db``: what can be done with the database of kept runs, beside its server or without one."""
