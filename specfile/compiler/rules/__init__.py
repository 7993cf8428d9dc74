"""Rules that a schema cannot say: one small function each, in one registry."""

from specfile.compiler.rules.finding import Finding, Subject
from specfile.compiler.rules.plans import AccountPlan, account_plan, plan_names
from specfile.compiler.rules.registry import RULES, Rule

__all__ = ["RULES", "AccountPlan", "Finding", "Rule", "Subject", "account_plan", "plan_names"]
