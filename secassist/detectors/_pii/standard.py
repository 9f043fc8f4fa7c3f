"""Check digits that `python-stdnum` knows, under its names: `ee.ik` is what `stdnum.ee.ik` accepts.

The library is a dependency for its breadth (each algorithm is from the issuer's specification, and kept current);
`_pii_checks_*` hold only what it lacks, or what has to be looser or quicker than there.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module


@cache
def validator(module: str) -> Callable[[str], bool]:
    """What tells whether a value as found is valid; raises ModuleNotFoundError for a module that is not there."""
    found: Callable[[str], bool] = import_module(f"stdnum.{module}").is_valid
    return found
