"""What an account is offered and has left, as tables and in detail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from rich.console import Group as Lines
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from specfile.catalogue import Avatar, Catalogue, Group, Kind, Locale, Voice
from specfile.heygen import Holding, Quota
from specfile.report.words import count, money

_KINDS: Final[Mapping[Kind, str]] = {"avatar": "avatar", "talking_photo": "photo"}

_ENGINES: Final[Mapping[str, str]] = {"avatar_iii": "III", "avatar_iv": "IV", "avatar_v": "V"}

_POOLS: Final[Mapping[str, str]] = {
    "wallet": "prepaid wallet",
    "premium_credits": "premium credits of the plan",
    "add_on_credits": "add-on credits",
    "spending_cap_usd": "left below the spending cap",
    "included_credits": "included credits",
    "api": "API credits",
    "plan_credit": "plan credits",
    "generative_credit": "generative credits",
    "streaming_avatar": "streaming credits",
    "remaining_quota": "remaining quota",
}

_BILLED: Final[Mapping[str, str]] = {
    "wallet": "from a prepaid wallet",
    "subscription": "by a subscription",
    "usage_based": "by what is used",
}


def engine_names(avatar: Avatar) -> str:
    """The engines that can render it, as people call them: `Avatar III, IV`."""
    names = ", ".join(_ENGINES.get(one, one) for one in avatar.engines)
    return f"Avatar {names}" if names else ""


def takes(voice: Voice) -> str:
    """What a voice takes besides text."""
    return ", ".join(name for name in ("pause", "emotion", "locale") if getattr(voice, name))


def avatars_table(avatars: Iterable[Avatar], catalogue: Catalogue) -> RenderableType:
    """A row for each avatar, with the line to write."""
    table = _table("write", "name", "gender", "default voice", "group", "tags")
    for one in avatars:
        voice = catalogue.voices.get(one.default_voice_id or "")
        table.add_row(
            Text(one.line),
            Text(_named(one)),
            Text(one.gender or ""),
            Text(voice.name if voice is not None else one.default_voice_id or ""),
            Text(one.group_name or one.group_id or ""),
            Text(", ".join(one.tags)),
        )
    return table


def voices_table(voices: Iterable[Voice]) -> RenderableType:
    """A row for each voice, with the line to write."""
    table = _table("write", "name", "language", "gender", "takes")
    for one in voices:
        table.add_row(
            Text(one.line), Text(_named(one)), Text(one.language or ""), Text(one.gender or ""), takes(one)
        )
    return table


def groups_table(groups: Iterable[Group]) -> RenderableType:
    """A row for each group."""
    table = _table("group", "name", "looks", "of")
    for one in groups:
        table.add_row(Text(one.id), Text(_named(one)), str(one.looks or ""), f"{_KINDS[one.kind]}s")
    return table


def locales_table(locales: Iterable[Locale]) -> RenderableType:
    """A row for each accent, with the line to write."""
    table = _table("write", "accent", "language")
    for one in locales:
        table.add_row(Text(f"locale: {one.id}"), Text(one.label), Text(one.language or ""))
    return table


def avatar_details(avatar: Avatar, catalogue: Catalogue) -> RenderableType:
    """Everything that is known of one avatar, with the line to write."""
    voice = catalogue.voices.get(avatar.default_voice_id or "")
    return _details(
        avatar.name,
        (
            ("write", avatar.line),
            ("is", _whose(avatar.is_public, "photo look" if avatar.kind == "talking_photo" else "avatar")),
            ("gender", avatar.gender),
            ("default voice", voice.line if voice is not None else _voice_of(avatar)),
            ("", _about(voice) if voice is not None else None),
            ("engines", engine_names(avatar)),
            ("orientation", avatar.orientation),
            ("group", _group_of(avatar)),
            ("premium", "yes" if avatar.is_premium else None),
            ("tags", ", ".join(avatar.tags)),
            ("status", avatar.status),
            ("picture", avatar.preview_image),
            ("clip", avatar.preview_video),
        ),
    )


def voice_details(voice: Voice) -> RenderableType:
    """Everything that is known of one voice, with the line to write."""
    return _details(
        voice.name,
        (
            ("write", voice.line),
            ("is", _whose(voice.is_public, "voice")),
            ("language", voice.language),
            ("gender", voice.gender),
            ("pauses", _said(voice.pause, '<break time="1s"/> in the text')),
            ("emotion", _said(voice.emotion, "emotion: Friendly")),
            ("locale", _said(voice.locale, "locale: en-GB")),
            ("sample", voice.preview_audio),
        ),
    )


def quota_view(quota: Quota) -> RenderableType:
    """What is left, pool by pool; those that a key renders from come first."""
    rows: list[tuple[str, str | None]] = [
        ("account", quota.name),
        ("billed", _billed(quota)),
        *((_POOLS.get(one.what, one.what), _left(one)) for one in _sorted(quota.holdings)),
    ]
    if not quota.holdings:
        rows.append(("left", "the service doesn't say"))
    return Lines(*_rows(rows))


def _billed(quota: Quota) -> str | None:
    if quota.billing is None:
        return None
    told = _BILLED.get(quota.billing, quota.billing)
    if quota.plan is not None:
        told += f", plan {quota.plan}"
    if quota.fills_itself is not None:
        told += ", filled up by itself" if quota.fills_itself else ", not filled up by itself"
    return told


def _sorted(holdings: Sequence[Holding]) -> list[Holding]:
    return sorted(holdings, key=lambda one: one.renders is False)


def _left(one: Holding) -> str:
    told = money(one.left) if one.unit == "USD" else f"{one.left:,.1f} credits"
    if one.of is not None:
        told += f" of {money(one.of) if one.unit == 'USD' else f'{one.of:,.1f}'}"
    if one.until is not None:
        told += f", filled up {one.until[:10]}"
    if one.renders is False:
        told += " (videos made with a key aren't paid from these)"
    return told


def _details(title: str, rows: Sequence[tuple[str, str | None]]) -> RenderableType:
    return Lines(Text(title, style="bold"), *_rows(rows))


def _rows(rows: Sequence[tuple[str, str | None]]) -> Iterator[RenderableType]:
    """Names and what they are, one below the other; what isn't known is left out."""
    told = [(name, value) for name, value in rows if value]
    width = max((len(name) for name, _ in told), default=0)
    for name, value in told:
        # One line each, however long: a link that is broken over lines can't be copied.
        yield Text.assemble((f"  {name:<{width}}  ", "dim"), value, no_wrap=True, overflow="ignore")


def _named(one: Avatar | Voice | Group) -> str:
    return f"{one.name} (own)" if one.is_public is False else one.name


def _whose(is_public: bool | None, what: str) -> str:
    if is_public is None:
        return what
    return f"public {what}" if is_public else f"your own {what}"


def _voice_of(avatar: Avatar) -> str:
    if avatar.default_voice_id is not None:
        return f"voice: {avatar.default_voice_id}"
    return "none: a scene has to name its voice"


def _group_of(avatar: Avatar) -> str | None:
    if avatar.group_id is None:
        return None
    return f"{avatar.group_name} ({avatar.group_id})" if avatar.group_name else avatar.group_id


def _about(voice: Voice) -> str:
    return ", ".join(filter(None, (voice.name, voice.language, voice.gender)))


def _said(flag: bool | None, how: str) -> str | None:
    if flag is None:
        return None
    return f"yes: {how}" if flag else "no"


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in names:
        table.add_column(name, overflow="fold", no_wrap=name == names[0])
    return table


def shown(part: int, whole: int, noun: str) -> str:
    """How many of how many: `12 avatars`, `50 of 1,264 avatars`."""
    return count(whole, noun) if part == whole else f"{part:,} of {count(whole, noun)}"
