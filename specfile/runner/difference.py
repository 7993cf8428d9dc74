"""Where two films first differ, in the spec's own terms."""

from __future__ import annotations

from collections.abc import Mapping

from specfile.film import Json


def first_difference(old: Json, new: Json) -> str | None:
    """The path of the first place where two canonical films differ, such as `scenes[1].voice.input_text`.

    A film whose scenes only grew or shrank differs at `scenes`. None means that they are equal.
    """
    return _difference(old, new, "")


def _difference(old: Json, new: Json, path: str) -> str | None:
    if old == new:
        return None
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in sorted(old.keys() | new.keys(), key=lambda name: (name != "scenes", name)):
            inner = f"{path}.{name}" if path else name
            if name not in old or name not in new:
                return inner
            found = _difference(old[name], new[name], inner)
            if found is not None:
                return found
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return next(_difference(a, b, f"{path}[{index}]") for index, (a, b) in pairs if a != b)
    return path
