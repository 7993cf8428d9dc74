"""What was found in a lock, as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from specfile.report.words import count
from specfile.runner.upkeep.inspection import Inspection


def inspection_lines(name: str, inspection: Inspection) -> Iterator[str]:
    """A summary, then each finding with what to do about it."""
    lock = inspection.lock
    held = [f"{number:,} {state.value}" for state, number in sorted(inspection.states.items())]
    keys = len({key for key, _ in lock.entries})
    holds = f"{count(len(lock.entries), 'film')} of {count(keys, 'key')}" if keys else "no films"
    verdict = "sound" if inspection.is_sound else "damaged"
    yield f"{name}: {verdict}, {holds}{': ' if held else ''}{', '.join(held)}"
    for finding in inspection.findings:
        yield f"  {finding.text}"
        if finding.advice is not None:
            yield f"    {finding.advice}"
