"""Rules about what animates an avatar, for those of which the catalogue says what can."""

from __future__ import annotations

from collections.abc import Iterator

from specfile.compiler.lower.engines import Engines, is_newer_asked, look_of, newer_only
from specfile.compiler.prices import rate_of
from specfile.compiler.rules.finding import Finding, Part, Subject


def avatar_engine(subject: Subject) -> Iterator[Finding]:
    """v2 refuses an avatar that has no Avatar III unless Avatar IV is asked for, and the other way round."""
    engines = _known(subject)
    for path, character in subject.characters if engines else ():
        if is_newer_asked(character):
            if "avatar_iv" not in engines.get(look_of(character), ("avatar_iv",)):
                yield Finding(
                    (*path, "use_avatar_iv_model"),
                    f"`{look_of(character)}` has no Avatar IV, and the service refuses it with this",
                    "leave `use_avatar_iv_model` out",
                )
        elif subject.api == "v2" and newer_only(character, engines) is not None:
            yield Finding(
                (*path, "avatar_id" if "avatar_id" in character else "talking_photo_id"),
                f"`{look_of(character)}` has no Avatar III, and the service refuses it without Avatar IV, "
                'as one that "does not support unlimited mode"',
                _way_out(subject, character),
            )


def _known(subject: Subject) -> Engines:
    """What animates those who are seen, as far as that is known."""
    if subject.catalogue is None:
        return {}
    seen = {look_of(character) for _, character in subject.characters}
    found = {one: subject.catalogue.avatars.get(one) for one in seen}
    return {one: avatar.engines for one, avatar in found.items() if avatar is not None and avatar.engines}


def _way_out(subject: Subject, character: Part) -> str:
    if subject.format == "webm":
        return "choose an avatar that has Avatar III, or write `api: v3`"
    now, before = rate_of(character, "avatar_iv"), rate_of(character, "avatar_iii")
    price = f"${now:g} a second in place of ${before:g}"
    return f"add `use_avatar_iv_model: true` to the character ({price}), or choose one that has Avatar III"
