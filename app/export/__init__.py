"""Runs as files.

Columns are named ``loss``, ``lr``, ``params.fc1.weight``, ``grads.fc1.weight``,
``state.fc1.weight.exp_avg``. What a record does not have (the gradients of a frozen layer, the momentum of a
group without, the end of a list that is longer in other records) is empty in tables and NaN in arrays.
"""
