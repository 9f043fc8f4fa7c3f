"""The proposers that are asked, in their order; a model that writes blocks takes its place behind the rewrites."""

from secassist.fixing.base import Proposer
from secassist.fixing.python_rewrites import PythonRewrites
from secassist.fixing.tree_rewrites import TreeRewrites

PROPOSERS: tuple[Proposer, ...] = (PythonRewrites(), TreeRewrites())
