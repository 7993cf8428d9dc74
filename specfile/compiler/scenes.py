"""Shorthands become parts, parts merge, and references become urls or asset ids.

A part is `character`, `voice`, `background` or `text` of a scene, as a mapping in the API's own fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from specfile.compiler.belongs import where_it_belongs
from specfile.compiler.evaluate import NUMBER, TEXT, Evaluator, Failed
from specfile.compiler.files import Files, media_kind
from specfile.compiler.scope import Scope
from specfile.compiler.values import Field, Value, merge, place_of
from specfile.diagnostics import Severity, Span
from specfile.diagnostics.suggest import did_you_mean
from specfile.diagnostics.wording import requirement, show
from specfile.film import Asset, AssetKind
from specfile.language.blocks import SCENE_PARTS
from specfile.language.nodes import Entry, MapNode, Node
from specfile.language.paths import FileProblem
from specfile.schemas import Shape

Parts = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class _Reference:
    """The two fields of a part that a reference may be in, and what the file behind it must be."""

    url: str
    asset: str
    kind: AssetKind


_AUDIO = _Reference("audio_url", "audio_asset_id", "audio")
_BACKGROUNDS = {
    "image": _Reference("url", "image_asset_id", "image"),
    "video": _Reference("url", "video_asset_id", "video"),
}
_CHOICES = (
    {_AUDIO.url, _AUDIO.asset},
    {field for names in _BACKGROUNDS.values() for field in (names.url, names.asset)},
)
"""Fields of which a part has one: what it inherits gives way to the one that it gives itself."""


@dataclass
class SceneReader:
    """Reads the fields of a scene, or of `defaults`, into parts. Collects the local files they use."""

    evaluator: Evaluator
    shape: Shape
    files: Files
    folders: Mapping[str, Path]
    assets: dict[tuple[str, AssetKind], Asset] = field(default_factory=dict)

    def parts(self, entries: Iterable[Entry], scope: Scope, path: str) -> Parts:
        """The parts that these fields stand for.

        Raises:
            Failed: a field has no value, or two fields contradict each other; why has been reported.
        """
        parts: dict[str, Value] = {}
        failed = False
        for entry in entries:
            try:
                self._add(parts, entry, scope, f"{path}.{entry.name}")
            except Failed:
                failed = True  # go on, so that every mistake in the scene is reported at once
        if failed:
            raise Failed(path)
        return parts

    def _add(self, parts: dict[str, Value], entry: Entry, scope: Scope, path: str) -> None:
        read = self._reader(entry.name)
        if read is None:
            return
        part, value = read(entry, scope, path)
        shape = self.shape.fields[part]
        value = with_type(value, shape)
        self._refuse_unknown(value, part, scope, path)
        self._refuse_other_kind(value, shape, scope, path)
        if part in parts:
            self._refuse_contradiction(parts[part], value, entry, scope, path)
            # What the whole lacks is missing where it is written as a mapping, not in a shorthand.
            node = parts[part].node if isinstance(parts[part].node, MapNode) else value.node
            value = replace(with_type(merge(parts[part], value), shape), node=node)
        parts[part] = value

    def _reader(self, name: str) -> Callable[[Entry, Scope, str], tuple[str, Value]] | None:
        """What reads a field into a part; nothing for `id` and `split`, which no part has."""
        return {
            "say": self._say,
            "silence": self._silence,
            "audio": self._audio,
            "avatar": self._avatar,
            "photo": self._photo,
            "voice": self._voice,
            "character": self._character,
            "background": self._background,
            "text": self._text,
        }.get(name)

    def _refuse_other_kind(self, part: Value, shape: Shape, scope: Scope, path: str) -> None:
        """Refuse a `type` that there is not, or that all other fields of the part speak against."""
        written, kind = _field(part, "type"), _type(part)
        if written is None or kind is None or not shape.members:
            return
        own = [name for name, one in (part.fields or {}).items() if one is not written and not _is_null(one)]
        fitting = [name for name, fields in shape.members.items() if set(own) <= fields.keys()]
        place = place_of(written.value)
        path = f"{path}.type"
        if kind not in shape.members:
            message = f"`type` is {show(kind)}; it must be {requirement('enum', list(shape.members))}"
            hint = did_you_mean(kind, fitting if own and fitting else shape.members)
            raise self.evaluator.report("not-allowed", message, place, scope, path=path, hint=hint)
        if kind in fitting or not fitting or _media(part) == kind:
            return
        stray = next(name for name in own if name not in shape.members[kind])
        there = (part.fields or {})[stray].key
        raise self.evaluator.report(
            "contradiction",
            f"`type` is {kind}, and `{stray}` goes with {' or '.join(fitting)}",
            place,
            scope,
            path=path,
            hint=f"write `type: {fitting[0]}`, or give the fields of {kind}",
            related=((there, f"`{stray}` is written here"),),
        )

    def _refuse_unknown(self, part: Value, part_name: str, scope: Scope, path: str) -> None:
        """Refuse a field that no kind of the part has; where its kind is known, the service's rules do."""
        shape = self.shape.fields[part_name]
        if not shape.members or _type(part) is not None:
            return
        for name, one in (part.fields or {}).items():
            if name not in shape.fields and not _is_null(one):
                message, path = f"there is no `{name}` here", f"{path}.{name}"
                nearby = did_you_mean(name, ["type", *shape.fields])
                hint = where_it_belongs(("video_inputs", 0, part_name, name)) or nearby
                raise self.evaluator.report("unknown-key", message, one.key, scope, path=path, hint=hint)

    def _refuse_contradiction(
        self, first: Value, second: Value, entry: Entry, scope: Scope, path: str
    ) -> None:
        if first.fields is None or second.fields is None:
            message = f"`{entry.name}` and an empty value for the same part contradict each other"
            hint = "remove one of the two; `null` takes away what `defaults` give"
            raise self.evaluator.report("contradiction", message, entry.key.span, scope, path=path, hint=hint)
        for name, here in second.fields.items():
            there = first.fields.get(name)
            if there is None or (name == "type" and here.value.content == there.value.content):
                continue
            message = f"`{entry.name}` says again what another field of this scene says (`{name}`)"
            if name == "type":
                kinds = (there.value.content, here.value.content)
                message = f"a scene is either {kinds[0]} or {kinds[1]}, not both"
            raise self.evaluator.report(
                "contradiction", message, entry.key.span, scope, path=path, hint="keep one of the two"
            )

    # --- one reader per field -------------------------------------------------------------------------

    def _say(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        text = self.evaluator.value(entry.value, TEXT, scope, path)
        return "voice", _mapping(entry, type="text", input_text=text)

    def _silence(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        seconds = self.evaluator.value(entry.value, NUMBER, scope, path)
        return "voice", _mapping(entry, type="silence", duration=seconds)

    def _audio(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        reference = self.evaluator.value(entry.value, TEXT, scope, path)
        part = _mapping(entry, type="audio", audio_url=reference)
        return "voice", self._audio_reference(part, scope, path)

    def _avatar(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        avatar = self.evaluator.value(entry.value, TEXT, scope, path)
        return "character", _mapping(entry, type="avatar", avatar_id=avatar)

    def _photo(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        photo = self.evaluator.value(entry.value, TEXT, scope, path)
        if photo.text is not None and (is_reference(photo.text) or media_kind(photo.text) is not None):
            self._refuse_remote_photo(photo, scope, path)
            photo = self._upload(photo, "talking_photo", scope, path)
        return "character", _mapping(entry, type="talking_photo", talking_photo_id=photo)

    def _voice(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        value = self.evaluator.part(entry.value, self.shape.fields["voice"], scope, path)
        if value.text is not None:
            value = _mapping(entry, voice_id=value)
        return "voice", self._audio_reference(value, scope, path)

    def _character(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        return "character", self.evaluator.value(entry.value, self.shape.fields["character"], scope, path)

    def _background(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        value = self.evaluator.part(entry.value, self.shape.fields["background"], scope, path)
        if value.text is not None and value.text.startswith("#"):
            return "background", _mapping(entry, type="color", value=value)
        if value.text is not None:
            value = _mapping(entry, url=value)
        return "background", self._background_reference(value, scope, path)

    def _text(self, entry: Entry, scope: Scope, path: str) -> tuple[str, Value]:
        value = self.evaluator.part(entry.value, self.shape.fields["text"], scope, path)
        if value.text is not None:
            value = _mapping(entry, type="text", text=value, line_height=Value(1, entry.value))
        return "text", _typed(value, "text")

    # --- references -----------------------------------------------------------------------------------

    def _audio_reference(self, part: Value, scope: Scope, path: str) -> Value:
        return self._settled(part, _AUDIO, scope, path)

    def _background_reference(self, part: Value, scope: Scope, path: str) -> Value:
        given = _field(part, "url")
        reference = given.value.text if given else None
        kind = _type(part) or (media_kind(reference) if reference else None)
        if kind is not None and kind in _BACKGROUNDS:
            part = self._settled(part, _BACKGROUNDS[kind], scope, path)
        elif given is not None and reference is not None and kind is None:
            raise self._unknown_kind(given.value, reference, scope, path)
        return _typed(part, kind) if kind else part

    def _unknown_kind(self, value: Value, reference: str, scope: Scope, path: str) -> Failed:
        """A background that could be anything: neither its type nor a file's ending is there."""
        if is_url(reference) or reference.startswith("asset:"):
            message = f"nothing tells whether {reference} is an image or a video"
            hint = f"write `background: {{type: image, url: {reference}}}`"
        else:
            message = f"{reference or show('')} is neither a colour, nor an image or video"
            hint = 'write a colour as `"#RRGGBB"`, or a file that ends in .png, .jpg, .mp4 or .webm'
        return self.evaluator.report("wrong-file-type", message, place_of(value), scope, path=path, hint=hint)

    def _settled(self, part: Value, names: _Reference, scope: Scope, path: str) -> Value:
        """The part with its reference under the field that it belongs in, whichever it was written in.

        An asset field holds a bare id unless that looks like a reference; a url field never does.
        """
        field = _field(part, names.url) or _field(part, names.asset)
        reference = field.value.text if field else None
        if field is None or reference is None or (_field(part, names.url) and _field(part, names.asset)):
            return part  # where both are written the service's rules say so
        if is_url(reference):
            self._refuse_open_link(field.value, scope, path)
            return _replace(part, field, names.url, field.value)
        if _field(part, names.url) is None and not is_reference(reference):
            return part
        return _replace(part, field, names.asset, self._asset_id(field.value, names.kind, scope, path))

    def _refuse_open_link(self, value: Value, scope: Scope, path: str) -> None:
        """The service fetches over https only."""
        reference = value.text or ""
        if reference.lower().startswith("http://"):
            message = f"{reference} is no https address"
            hint = "write https://…, or save the file in the project and name it by its path"
            raise self.evaluator.report("not-https", message, place_of(value), scope, path=path, hint=hint)

    def _asset_id(self, value: Value, kind: AssetKind, scope: Scope, path: str) -> Value:
        reference = value.text or ""
        if reference.startswith("asset:"):
            return replace(value, content=reference.removeprefix("asset:"), mixture=None)
        return self._upload(value, kind, scope, path)

    def _refuse_remote_photo(self, photo: Value, scope: Scope, path: str) -> None:
        reference = photo.text or ""
        if not (is_url(reference) or reference.startswith("asset:")):
            return
        message = f"{reference} is no talking photo; one has an id of its own, or is made from a local file"
        hint = "write the id of a talking photo, or save the picture in the project: `photo: ./me.jpg`"
        raise self.evaluator.report("wrong-file-type", message, place_of(photo), scope, path=path, hint=hint)

    def _upload(self, value: Value, kind: AssetKind, scope: Scope, path: str) -> Value:
        folder = self.folders[value.node.span.file]
        try:
            asset = self.files.asset(value.text or "", folder, kind)
        except FileProblem as problem:
            raise self.evaluator.report(
                problem.code, str(problem), place_of(value), scope, path=path, hint=problem.hint
            ) from problem
        for remark in self.files.remarks(value.text or "", asset):
            self.evaluator.report(
                remark.code,
                str(remark),
                place_of(value),
                scope,
                path=path,
                hint=remark.hint,
                severity=Severity.WARNING,
            )
        self.assets[asset.sha256, asset.kind] = asset
        return replace(value, content=asset.placeholder, mixture=None)


def lay_over(defaults: Parts, scene: Parts, shape: Shape) -> dict[str, Value]:
    """Merge a scene's parts over the defaults. A part of another type replaces what it would inherit."""
    merged = dict(defaults)
    for name, part in scene.items():
        under = merged.get(name)
        inherited = _inherited(under, part, shape.fields[name]) if under is not None else None
        whole = with_type(merge(inherited, part), shape.fields[name])
        if under is not None and inherited is not None:
            whole = replace(whole, hollow=_hollow(under))
        merged[name] = whole
    return {name: merged[name] for name in SCENE_PARTS if name in merged}


def _inherited(under: Value, over: Value, shape: Shape) -> Value | None:
    """What a part takes over from the one under it: what its type has, and no second reference.

    A field that no type has outlives this, so that the service's rules name it where it is written.
    """
    if under.fields is None or over.fields is None:
        return under
    below, above = _type(under), _type(over)
    if below is not None and above is not None and below != above:
        return None
    if below is not None and _own(over) & _of_others(below, shape):
        return None
    taken = under.fields
    if above is not None:
        strange = _of_others(above, shape)
        taken = {name: one for name, one in taken.items() if name not in strange}
    for choice in _CHOICES:
        if choice & _own(over):
            taken = {name: one for name, one in taken.items() if name not in choice}
    return replace(under, content=taken)


def _hollow(under: Value) -> Span | None:
    """The mapping below that gives nothing, although a part is written there."""
    return under.node.place if under.fields == {} else under.hollow


def _of_others(kind: str, shape: Shape) -> set[str]:
    """The fields that only other kinds of a part have."""
    return shape.fields.keys() - {"type", *shape.members[kind]} if kind in shape.members else set()


def _own(part: Value) -> set[str]:
    """The fields that have a value."""
    return {name for name, one in (part.fields or {}).items() if not _is_null(one)}


def with_type(part: Value, shape: Shape) -> Value:
    """Name a part's `type` where its fields belong to one member of the union only."""
    if part.fields is None or "type" in part.fields or not shape.members:
        return part
    known = {name for name in part.fields if any(name in fields for fields in shape.members.values())}
    fitting = [kind for kind, fields in shape.members.items() if known and known <= set(fields)]
    return _typed(part, fitting[0]) if len(fitting) == 1 else part


def _typed(part: Value, kind: str) -> Value:
    if part.fields is None or "type" in part.fields:
        return part
    type_field = Field(part.node.place, Value(kind, part.node))
    return replace(part, content={"type": type_field, **part.fields})


def _type(part: Value) -> str | None:
    found = _field(part, "type")
    return found.value.text if found else None


def _media(part: Value) -> AssetKind | None:
    """What kind of file a part's address names."""
    given = _field(part, "url")
    return media_kind(given.value.text) if given is not None and given.value.text else None


def _is_null(field: Field) -> bool:
    return field.value.content is None


def _field(part: Value, name: str) -> Field | None:
    return part.fields.get(name) if part.fields is not None else None


def _mapping(entry: Entry, /, **fields: Value | str) -> Value:
    """A part made from a shorthand: everything in it is placed at what the shorthand says."""
    node: Node = entry.value
    return Value(
        {
            name: Field(entry.key.span, value if isinstance(value, Value) else Value(value, node))
            for name, value in fields.items()
        },
        node,
    )


def _replace(part: Value, old: Field, name: str, value: Value) -> Value:
    fields = {key: one for key, one in (part.fields or {}).items() if one is not old}
    return replace(part, content={**fields, name: Field(old.key, value)})


def is_url(reference: str) -> bool:
    """Whether a reference is a web address."""
    return reference.lower().startswith(("https://", "http://"))


def is_reference(text: str) -> bool:
    """Whether a text where an id is expected is a URL, a path or `asset:` instead."""
    return is_url(text) or text.startswith(("./", "../", "/", "asset:"))
