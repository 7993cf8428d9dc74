"""Fills in all templates of a row's videos with as few calls as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from specfile.compiler.mass.learned import Lesson
from specfile.compiler.mass.sources import Miss, Own, Source, State, names_for
from specfile.compiler.templating.limits import MAX_SIZE
from specfile.compiler.templating.templates import Templates
from specfile.compiler.templating.together import Together, Wanted
from specfile.compiler.trace import Evaluation


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template of words and names that hold text: no more than putting them together.

    `words` has a place for a name behind each of its words but the last.
    """

    words: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], tuple[Any, ...]]

    def text(self, names: Mapping[str, Any]) -> str:
        """The text, trimmed. TypeError where a name holds none; Miss where it is too long for a template."""
        pieces = list(self.words)
        pieces[1::2] = self.pick(names)
        return _trimmed("".join(pieces))


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
            values[slot] = pattern.text(state.names)
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


def rendering_of(
    lesson: Lesson, held: Sequence[Evaluation], templates: Templates, texts: frozenset[str]
) -> Rendering:
    """How the texts of `held` evaluations come about, each in the slot of its place in the sequence.

    `texts` are the row's names that hold text in every row.
    """
    patterns: list[tuple[int, Pattern]] = []
    joint: list[_Joint] = []
    alone: list[tuple[int, Source]] = []
    for slot, one in enumerate(held):
        template, reads = one.mixed.template, lesson.reads(one)
        whole = reads.keys() == template.reads
        if whole and template.bare is not None and _are_texts(reads, texts):
            patterns.append((slot, _pattern(template.bare)))
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


def _are_texts(reads: Mapping[str, Source], texts: Iterable[str]) -> bool:
    return all(isinstance(source, Own) and source.name in texts for source in reads.values())


def _pattern(bare: Sequence[str | tuple[str]]) -> Pattern:
    """The words of a template, and the names in it, as a pattern to fill in."""
    words, names = [""], []
    for one in bare:
        if isinstance(one, tuple):
            names.append(one[0])
            words += ["", ""]
        else:
            words[-1] += one
    if len(names) > 1:
        return Pattern(tuple(words), itemgetter(*names))
    (name,) = names
    return Pattern(tuple(words), lambda values: (values[name],))
