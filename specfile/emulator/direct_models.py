"""Bodies of the calls by which files are uploaded straight into the file store."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from specfile.emulator.models import Id

MAX_BYTES: Final = 100 * 1024 * 1024
"""As much as the older API takes; what v3 takes isn't published."""
MAX_FILES: Final = 100

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-fA-F]{64}$")]


class Part(BaseModel):
    """Base of all: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class NewFile(Part):
    """A file that is going to be uploaded."""

    filename: Id
    content_type: Id
    size_bytes: Annotated[int, Field(ge=1, le=MAX_BYTES)]
    checksum_sha256: Sha256 | None = None


class NewFiles(Part):
    """Several of them; nobody is called back."""

    files: Annotated[list[NewFile], Field(min_length=1, max_length=MAX_FILES)]
    title: str | None = None
    callback_url: str | None = None


class Completion(Part):
    """An upload that is done."""

    checksum_sha256: Sha256 | None = None


class BatchCompletion(Part):
    """All uploads of a batch that are done."""

    batch_id: Id
