"""What failed at the service, told at the line of the spec and the row of the data that are behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from specfile.compiler import Complaint
from specfile.diagnostics import Diagnostic
from specfile.errors import SpecfileError
from specfile.heygen.service_codes import meaning
from specfile.report.advice import advice
from specfile.runner import BuildResult, Plan, VideoFailure

Blame = Callable[[Mapping[str, Complaint]], Mapping[str, Diagnostic]]
"""Finds, by key of a video, the place of what the service objects to, where that can be told."""


_MOST: Final = 100
"""So many diagnostics are shown; each takes a row compiled anew, while the user waits for the summary."""


def nobody_blamed(complaints: Mapping[str, Complaint]) -> Mapping[str, Diagnostic]:  # noqa: ARG001 - one of them
    """For what no spec is behind."""
    return {}


def with_blame(result: BuildResult, plan: Plan, blame: Blame) -> BuildResult:
    """The result with the places of its failures, where the service said enough to find them."""
    digests = {action.key: action.digest for action in plan.actions}
    told = [one for one in result.failures if one.key in digests and (one.path or one.words)]
    complaints = {one.key: _complaint(one, digests[one.key]) for one in told[:_MOST]}
    if not complaints:
        return result
    try:
        return replace(result, blamed=blame(complaints))
    except SpecfileError:  # the data has changed meanwhile; what failed is told all the same
        return result


def _complaint(failure: VideoFailure, digest: str) -> Complaint:
    known = meaning(failure.code, failure.words)
    return Complaint(
        digest=digest,
        path=failure.path,
        words=failure.words,
        message=known.means[:-1] if known is not None else f"the service refuses this: {failure.code}",
        hint=advice(failure.code, failure.words),
    )
