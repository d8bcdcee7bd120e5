"""Measurements of flowers: what the problem of one's own points shows until there are any.

Every other Iris versicolor (0) and Iris virginica (1) of Anderson's: length and width of a petal, in cm.
"""

CITATION = (
    "Data: Fisher, R. A. (1936). The use of multiple measurements in taxonomic problems. "
    "Annals of Eugenics 7, 179-188."
)

_VERSICOLOR = (
    (4.7, 1.4), (4.9, 1.5), (4.6, 1.5), (4.7, 1.6), (4.6, 1.3), (3.5, 1.0), (4.0, 1.0), (3.6, 1.3),
    (4.5, 1.5), (4.5, 1.5), (4.8, 1.8), (4.9, 1.5), (4.3, 1.3), (4.8, 1.4), (4.5, 1.5), (3.8, 1.1),
    (3.9, 1.2), (4.5, 1.5), (4.7, 1.5), (4.1, 1.3), (4.4, 1.2), (4.0, 1.2), (4.2, 1.3), (4.2, 1.3),
    (3.0, 1.1),
)  # fmt: skip
_VIRGINICA = (
    (6.0, 2.5), (5.9, 2.1), (5.8, 2.2), (4.5, 1.7), (5.8, 1.8), (5.1, 2.0), (5.5, 2.1), (5.1, 2.4),
    (5.5, 1.8), (6.9, 2.3), (5.7, 2.3), (6.7, 2.0), (5.7, 2.1), (4.8, 1.8), (5.6, 2.1), (6.1, 1.9),
    (5.6, 2.2), (5.6, 1.4), (5.6, 2.4), (4.8, 1.8), (5.6, 2.4), (5.1, 1.9), (5.7, 2.5), (5.0, 1.9),
    (5.4, 2.3),
)  # fmt: skip

X = (*_VERSICOLOR, *_VIRGINICA)
Y = (0.0,) * len(_VERSICOLOR) + (1.0,) * len(_VIRGINICA)
