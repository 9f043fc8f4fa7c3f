"""The proposers that are asked, in their order; a model that writes blocks takes its place behind the rewrites.

Where none of these has a change that is accepted, a sentence says what to do by hand.
"""

from secassist.fixing.base import Proposer
from secassist.fixing.by_hand import ByHand
from secassist.fixing.python_rewrites import PythonRewrites
from secassist.fixing.tree_rewrites import TreeRewrites

PROPOSERS: tuple[Proposer, ...] = (PythonRewrites(), TreeRewrites(), ByHand())
