"""Optiscope: a microscope for torch.optim."""

__version__ = "0.1.0"

if __name__ != "optiscope":
    # In a checkout its folder could be imported, too, and everything would be there twice.
    raise ImportError(f"{__name__} is the folder of this package: import optiscope instead", name=__name__)
