"""What scenes are called: the `id` that they are given, with a number where a scene is repeated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from specfile.compiler.expand import Expanded
from specfile.diagnostics import Diagnostic
from specfile.diagnostics.wording import show


def scene_names(scenes: Sequence[Expanded]) -> tuple[str | None, ...]:
    """A name per scene: its id, `id[i]` for those of a scene that is repeated, None where it has none."""
    total = Counter(one.id for one in scenes)
    so_far: Counter[str] = Counter()
    names: list[str | None] = []
    for one in scenes:
        if one.id is None:
            names.append(None)
            continue
        names.append(f"{one.id}[{so_far[one.id]}]" if total[one.id] > 1 else one.id)
        so_far[one.id] += 1
    return tuple(names)


def same_names(scenes: Sequence[Expanded]) -> Iterator[Diagnostic]:
    """An error for each id that two scenes of the same file were given, rather than one scene repeated."""
    first: dict[tuple[str, str], Expanded] = {}
    for one in scenes:
        span = one.value.node.span
        if one.id is None or one.named is None:
            continue
        known = first.setdefault((span.file, one.id), one)
        if known.named is not None and known.value.node.span != span:
            yield Diagnostic(
                code="duplicate-id",
                message=f"two scenes are called {show(one.id)}",
                span=one.named,
                path="id",
                hint="give one of them another id; a scene that is repeated gets a number by itself",
                related=((known.named, "the first one is here"),),
            )
