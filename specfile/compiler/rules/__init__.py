"""Rules that a schema cannot say: one small function each, in one registry."""

from specfile.compiler.rules.finding import Finding, Subject
from specfile.compiler.rules.limits import shortest_limit
from specfile.compiler.rules.plans import AccountPlan, account_plan, plan_names
from specfile.compiler.rules.registry import RULES, Rule
from specfile.compiler.rules.spared import Short, Spared, Telling, Without

__all__ = [
    "RULES",
    "AccountPlan",
    "Finding",
    "Rule",
    "Short",
    "Spared",
    "Subject",
    "Telling",
    "Without",
    "account_plan",
    "plan_names",
    "shortest_limit",
]
