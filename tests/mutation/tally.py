"""Counts what came of mutations, and shows the counts as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.mutation.judging import Judged, Verdict
from tests.mutation.mutating import KINDS
from tests.mutation.surgery import Mutation

_VERDICTS: tuple[Verdict, ...] = ("harmless", "right", "wrong")


@dataclass
class Tally:
    """What came of the mutations drawn with a seed. `wrong` holds those that were told at a wrong place."""

    seed: int
    counts: Counter[tuple[str, str, Verdict]] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, kind: str, mutation: Mutation, judged: Judged) -> None:
        """Count one more."""
        self.counts[kind, mutation.leaf.project.name, judged.verdict] += 1
        if judged.verdict == "wrong":
            self.wrong.append(described(kind, mutation, judged))

    @property
    def told(self) -> int:
        """How many mutations something was said of."""
        return self._sum("right") + self._sum("wrong")

    @property
    def share(self) -> float:
        """The share of these that were told at the right place."""
        return self._sum("right") / self.told

    def table(self) -> Iterator[str]:
        """The counts by kind, then by project."""
        yield f"seed {self.seed}: {self.share:.2%} of {self.told} mutations told at the right place"
        yield f"{'':32}{'tried':>9}" + "".join(f"{verdict:>10}" for verdict in _VERDICTS)
        for kind in KINDS:
            yield self._line(kind, {verdict: self._sum(verdict, kind=kind) for verdict in _VERDICTS})
        for project in sorted({project for _, project, _ in self.counts}):
            yield self._line(project, {verdict: self._sum(verdict, project=project) for verdict in _VERDICTS})

    def _line(self, name: str, counts: dict[Verdict, int]) -> str:
        return f"{name:32}{sum(counts.values()):>9}" + "".join(f"{counts[one]:>10}" for one in _VERDICTS)

    def _sum(self, verdict: Verdict, *, kind: str | None = None, project: str | None = None) -> int:
        return sum(
            count
            for (one, where, came), count in self.counts.items()
            if came == verdict and kind in (None, one) and project in (None, where)
        )


def described(kind: str, mutation: Mutation, judged: Judged | None = None) -> str:
    """A mutation and what was said first of it, for people to read."""
    before = mutation.leaf.text.text.split("\n")
    lines = mutation.text.split("\n")
    changed = [line.strip()[:160] for line in lines if line not in before] or ["(only lines left out)"]
    leaf = mutation.leaf
    first = next((one for one in judged.said if one.severity == "error"), None) if judged else None
    said = f"\n    said: {first.code}: {first.message[:160]} at {first.span}, {first.cell}" if first else ""
    return f"{kind} of `{leaf.written[:60]}` in {leaf.project.name}, {leaf.file}: {' / '.join(changed)}{said}"
