"""Makes a route of one row that was compiled step by step: its decisions, its templates, and its moulds."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from specfile.compiler.blame import Mixed
from specfile.compiler.estimate import scene_rate, scene_seconds, sound_lengths
from specfile.compiler.lower import dialect_of, lower, v2_payload
from specfile.compiler.made import frame
from specfile.compiler.mass.holes import Hole, Path, hole, may_differ
from specfile.compiler.mass.jsoncast import Cast, marked
from specfile.compiler.mass.learned import Lesson, Unlearnable
from specfile.compiler.mass.moulds import Mould
from specfile.compiler.mass.naming import Naming, Text, odd_names
from specfile.compiler.mass.rendering import rendering_of
from specfile.compiler.mass.routes import Decision, Route, decisions_of
from specfile.compiler.mass.ruling import Speech, ruling_of
from specfile.compiler.stepwise import Draft, Judged, Stepwise
from specfile.compiler.trace import Evaluation, Trace
from specfile.compiler.values import Value
from specfile.data import Row
from specfile.film import (
    FILM_SETTINGS,
    METADATA_FIELDS,
    Film,
    Json,
    Scene,
    Video,
    canonical_json,
)


def cast_route(
    stepwise: Stepwise, row: Row, trace: Trace, judged: Sequence[Judged], texts: frozenset[str]
) -> tuple[list[Decision], Route]:
    """What decided the way of a row, and the route at its end.

    Args:
        stepwise: what compiled the row.
        row: the row.
        trace: what happened on its way.
        judged: the videos that it made, all of them sound.
        texts: the row's names that hold text in every row.

    Raises:
        Unlearnable: what came of it can't be told from the values alone.
    """
    videos = [(one.draft, one.video) for one in judged if one.draft is not None and one.video is not None]
    if len(videos) != len(judged):
        raise Unlearnable
    by_mixed = {id(one.mixed): one for one in trace.evaluations}
    places = [_places(draft, stepwise, by_mixed) for draft, _ in videos]
    wanted = frozenset(key for one in places for key in one.found)
    lesson = Lesson(
        trace=trace,
        varying=row.columns | row.defaulted & texts | {"row", "key"},
        defaults=row.defaulted & texts,
        held=wanted,
        scopes=tuple(scene.scope for draft, _ in videos for scene in draft.scenes),
    )
    held = [one for one in lesson.events if id(one.mixed) in wanted and lesson.is_free(one)]
    slots = {id(one.mixed): slot for slot, one in enumerate(held)}
    moulds = tuple(
        _Caster(stepwise, draft, video, one, slots).mould()
        for (draft, video), one in zip(videos, places, strict=True)
    )
    rendering = rendering_of(lesson, held, stepwise.templates)
    return decisions_of(lesson), Route(rendering, moulds, tuple(trace.answers))


@dataclass(frozen=True)
class _Places:
    """Where in a request the text of each evaluation stands, by the `id` of its mixture.

    `naming` are those that a video's key and file are made of, which may stand nowhere else.
    """

    paths: Mapping[int, Sequence[Path]]
    naming: frozenset[int]

    @property
    def found(self) -> frozenset[int]:
        return self.naming | self.paths.keys()


def _places(draft: Draft, stepwise: Stepwise, by_mixed: Mapping[int, Evaluation]) -> _Places:
    """The places of every text that may differ from row to row while the rest of the request stays."""
    paths: dict[int, list[Path]] = defaultdict(list)
    bad: set[int] = set()
    payload = v2_payload(draft.film, draft.metadata)
    for path, value in _leaves(draft):
        one = _evaluation(value, by_mixed)
        if one is None:
            continue
        paths[id(one.mixed)].append(path)
        is_decisive = stepwise.api == "v3" and stepwise.engines and path[-1] == "avatar_id"
        may = not is_decisive and may_differ(path, stepwise.api, draft.film.format)
        if not may or not _is_hole(payload, path, value):
            bad.add(id(one.mixed))
    assert draft.key is not None and draft.output is not None, "a sound video has both"  # noqa: S101, PT018
    named = (_evaluation(value, by_mixed) for value in (draft.key, draft.output.name))
    naming = frozenset(id(one.mixed) for one in named if one is not None)
    if draft.default_voices and any(path[-1] == "avatar_id" for one in paths.values() for path in one):
        raise Unlearnable
    return _Places({key: one for key, one in paths.items() if key not in bad}, naming - bad)


def _evaluation(value: Value, by_mixed: Mapping[int, Evaluation]) -> Evaluation | None:
    """The evaluation whose text a value is, as it was yielded."""
    one = by_mixed.get(id(value.yielded)) if isinstance(value.yielded, Mixed) else None
    if one is None or value.text is None or one.kind not in (None, "text"):
        return None
    return one if isinstance(one.content, str) and one.content.strip() == value.text else None


def _is_hole(payload: Json, path: Path, value: Value) -> bool:
    try:
        return hole(payload, [path], value.text or "").takes(value.text or "")
    except KeyError:
        return False


def _leaves(draft: Draft) -> Iterator[tuple[Path, Value]]:
    for number, scene in enumerate(draft.scenes):
        yield from _inner(("video_inputs", number), scene.value)
    for name, field in draft.settings.items():
        yield from _inner((name,), field.value)


def _inner(path: Path, value: Value) -> Iterator[tuple[Path, Value]]:
    if value.fields is None:
        yield path, value
        return
    for name, field in value.fields.items():
        yield from _inner((*path, name), field.value)


@dataclass(frozen=True)
class _Caster:
    """Makes the mould of one video. `slots` are those of the evaluations whose text is poured in."""

    stepwise: Stepwise
    draft: Draft
    video: Video
    places: _Places
    slots: Mapping[int, int]

    def mould(self) -> Mould:
        draft, video = self.draft, self.video
        mark = secrets.token_hex(16)
        film = Film(
            scenes=tuple(Scene(**self._marked(one.value, mark)) for one in draft.scenes),
            settings=self._settings(FILM_SETTINGS, mark),
            format=draft.film.format,
        )
        metadata = self._settings(METADATA_FIELDS, mark)
        step = self.stepwise
        lowered = lower(dialect_of(step.api, film), film, metadata, step.engines, step.webm_body)
        payload = v2_payload(draft.film, draft.metadata)
        holes = self._holes(payload)
        speeches = tuple(self._speech(number, one) for number, one in enumerate(draft.film.scenes))
        return Mould(
            naming=self._naming(),
            lengths=tuple((one.shortest, one.longest) for one in holes),
            holes=tuple((slot, one) for slot, one in enumerate(holes) if one.asks_more),
            body=Cast.at_marks(orjson.dumps(lowered.payload), mark),
            film=Cast.at_marks(canonical_json(film.content()), mark),
            v2_body=Cast.at_marks(orjson.dumps(v2_payload(film, metadata)), mark),
            frame=frame(video.request),
            api=video.request.api,
            endpoint=video.request.endpoint,
            assets=video.request.assets,
            metadata={name: self._slot_of(draft.settings[name].value) for name in metadata},
            speeches=speeches,
            ruling=ruling_of(holes, speeches, self.stepwise.target, self.stepwise.api, draft.film.format),
            is_test=bool(draft.film.settings.get("test")),
            default_voices=draft.default_voices,
        )

    def _slot(self, value: Value) -> int | None:
        """The slot whose text a value is; None for one that is the same in every row."""
        slot = self.slots.get(id(value.yielded))
        if slot is None or value.text is None:
            return None
        return slot if id(value.yielded) in self.places.found else None

    def _slot_of(self, value: Value) -> Text:
        slot = self._slot(value)
        return slot if slot is not None else value.text or ""

    def _marked(self, value: Value, mark: str) -> Json:
        """The value as a request has it, with a mark in each place that text is poured into."""
        if value.fields is not None:
            fields = ((name, self._marked(one.value, mark)) for name, one in value.fields.items())
            return {name: one for name, one in fields if one is not None}
        slot = self._slot(value)
        return marked(slot, mark) if slot is not None else value.plain()

    def _settings(self, names: Sequence[str], mark: str) -> dict[str, Json]:
        settings = self.draft.settings
        return {name: self._marked(settings[name].value, mark) for name in names if name in settings}

    def _naming(self) -> Naming:
        draft, spec = self.draft, self.stepwise.spec
        assert draft.key is not None and draft.output is not None, "a sound video has both"  # noqa: S101, PT018
        callback = draft.settings.get("callback_id")
        return Naming(
            key=self._slot_of(draft.key),
            file=self._slot_of(draft.output.name),
            folder=draft.output.folder,
            ending=draft.output.ending,
            odd=odd_names(draft.output, self.stepwise.files),
            by_file=spec.output.file is None and (spec.output.dir is None or "{" not in spec.output.dir.text),
            callback=self._slot_of(callback.value) if callback is not None else None,
        )

    def _holes(self, payload: Json) -> list[Hole]:
        """What the text of every slot has to keep; one that names the video only has nothing to keep here."""
        keys = {slot: key for key, slot in self.slots.items()}
        paths = [self.places.paths.get(keys[slot], ()) for slot in range(len(keys))]
        return [hole(payload, one, _text_at(payload, one[0]) if one else "") for one in paths]

    def _speech(self, number: int, scene: Scene) -> Speech:
        dialect = dialect_of(self.stepwise.api, self.draft.film)
        rate = scene_rate(scene, dialect, self.stepwise.engines)
        voice = self.draft.scenes[number].value.inner("voice")
        said = voice.inner("input_text") if voice is not None else None
        slot = self._slot(said) if said is not None else None
        speed = float((scene.voice or {}).get("speed", 1))
        seconds = 0.0 if slot is not None else scene_seconds(scene, sound_lengths(self.draft.assets))
        return Speech(seconds, slot, speed, rate)


def _text_at(payload: Json, path: Path) -> str:
    for step in path:
        payload = payload[step]
    return str(payload)
