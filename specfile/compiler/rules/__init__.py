"""Rules that a schema cannot say: one small function each, in one registry."""

from specfile.compiler.rules.finding import Finding
from specfile.compiler.rules.registry import RULES, Rule

__all__ = ["RULES", "Finding", "Rule"]
