"""From a spec and its rows to videos: the whole compiler, read top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from specfile.compiler.check import About, check_losses, check_request, check_rest
from specfile.compiler.default_voices import default_voices, with_pinned_voice
from specfile.compiler.estimate import estimate
from specfile.compiler.evaluate import Evaluator, Failed
from specfile.compiler.expand import Declared, Expanded, Expander
from specfile.compiler.files import Files
from specfile.compiler.lower import dialect_of, lower, request, v2_payload
from specfile.compiler.names import same_names, scene_names
from specfile.compiler.origin import Origin
from specfile.compiler.output import lock_path, video_key, video_path
from specfile.compiler.remarks import Watch, remarks
from specfile.compiler.rules import AccountPlan
from specfile.compiler.scenes import SceneReader
from specfile.compiler.scope import Scope
from specfile.compiler.settings import api_settings
from specfile.compiler.templating.templates import Templates
from specfile.compiler.unique import Uniqueness
from specfile.compiler.unreached import unreached
from specfile.compiler.values import Field, Value
from specfile.data import Row
from specfile.diagnostics import Diagnostic, Span, SpecError, has_errors
from specfile.film import FILM_SETTINGS, METADATA_FIELDS, Api, Asset, Film, Json, Scene, Video, VideoFormat
from specfile.language import Spec
from specfile.schemas import shape


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one row came to: a video, or the reasons why not. A video may come with warnings."""

    video: Video | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What videos are compiled for.

    Attributes:
        local: whether files go where `--local` keeps them.
        api: the dialect, where it isn't the spec's own.
        account: the plan whose limits videos are held against.
        pins: the default voices of avatars, as the lock holds them.
        voiceless: avatars for which the service named no default voice, and what is wrong with them.
    """

    local: bool = False
    api: Api | None = None
    account: AccountPlan | None = None
    pins: Mapping[str, str] = field(default_factory=dict)
    voiceless: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """One video as its row makes it, before it is held against the service's rules.

    `output` is None where something was reported about it. `sound` are the numbers of the scenes about which
    nothing was.
    """

    scope: Scope
    output: Path | None
    film: Film
    metadata: Mapping[str, str]
    origin: Origin
    sound: tuple[int, ...]
    assets: tuple[Asset, ...]
    default_voices: Mapping[str, str | None]
    found: tuple[Diagnostic, ...]


class Compiler:
    """Compiles the rows of one spec. `declared` are the variables of its blocks."""

    def __init__(self, spec: Spec, declared: Declared, target: Target | None = None) -> None:
        self._spec = spec
        self._declared = declared
        self._target = target or Target()
        self._api = self._target.api or _api(spec)
        macros = spec.root / "templates"
        self._templates = Templates(macros, spec.source.name_of(macros))
        self._files = Files(spec.root)
        self._watch = Watch()
        self._folders = {name: source.path.parent for name, source in spec.sources.items()}

    def videos(self, rows: Iterable[Row | tuple[Diagnostic, ...]]) -> Iterator[Outcome]:
        """Every video of these rows, in their order. A row that was refused already passes through.

        At the end comes what is wrong where no row came and, where nothing was wrong, what is remarkable
        about all of them together.
        """
        known: set[tuple[str, Span | None]] = set()
        for outcome in self._outcomes(rows):
            known.update((one.code, one.span) for one in outcome.diagnostics if has_errors([one]))
            yield outcome
        reader = self._reader(self._evaluator())
        rest = tuple(unreached(self._spec, reader, self._watch))
        if known or has_errors(rest):
            errors = [one for one in rest if has_errors([one])]
            yield Outcome(None, tuple(one for one in errors if (one.code, one.span) not in known))
        else:
            yield Outcome(None, (*rest, *remarks(self._spec, self._templates, self._watch)))

    def _outcomes(self, rows: Iterable[Row | tuple[Diagnostic, ...]]) -> Iterator[Outcome]:
        unique = Uniqueness(self._spec, self._templates)
        for row in rows:
            if not isinstance(row, Row):
                yield Outcome(None, row)
                continue
            self._watch.row(row)
            for outcome, scope in self._row(row):
                clashes = unique.clashes(outcome.video, scope) if outcome.video is not None else ()
                yield Outcome(None, (*outcome.diagnostics, *clashes)) if clashes else outcome

    def lock_path(self, row: Row) -> Path:
        """Where the spec's lock lies. `row` holds the values given for the whole build, not a person's.

        Raises:
            SpecError: `output.lock` has no value, or leaves the project.
        """
        evaluator = self._evaluator()
        try:
            return lock_path(self._spec, evaluator, self._files, self._scope(row), local=self._target.local)
        except Failed:
            raise SpecError(evaluator.found) from None

    def _row(self, row: Row) -> Iterator[tuple[Outcome, Scope]]:
        """The videos of one row: one, none where `if` leaves it out, several where `for` repeats it."""
        evaluator = self._evaluator()
        expander = self._expander(evaluator, self._reader(evaluator))
        block = self._spec.block
        scope = self._scope(row)
        try:
            scope = expander.bind(block, scope)
            rounds = [one for one in expander.repeats(block, scope) if expander.included(block, one)]
        except Failed:
            yield Outcome(None, tuple(evaluator.found)), scope
            return
        for inner in rounds:
            draft = self._draft(inner)
            yield self._judged(draft), draft.scope

    def _draft(self, scope: Scope) -> _Draft:
        evaluator = self._evaluator()
        reader = self._reader(evaluator)
        try:
            scope = scope.with_key(video_key(self._spec, evaluator, scope))
            output = video_path(self._spec, evaluator, self._files, scope, local=self._target.local)
        except Failed:
            output = None
        settings = api_settings(self._spec, evaluator, shape("v2"), scope)
        scenes = tuple(self._expander(evaluator, reader).contents(self._spec.block, scope, {}))
        asked_for = default_voices((one.value for one in scenes), self._target.pins)
        if asked_for:
            pins = self._target.pins
            scenes = tuple(replace(one, value=with_pinned_voice(one.value, pins)) for one in scenes)
        return _Draft(
            scope=scope,
            output=output,
            film=Film(
                scenes=tuple(_scene(one.value) for one in scenes if one.sound),
                settings=_plain(settings, FILM_SETTINGS),
                format=_format(self._spec),
            ),
            metadata=_plain(settings, METADATA_FIELDS),
            origin=_origin(self._spec, settings, scenes, scope),
            sound=tuple(number for number, one in enumerate(scenes) if one.sound),
            assets=_used(reader.assets.values(), scenes),
            default_voices=asked_for,
            found=(*evaluator.found, *same_names(scenes)),
        )

    def _judged(self, draft: _Draft) -> Outcome:
        """The draft held against the schema and the rules, and said in the words of its dialect."""
        found, film = list(draft.found), draft.film
        payload = v2_payload(film, draft.metadata)
        if draft.output is None or has_errors(found):
            return Outcome(None, (*found, *check_rest("v2", payload, draft.sound, draft.origin)))
        expected = cache(lambda: estimate(film, draft.assets))
        target = self._target
        about = About(self._api, film.format, target.account, lambda: expected().seconds, target.voiceless)
        found.extend(check_request("v2", payload, draft.origin, about))
        if has_errors(found):
            return Outcome(None, tuple(found))
        dialect = dialect_of(self._api, film)
        lowered = lower(dialect, film, draft.metadata)
        found.extend(check_losses(dialect, lowered.findings, draft.origin))
        if lowered.payload is None:
            return Outcome(None, tuple(found))
        video = Video(
            request=request(str(draft.scope.key), film, self._api, lowered.payload, draft.assets),
            film=film.canonical,
            metadata=draft.metadata,
            output=draft.output,
            seconds=expected().seconds,
            cost_usd=expected().cost_usd,
            default_voices=draft.default_voices,
        )
        return Outcome(video, tuple(found))

    def _evaluator(self) -> Evaluator:
        return Evaluator(self._templates, self._spec)

    def _expander(self, evaluator: Evaluator, reader: SceneReader) -> Expander:
        return Expander(evaluator, reader, self._declared, self._watch)

    def _scope(self, row: Row) -> Scope:
        return Scope.of_row(row, self._declared.get(self._spec.block.node.span, {}))

    def _reader(self, evaluator: Evaluator) -> SceneReader:
        scene_shape = shape("v2").fields["video_inputs"].item
        assert scene_shape is not None, "the v2 schema says what a scene is"  # noqa: S101
        return SceneReader(evaluator, scene_shape, self._files, self._folders)


def _origin(spec: Spec, settings: Mapping[str, Field], scenes: tuple[Expanded, ...], scope: Scope) -> Origin:
    """The request's structure with every value's place, for finding where a violation was written."""
    root = spec.block.node
    entry = root.get("scenes")
    key = entry.key.span if entry is not None else root.place
    node = entry.value if entry is not None else root
    inputs = Value(tuple(one.value for one in scenes), node)
    tree = Value({**settings, "video_inputs": Field(key, inputs)}, root)
    return Origin(spec, tree, scope, tuple(one.scope for one in scenes), scene_names(scenes))


def _api(spec: Spec) -> Api:
    return "v3" if spec.api is not None and spec.api.text == "v3" else "v2"


def _format(spec: Spec) -> VideoFormat:
    written = spec.output.format
    return "webm" if written is not None and written.text == "webm" else "mp4"


def _used(assets: Iterable[Asset], scenes: Iterable[Expanded]) -> tuple[Asset, ...]:
    """The files that a scene shows in the end; a default that every scene replaces is no upload."""
    texts = {text for one in scenes for text in _texts(one.value)}
    return tuple(asset for asset in assets if asset.placeholder in texts)


def _texts(value: Value) -> Iterator[str]:
    if value.text is not None:
        yield value.text
    for field_ in (value.fields or {}).values():
        yield from _texts(field_.value)


def _scene(value: Value) -> Scene:
    return Scene(**value.plain())


def _plain(settings: Mapping[str, Field], names: Iterable[str]) -> dict[str, Json]:
    """The settings of these names, in the order the API lists them."""
    return {name: settings[name].value.plain() for name in names if name in settings}
