"""Which fields of a request show in a preview, or are heard in it. The service renders them all.

What neither drawing nor synthetic speech can give, such as an emotion, counts where a label tells it.

A test renders two films for every field of the schema, with and without it, and demands that they differ for
these and are the same for all others. Names are those of the schema, with the member of a union in them.
"""

from __future__ import annotations

from typing import Final

RENDERED: Final[frozenset[str]] = frozenset(
    {
        "caption",
        "caption_mode",
        "fps",
        "test",
        "enable_watermark",
        "dimension.width",
        "dimension.height",
        "character.avatar.type",
        "character.avatar.avatar_id",
        "character.avatar.scale",
        "character.avatar.avatar_style",
        "character.avatar.offset.x",
        "character.avatar.offset.y",
        "character.avatar.circle_background_color",
        "character.avatar.matting",
        "character.avatar.use_avatar_iv_model",
        "character.talking_photo.type",
        "character.talking_photo.talking_photo_id",
        "character.talking_photo.scale",
        "character.talking_photo.talking_photo_style",
        "character.talking_photo.offset.x",
        "character.talking_photo.offset.y",
        "character.talking_photo.circle_background_color",
        "character.talking_photo.matting",
        "character.talking_photo.talking_style",
        "character.talking_photo.expression",
        "character.talking_photo.super_resolution",
        "character.talking_photo.use_avatar_iv_model",
        "character.talking_photo.prompt",
        "character.talking_photo.keep_original_prompt",
        "voice.text.type",
        "voice.text.voice_id",
        "voice.text.input_text",
        "voice.text.speed",
        "voice.text.pitch",
        "voice.text.locale",
        "voice.text.emotion",
        "voice.text.elevenlabs_settings.model",
        "voice.text.elevenlabs_settings.similarity_boost",
        "voice.text.elevenlabs_settings.stability",
        "voice.text.elevenlabs_settings.style",
        "voice.audio.type",
        "voice.audio.audio_url",
        "voice.audio.audio_asset_id",
        "voice.silence.type",
        "voice.silence.duration",
        "background.color.type",
        "background.color.value",
        "background.image.type",
        "background.image.url",
        "background.image.image_asset_id",
        "background.image.fit",
        "background.video.type",
        "background.video.url",
        "background.video.video_asset_id",
        "background.video.play_style",
        "background.video.fit",
        "text.type",
        "text.text",
        "text.font_size",
        "text.font_weight",
        "text.color",
        "text.position.x",
        "text.position.y",
        "text.text_align",
        "text.line_height",
        "text.width",
    }
)
