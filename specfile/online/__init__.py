"""What only the world outside can tell: whether the files that specs name by address are there."""

from specfile.online.addresses import Asked, Wanted, ask
from specfile.online.judging import Problem

__all__ = ["Asked", "Problem", "Wanted", "ask"]
