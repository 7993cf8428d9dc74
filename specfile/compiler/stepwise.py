"""Rows compiled step by step, every value with its place: it explains, and the mass path learns from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from specfile.compiler.blame import Mixed
from specfile.compiler.check import About, check_losses, check_request, check_rest
from specfile.compiler.default_voices import default_voices, with_pinned_voice
from specfile.compiler.estimate import estimate
from specfile.compiler.evaluate import Evaluator, Failed
from specfile.compiler.expand import Declared, Expanded, Expander
from specfile.compiler.files import Files
from specfile.compiler.lower import dialect_of, engines_of, lower, request, v2_payload
from specfile.compiler.names import same_names, scene_names
from specfile.compiler.origin import Origin
from specfile.compiler.output import Output, lock_path, video_key, video_output
from specfile.compiler.remarks import Watch
from specfile.compiler.rules import AccountPlan
from specfile.compiler.scenes import SceneReader
from specfile.compiler.scope import Given, Scope
from specfile.compiler.settings import api_settings
from specfile.compiler.templating.templates import Templates
from specfile.compiler.trace import Trace
from specfile.compiler.values import Field, Value
from specfile.data import Row
from specfile.diagnostics import Diagnostic, SpecError, has_errors
from specfile.film import (
    FILM_SETTINGS,
    METADATA_FIELDS,
    Api,
    Asset,
    Film,
    Json,
    Scene,
    Video,
    VideoFormat,
    WebmBody,
    WholeVideo,
)
from specfile.language import Spec
from specfile.schemas import shape

if TYPE_CHECKING:
    from specfile.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What videos are compiled for.

    Attributes:
        local: whether files go where `--local` keeps them.
        api: the dialect, where it isn't the spec's own.
        account: the plan whose limits videos are held against.
        pins: the default voices of avatars, as the lock holds them.
        voiceless: avatars for which the service named no default voice, and what is wrong with them.
        catalogue: what the account is offered, where that is known.
    """

    local: bool = False
    api: Api | None = None
    account: AccountPlan | None = None
    pins: Mapping[str, str] = field(default_factory=dict)
    voiceless: Mapping[str, str] = field(default_factory=dict)
    catalogue: Catalogue | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One video as its row makes it, before it is held against the service's rules.

    `key` and `output` are None where something was reported about them. `sound` are the numbers of the scenes
    about which nothing was.
    """

    scope: Scope
    key: Value | None
    output: Output | None
    settings: Mapping[str, Field]
    scenes: tuple[Expanded, ...]
    film: Film
    metadata: Mapping[str, str]
    origin: Origin
    sound: tuple[int, ...]
    assets: tuple[Asset, ...]
    default_voices: Mapping[str, str | None]
    found: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one video came to. `draft` is None where its row failed before there was one."""

    scope: Scope
    draft: Draft | None
    video: Video | None
    diagnostics: tuple[Diagnostic, ...]


