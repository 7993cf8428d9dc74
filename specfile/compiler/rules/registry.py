"""The registry. A rule looks at a request that the schema has found valid, and gives its findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Final

from specfile.compiler.rules import (
    addresses,
    callbacks,
    captions,
    characters,
    engines,
    geometry,
    ids,
    ids_offered,
    limits,
    markup,
    pictures,
    texts,
    voices,
    voices_offered,
    webm,
)
from specfile.compiler.rules.finding import Finding, Subject
from specfile.compiler.rules.spared import Short, Spared, Telling, Without
from specfile.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A code, how bad it is, and the function that looks for it.

    `source` is where the service says so. `reads` are the fields that it looks at, besides which scenes there
    are, of which parts, and of which types: `voice.input_text` for a field of a scene's part, `title` for one
    of the video, `seconds` for the estimate. `whole` rules compare scenes, or count them: they need every
    scene of the video, the others may be shown some only. `spared` are texts in which it finds nothing, where
    that can be told of one text whatever else there is, unless a field changes that it reads `beside` the
    texts. Rules that need a `catalogue` find nothing without.
    """

    code: str
    severity: Severity
    check: Callable[[Subject], Iterator[Finding]]
    source: str
    reads: tuple[str, ...]
    whole: bool = False
    spared: Spared | None = None
    beside: tuple[str, ...] = ()
    catalogue: bool = False

    def may_be_spared(self, fields: Collection[str]) -> bool:
        """Whether there are texts in which it finds nothing when only these fields change."""
        return self.spared is not None and not any(
            _overlap(read, field) for read in self.beside for field in fields
        )

    def may_change(self, fields: Collection[str]) -> bool:
        """Whether it can find something else when only these fields change, as from row to row.

        A field stands for what is in it: `voice` for all of a voice.
        """
        return any(_overlap(read, field) for read in self.reads for field in fields)


def _overlap(first: str, second: str) -> bool:
    return f"{first}.".startswith(f"{second}.") or f"{second}.".startswith(f"{first}.")


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
_GENERATE = "POST /v2/video/generate"
_WEBM = "POST /v1/video.webm"
_LISTS = "GET /v2/avatars, GET /v2/voices: the form of every id"
_DETAILS = "GET /v2/avatar/{id}/details, default_voice_id"
_OFFER = "the lists of avatars and voices; error `avatar_not_found`"
_DIRECT = "developer pages, assets: an address must be direct and public; render failure `download_failed`"
_SSML = "voices guide: `<break>` is the only documented tag"

_NO_TAG = Without("<")
_SPOKEN = ("voice.input_text",)
_DEFAULT_VOICE = ("voice.voice_id", "character.avatar_id")
_V3 = ("voice.input_text", "voice.elevenlabs_settings")
_CAPTIONS = ("caption", "caption_mode", "subtitles")
_STYLES = ("character.avatar_style", "character.talking_photo_style")
_IDS = (
    "character.avatar_id",
    "character.talking_photo_id",
    "voice.voice_id",
    "voice.audio_asset_id",
    "background.image_asset_id",
    "background.video_asset_id",
    "folder_id",
)
_CHARACTERS = ("character.avatar_id", "character.talking_photo_id")
_VOICES = ("voice.voice_id",)
_ADDRESSES = ("voice.audio_url", "background.url")
_PROMPTS = ("character.prompt", "character.keep_original_prompt", "character.use_avatar_iv_model")
_BLANKS = ("voice.input_text", "text.text", "title", *_ADDRESSES, "callback_id", "callback_url")

