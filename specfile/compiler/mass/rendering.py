"""Fills in all templates of a row's videos with as few calls as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from specfile.compiler.mass.learned import Lesson
from specfile.compiler.mass.sources import Fixed, Miss, Own, Source, State, names_for
from specfile.compiler.templating.chains import Chain
from specfile.compiler.templating.limits import MAX_SIZE
from specfile.compiler.templating.templates import Templates
from specfile.compiler.templating.together import Together, Wanted
from specfile.compiler.trace import Evaluation


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template of words and values that are text: no more than putting them together.

    `words` has a place for a value behind each of its words but the last. `other` gives the text where a
    value is no text, but a number that has to be spelled.
    """

    words: tuple[str, ...]
    pick: Callable[[State], tuple[Any, ...]]
    other: Source

    def text(self, state: State) -> str:
        """The text, trimmed. Raises whatever evaluating the template raises."""
        pieces = list(self.words)
        pieces[1::2] = self.pick(state)
        try:
            return _trimmed("".join(pieces))
        except TypeError:
            return self.other.get(state)  # type: ignore[no-any-return] # the text of a template


@dataclass(frozen=True, slots=True)
class Group:
    """Templates that read the same values under the same names. `own` says that all are the row's."""

    together: Together
    slots: tuple[int, ...]
    reads: Mapping[str, Source]
    own: bool

    def fill(self, values: list[str], state: State) -> None:
        """Put every template's text, trimmed, into its slot."""
        names = state.names if self.own else names_for(self.reads, state)
        for slot, text in zip(self.slots, self.together.values(names), strict=False):
            if type(text) is not str:
                raise Miss
            values[slot] = _trimmed(text)


@dataclass(frozen=True, slots=True)
class Rendering:
    """All that is filled in for one way through a storyboard: texts by slot.

    `alone` are templates that keep to themselves. `checked` are values that no text needs, and that may fail.
    """

    size: int
    patterns: tuple[tuple[int, Pattern], ...]
    groups: tuple[Group, ...]
    alone: tuple[tuple[int, Source], ...]
    checked: tuple[Source, ...]

    def values(self, state: State) -> list[str]:
        """The texts of all slots. Raises whatever one of them raises; Miss where one is no text."""
        values = [""] * self.size
        for slot, pattern in self.patterns:
            values[slot] = pattern.text(state)
        for group in self.groups:
            group.fill(values, state)
        for slot, source in self.alone:
            text = source.get(state)
            if type(text) is not str:
                raise Miss
            values[slot] = text
        for source in self.checked:
            source.get(state)
        return values


def _trimmed(text: str) -> str:
    """The text without space at its ends; Miss where it is longer than one that a template may make."""
    if len(text) > MAX_SIZE:
        raise Miss
    return text.strip()


def rendering_of(lesson: Lesson, held: Sequence[Evaluation], templates: Templates) -> Rendering:
    """How the texts of `held` evaluations come about, each in the slot of its place in the sequence."""
    patterns: list[tuple[int, Pattern]] = []
    joint: list[_Joint] = []
    alone: list[tuple[int, Source]] = []
    for slot, one in enumerate(held):
        template, reads = one.mixed.template, lesson.reads(one)
        whole = reads.keys() == template.reads
        pattern = _pattern(template.bare, reads, lesson.yielded(one)) if whole and template.bare else None
        if pattern is not None:
            patterns.append((slot, pattern))
        elif whole and template.joins:
            _join(joint, slot, Wanted(template.source, one.lone), reads)
        else:
            alone.append((slot, lesson.yielded(one)))
    used = {id(one.mixed) for one in held}
    rest = [one for one in lesson.events if id(one.mixed) not in used and lesson.is_free(one)]
    return Rendering(
        size=len(held),
        patterns=tuple(patterns),
        groups=tuple(one.group(templates) for one in joint),
        alone=tuple(alone),
        checked=(
            *(lesson.yielded(one) for one in rest if lesson.role(one) is None),
            *lesson.fitted(),
        ),
    )


@dataclass
class _Joint:
    """A group in the making."""

    reads: dict[str, Source]
    wanted: list[tuple[int, Wanted]]

    def group(self, templates: Templates) -> Group:
        together = templates.together(tuple(one for _, one in self.wanted))
        own = all(source == Own(name) for name, source in self.reads.items())
        return Group(together, tuple(slot for slot, _ in self.wanted), self.reads, own)


def _join(joint: list[_Joint], slot: int, wanted: Wanted, reads: Mapping[str, Source]) -> None:
    """Add a template to the first group in which every name that it reads means the same."""
    for group in joint:
        if all(group.reads.get(name, source) is source for name, source in reads.items()):
            group.reads.update(reads)
            group.wanted.append((slot, wanted))
            return
    joint.append(_Joint(dict(reads), [(slot, wanted)]))


def _pattern(bare: Iterable[str | Chain], reads: Mapping[str, Source], other: Source) -> Pattern | None:
    """A template's words and values as a pattern; None where more than that has to be done."""
    words, sources = [""], []
    for one in bare:
        source = reads[one.root] if isinstance(one, Chain) else Fixed(one)
        if isinstance(source, Fixed):
            value = one.value({one.root: source.value}) if isinstance(one, Chain) else one
            if isinstance(value, bool) or not isinstance(value, str | int):
                return None
            words[-1] += str(value)
        elif isinstance(one, Chain) and not one.steps:
            sources.append(source)
            words += ["", ""]
        else:
            return None
    return Pattern(tuple(words), _picker(sources), other) if sources else None


def _picker(sources: Sequence[Source]) -> Callable[[State], tuple[Any, ...]]:
    """What gets the values of all sources; names of the row are got at once."""
    names = [source.name for source in sources if isinstance(source, Own)]
    if len(names) == len(sources) > 1:
        pick = itemgetter(*names)
        return lambda state: pick(state.names)
    return lambda state: tuple(source.get(state) for source in sources)