class Stepwise:
    """Compiles the rows of one spec, one after the other. `declared` are the variables of its blocks."""

    def __init__(self, spec: Spec, declared: Declared, target: Target, watch: Watch) -> None:
        self.spec = spec
        self.target = target
        self.api: Api = target.api or _api(spec)
        self.engines = engines_of(target.catalogue)
        self.webm_body = _webm_body(spec)
        macros = spec.root / "templates"
        self.templates = Templates(macros, spec.source.name_of(macros))
        self.files = Files(spec.root, self.api)
        self._declared = declared
        self._watch = watch
        self._folders = {name: source.path.parent for name, source in spec.sources.items()}

    def videos(self, row: Row, trace: Trace | None = None) -> Iterator[Judged]:
        """The videos of one row: one, none where `if` leaves it out, several where `for` repeats it."""
        evaluator = self._evaluator(trace)
        expander = self._expander(evaluator, self._reader(evaluator))
        block = self.spec.block
        scope = self._scope(row)
        try:
            scope = expander.bind(block, scope)
            rounds = [one for one in expander.repeats(block, scope) if expander.included(block, one)]
        except Failed:
            yield Judged(scope, None, None, tuple(evaluator.found))
            return
        for inner in rounds:
            yield self._judged(self._draft(inner, trace))

    def lock_path(self, row: Row) -> Path:
        """Where the spec's lock lies. `row` holds the values given for the whole build, not a person's.

        Raises:
            SpecError: `output.lock` has no value, or leaves the project.
        """
        evaluator = self._evaluator()
        try:
            return lock_path(self.spec, evaluator, self.files, self._scope(row), local=self.target.local)
        except Failed:
            raise SpecError(evaluator.found) from None

    def reader(self) -> SceneReader:
        """What reads scenes that no row has come to."""
        return self._reader(self._evaluator())

    def _draft(self, scope: Scope, trace: Trace | None) -> Draft:
        evaluator = self._evaluator(trace)
        reader = self._reader(evaluator)
        key, output = None, None
        try:
            key = video_key(self.spec, evaluator, scope)
            maker = Given(key.yielded) if isinstance(key.yielded, Mixed) else None
            scope = scope.with_key(key.text or "", maker)
            output = video_output(self.spec, evaluator, self.files, scope, key, local=self.target.local)
        except Failed:
            pass
        settings = api_settings(self.spec, evaluator, shape("v2"), scope)
        scenes = tuple(self._expander(evaluator, reader).contents(self.spec.block, scope, {}))
        asked_for = default_voices((one.value for one in scenes), self.target.pins)
        if asked_for:
            pins = self.target.pins
            scenes = tuple(replace(one, value=with_pinned_voice(one.value, pins)) for one in scenes)
        return Draft(
            scope=scope,
            key=key,
            output=output,
            settings=settings,
            scenes=scenes,
            film=Film(
                scenes=tuple(_scene(one.value) for one in scenes if one.sound),
                settings=_plain(settings, FILM_SETTINGS),
                format=_format(self.spec),
            ),
            metadata=_plain(settings, METADATA_FIELDS),
            origin=_origin(self.spec, settings, scenes, scope),
            sound=tuple(number for number, one in enumerate(scenes) if one.sound),
            assets=_used(reader.assets.values(), scenes),
            default_voices=asked_for,
            found=(*evaluator.found, *same_names(scenes)),
        )

    def _judged(self, draft: Draft) -> Judged:
        """The draft held against the schema and the rules, and said in the words of its dialect."""
        found, film = list(draft.found), draft.film
        payload = v2_payload(film, draft.metadata)
        if draft.output is None or has_errors(found):
            rest = check_rest("v2", payload, draft.sound, draft.origin)
            return Judged(draft.scope, draft, None, (*found, *rest))
        dialect = dialect_of(self.api, film)
        expected = cache(lambda: estimate(film, draft.assets, dialect, self.engines))
        target = self.target
        about = About(
            self.api,
            film.format,
            target.account,
            lambda: expected().seconds,
            target.voiceless,
            target.catalogue,
        )
        found.extend(check_request("v2", payload, draft.origin, about))
        if has_errors(found):
            return Judged(draft.scope, draft, None, tuple(found))
        lowered = lower(dialect, film, draft.metadata, self.engines, self.webm_body)
        found.extend(check_losses(dialect, lowered.findings, draft.origin))
        if lowered.payload is None:
            return Judged(draft.scope, draft, None, tuple(found))
        video = WholeVideo(
            request=request(str(draft.scope.key), film, self.api, lowered.payload, draft.assets),
            film=film.canonical,
            metadata=draft.metadata,
            output=draft.output.path,
            seconds=expected().seconds,
            cost_usd=expected().cost_usd,
            default_voices=draft.default_voices,
        )
        return Judged(draft.scope, draft, video, tuple(found))

    def _evaluator(self, trace: Trace | None = None) -> Evaluator:
        return Evaluator(self.templates, self.spec, trace)

    def _expander(self, evaluator: Evaluator, reader: SceneReader) -> Expander:
        return Expander(evaluator, reader, self._declared, self._watch)

    def _scope(self, row: Row) -> Scope:
        return Scope.of_row(row, self._declared.get(self.spec.block.node.span, {}))

    def _reader(self, evaluator: Evaluator) -> SceneReader:
        scene_shape = shape("v2").fields["video_inputs"].item
        assert scene_shape is not None, "the v2 schema says what a scene is"  # noqa: S101
        return SceneReader(evaluator, scene_shape, self.files, self._folders)


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


def _webm_body(spec: Spec) -> WebmBody:
    written = spec.output.webm_body
    return "scenes" if written is not None and written.text == "scenes" else "flat"


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