RULES: Final[tuple[Rule, ...]] = (
    Rule("default-voice", _NOTE, voices.default_voice, _DETAILS, _DEFAULT_VOICE),
    Rule("no-default-voice", _ERROR, voices.no_default_voice, _DETAILS, _DEFAULT_VOICE),
    Rule("never-speaks", _WARNING, voices.never_speaks, f"{_GENERATE}, voice", (), whole=True),
    Rule(
        "eleven-v3-length",
        _WARNING,
        voices.eleven_v3_length,
        "reports of users; published limit 5,000",
        _V3,
        spared=Short(voices.ELEVEN_V3_CHARACTERS),
    ),
    Rule(
        "eleven-v3-break",
        _WARNING,
        voices.eleven_v3_break,
        "ElevenLabs help: v3 takes audio tags instead",
        _V3,
        spared=_NO_TAG,
    ),
    Rule("locale-form", _WARNING, voices.locale_form, "GET /v2/voices/locales", ("voice.locale",)),
    Rule(
        "caption-without-text",
        _ERROR,
        captions.caption_without_text,
        f"{_GENERATE}, caption",
        _CAPTIONS,
        whole=True,
    ),
    Rule(
        "caption-contradiction",
        _WARNING,
        captions.caption_contradiction,
        f"{_GENERATE}, caption_mode",
        _CAPTIONS,
    ),
    Rule(
        "prompt-without-effect", _WARNING, characters.prompt_without_effect, f"{_GENERATE}, prompt", _PROMPTS
    ),
    Rule(
        "circle-colour-unused",
        _WARNING,
        characters.circle_colour_unused,
        f"{_GENERATE}, circle_background_color",
        (*_STYLES, "character.circle_background_color"),
        whole=True,
    ),
    Rule(
        "matting-without-background",
        _NOTE,
        characters.matting_without_background,
        f"{_GENERATE}, matting",
        ("character.matting",),
    ),
    Rule(
        "older-value",
        _NOTE,
        characters.older_photo_style,
        "older reference, talking_photo_style",
        ("character.talking_photo_style",),
    ),
    Rule(
        "older-value",
        _NOTE,
        pictures.older_play_style,
        "older reference, playback styles",
        ("background.play_style",),
    ),
    Rule(
        "avatar-engine",
        _WARNING,
        engines.avatar_engine,
        "reports of users, `unlimited mode`; GET /v3/avatars/looks, supported_api_engines",
        ("character.avatar_id", "character.talking_photo_id", "character.use_avatar_iv_model"),
        catalogue=True,
    ),
    Rule("scale-zero", _WARNING, geometry.scale_zero, f"{_GENERATE}, scale", ("character.scale",)),
    Rule(
        "offset-out-of-frame",
        _WARNING,
        geometry.offset_out_of_frame,
        f"{_GENERATE}, offset",
        ("character.scale", "character.offset"),
    ),
    Rule(
        "geometry-jump",
        _WARNING,
        geometry.geometry_jump,
        "reports of users; offset, scale",
        ("character",),
        whole=True,
    ),
    Rule("id-spaces", _ERROR, ids.id_spaces, _LISTS, _IDS),
    Rule("id-placeholder", _ERROR, ids.id_placeholder, _LISTS, _IDS),
    Rule("id-is-address", _ERROR, ids.id_is_address, _LISTS, _IDS),
    Rule("id-of-two-kinds", _WARNING, ids.id_of_two_kinds, _LISTS, _IDS, whole=True),
    Rule("unknown-avatar", _WARNING, ids_offered.unlisted_avatar, _OFFER, _CHARACTERS, catalogue=True),
    Rule("unknown-avatar", _ERROR, ids_offered.absent_avatar, _OFFER, _CHARACTERS, catalogue=True),
    Rule("unknown-voice", _WARNING, ids_offered.unlisted_voice, _OFFER, _VOICES, catalogue=True),
    Rule("unknown-voice", _ERROR, ids_offered.absent_voice, _OFFER, _VOICES, catalogue=True),
    Rule(
        "id-of-other-kind", _ERROR, ids_offered.other_kind, _OFFER, (*_CHARACTERS, *_VOICES), catalogue=True
    ),
    Rule("avatar-in-training", _WARNING, ids_offered.avatar_in_training, _OFFER, _CHARACTERS, catalogue=True),
    Rule(
        "other-orientation",
        _NOTE,
        ids_offered.other_orientation,
        "reports of users: bars and white borders",
        (
            *_CHARACTERS,
            *_STYLES,
            "character.scale",
            "character.offset",
            "character.matting",
            "dimension",
        ),
        catalogue=True,
    ),
    Rule(
        "no-default-voice",
        _ERROR,
        ids_offered.no_voice_of_its_own,
        _DETAILS,
        _DEFAULT_VOICE,
        catalogue=True,
    ),
    Rule(
        "voice-feature",
        _WARNING,
        voices_offered.voice_takes_no_field,
        "GET /v2/voices, emotion_support and support_locale",
        ("voice.voice_id", "voice.emotion", "voice.locale"),
        catalogue=True,
    ),
    Rule(
        "voice-feature",
        _WARNING,
        voices_offered.voice_takes_no_pause,
        "GET /v2/voices, support_pause",
        (*_VOICES, *_SPOKEN),
        spared=_NO_TAG,
        beside=_VOICES,
        catalogue=True,
    ),
    Rule(
        "voice-of-other-gender",
        _WARNING,
        voices_offered.voice_of_other_gender,
        "GET /v2/avatars, GET /v2/voices: gender",
        (*_CHARACTERS, *_VOICES),
        catalogue=True,
    ),
    Rule("address-spaces", _WARNING, addresses.address_spaces, "RFC 3986, section 2", _ADDRESSES),
    Rule("share-link", _ERROR, addresses.share_links, _DIRECT, _ADDRESSES),
    Rule("download-link", _WARNING, addresses.download_link, _DIRECT, _ADDRESSES),
    Rule("page-address", _WARNING, addresses.page_address, _DIRECT, _ADDRESSES),
    Rule(
        "file-of-another-kind",
        _WARNING,
        addresses.file_of_another_kind,
        f"{_GENERATE}, background, voice",
        _ADDRESSES,
    ),
    Rule("private-address", _ERROR, addresses.private_address, _DIRECT, _ADDRESSES),
    Rule(
        "signed-link",
        _WARNING,
        addresses.signed_link,
        "the digest: an address is part of the film",
        _ADDRESSES,
    ),
    Rule(
        "callback-url-form",
        _ERROR,
        callbacks.callback_url_form,
        f"{_GENERATE}, callback_url",
        ("callback_url",),
    ),
    Rule(
        "callback-unreachable",
        _WARNING,
        callbacks.callback_unreachable,
        f"{_GENERATE}, callback_url",
        ("callback_url",),
    ),
    Rule(
        "callback-id-is-address",
        _WARNING,
        callbacks.callback_id_is_address,
        f"{_GENERATE}, callback_id",
        ("callback_id",),
        spared=Telling(lambda text: not callbacks.is_web_address(text)),
    ),
    Rule("nothing-to-see", _WARNING, pictures.nothing_to_see, f"{_GENERATE}, video_inputs", ()),
    Rule(
        "overlay-empty",
        _WARNING,
        pictures.overlay_empty,
        f"{_GENERATE}, text",
        ("text.text",),
        spared=Telling(lambda text: bool(text.strip())),
    ),
    Rule(
        "overlay-unreadable",
        _WARNING,
        pictures.overlay_unreadable,
        f"{_GENERATE}, text.color",
        ("text.color", "background.value"),
    ),
    Rule("unusual-fps", _NOTE, pictures.unusual_fps, "developer pages, templates: 25, 30 or 60", ("fps",)),
    Rule(
        "placeholder-left",
        _WARNING,
        texts.placeholder_left,
        "reports of users: blanks are spoken",
        _BLANKS,
        spared=Without(texts.BEGIN_BLANKS),
    ),
    Rule(
        "nothing-to-say",
        _WARNING,
        texts.nothing_to_say,
        "render failure `Text missing`",
        _SPOKEN,
        spared=Telling(lambda text: text[:1].isalnum()),
    ),
    Rule("break-form", _WARNING, markup.break_form, _SSML, _SPOKEN, spared=_NO_TAG),
    Rule("markup-in-text", _WARNING, markup.markup_in_text, _SSML, (*_SPOKEN, "text.text"), spared=_NO_TAG),
    Rule(
        "plan-resolution",
        _ERROR,
        limits.plan_resolution,
        "schemas/plans.json; render failure 401029",
        ("dimension",),
    ),
    Rule(
        "plan-length",
        _WARNING,
        limits.plan_length,
        "schemas/plans.json; render failure 40119",
        ("seconds",),
        whole=True,
    ),
    Rule("film-too-long", _WARNING, limits.film_too_long, "schemas/plans.json", ("seconds",), whole=True),
    Rule("webm-one-scene", _ERROR, webm.webm_one_scene, _WEBM, (), whole=True),
    Rule("webm-avatar", _ERROR, webm.webm_avatar, _WEBM, ("character.avatar_style",)),
    Rule("webm-avatar", _WARNING, webm.webm_own_avatar, _WEBM, ("character.avatar_id",), catalogue=True),
    Rule("webm-voice", _ERROR, webm.webm_voice, _WEBM, ()),
    Rule("webm-nothing-around", _ERROR, webm.webm_nothing_around, _WEBM, _CAPTIONS),
)
