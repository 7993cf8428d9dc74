"""The client of the HeyGen API. Knows nothing of specs, locks or the command line."""

from specfile.heygen.account import Account, Holding, Quota
from specfile.heygen.assets import Upload
from specfile.heygen.catalogue import OldLists
from specfile.heygen.errors import (
    AccountRefused,
    ApiRetired,
    HeygenError,
    LinkExpired,
    NotFound,
    NothingPast,
    OutcomeUnknown,
    QuestionRefused,
    RateLimited,
    Unreachable,
    VideoRefused,
)
from specfile.heygen.notices import Notice
from specfile.heygen.service import Service, connect
from specfile.heygen.transport import FileStream, is_loopback
from specfile.heygen.videos import Listed, ListPage, RenderError, Standing, Videos, VideoStatus
from specfile.heygen.webhooks import Endpoint, Receiver, VideoOver, WebhookRefused

__all__ = [
    "Account",
    "AccountRefused",
    "ApiRetired",
    "Endpoint",
    "FileStream",
    "HeygenError",
    "Holding",
    "LinkExpired",
    "ListPage",
    "Listed",
    "NotFound",
    "NothingPast",
    "Notice",
    "OldLists",
    "OutcomeUnknown",
    "QuestionRefused",
    "Quota",
    "RateLimited",
    "Receiver",
    "RenderError",
    "Service",
    "Standing",
    "Unreachable",
    "Upload",
    "VideoOver",
    "VideoRefused",
    "VideoStatus",
    "Videos",
    "WebhookRefused",
    "connect",
    "is_loopback",
]
