"""An OpenAPI document of what the emulator serves.

The call that the service publishes a definition of is that definition, with its request corrected by the
overlay as for everything else here. Requests of the other calls are the generated schemas; what is answered
was written down from the facts about the service, in `answers.yaml`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from specfile.emulator.catalogue import load_catalogue
from specfile.schemas.loading import Dialect, request_schema

Json = dict[str, Any]

_ANSWERS: Final = Path(__file__).with_name("answers.yaml")
_PUBLISHED: Final = Path(__file__).parents[2] / "schemas" / "openapi-v2-generate.json"
_KEY: Final = {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}
_PLACE: Final = {"type": "string", "pattern": r"^[0-9]{1,10}\.[0-9]{1,6}-[0-9]{1,12}$"}
_OLDER: Final = "OlderError"
_NEWER: Final = "GatewayError"
_REFUSALS: Final = {_OLDER: (400, 401, 402, 403, 404, 429), _NEWER: (400, 401, 402, 403, 404, 409, 429)}


def document() -> Json:
    """The whole document, OpenAPI 3.1."""
    answers: Mapping[str, Any] = YAML(typ="safe", pure=True).load(_ANSWERS.read_text(encoding="utf-8"))
    schemas: Json = dict(answers)
    for dialect in ("v2", "v3", "webm"):
        schemas |= _components(dialect)
    # A file within a request is text to the schema, and must be base64 of a picture to the service.
    schemas["v3.asset.base64"]["properties"] |= {
        "media_type": {"enum": ["image/png", "image/jpeg"]},
        "data": {"type": "string", "pattern": "^([A-Za-z0-9+/]{4}){1,8}$"},
    }
    with_background = {
        "required": ["background", "output_format"],
        "properties": {"output_format": {"const": "webm"}},
    }
    for kind in ("avatar", "image"):
        schemas[f"v3.{kind}"]["not"] = with_background
    schemas["v3"]["oneOf"].append(_ref("Cinematic"))
    schemas["v3"]["discriminator"]["mapping"]["cinematic_avatar"] = _ref("Cinematic")["$ref"]
    return {
        "openapi": "3.1.0",
        "info": {"title": "What the emulator serves", "version": "1"},
        "security": [{"key": []}],
        "paths": {"/v2/video/generate": _published(), **_older(), **_newer(), **_people()},
        "components": {"schemas": schemas, "securitySchemes": _KEY},
    }


def _components(dialect: Dialect) -> Json:
    """A request's schema and what it refers to, by names that are its own."""
    text = json.dumps(request_schema(dialect)).replace("#/$defs/", f"#/components/schemas/{dialect}.")
    schema: Json = json.loads(text)
    del schema["$schema"]
    inner = {f"{dialect}.{name}": one for name, one in schema.pop("$defs").items()}
    return {dialect: schema, **inner}


def _published() -> Json:
    """The published call, its request corrected, and its answers as precise as the others."""
    (path,) = json.loads(_PUBLISHED.read_text(encoding="utf-8"))["paths"].values()
    post: Json = path["post"]
    post["operationId"] = "generate"
    post["requestBody"]["required"] = True
    post["requestBody"]["content"]["application/json"]["schema"] = _ref("v2")
    for body in post["requestBody"]["content"].values():
        body.pop("examples", None)  # the published ones name ids in place of files
    post["responses"] = _responses("Generated", _OLDER)
    post["responses"]["200"]["links"] = {
        "asked": _link("videoStatus", "video_id", "query"),
        "deleted": _link("deleteVideo", "video_id", "query"),
        "newer": _link("getVideo", "video_id", "path"),
    }
    return {"post": post}


def _older() -> Json:
    video_id = [_query("video_id", {"type": "string", "minLength": 1}, required=True)]
    in_path = [_in_path("video_id")]
    page = [_limit(), _query("token", _PLACE), _query("folder_id", {"type": "string"})]
    webm = _operation("generateWebm", "GeneratedWebm", _OLDER, body=_ref("webm"))
    webm["responses"]["200"]["links"] = {"asked": _link("videoStatus", "video_id", "query")}
    return {
        "/v1/video.webm": {"post": webm},
        "/v1/video_status.get": {"get": _operation("videoStatus", "StatusAnswer", _OLDER, video_id)},
        "/v1/video.list": {"get": _operation("listVideos", "ListAnswer", _OLDER, page)},
        "/v1/video.delete": {"delete": _operation("deleteVideo", "V1Done", _OLDER, video_id)},
        "/v2/videos": {
            "get": _operation("olderVideos", "OlderVideos", _OLDER, [_limit(1), *page[1:], _title()])
        },
        "/v2/videos/{video_id}": {
            "get": _operation("olderVideo", "OlderVideo", _OLDER, in_path),
            "delete": _operation("deleteOlderVideo", "OlderDeleted", _OLDER, in_path),
        },
        "/v2/avatars": {"get": _operation("avatars", "Avatars", _OLDER)},
        "/v2/avatar/{avatar_id}/details": {
            "get": _operation("avatar", "AvatarDetails", _OLDER, [_in_path("avatar_id")])
        },
        "/v2/voices": {"get": _operation("voices", "Voices", _OLDER)},
        "/v2/user/remaining_quota": {"get": _operation("quota", "Quota", _OLDER)},
        "/v1/asset": {"post": _operation("upload", "UploadedOlder", _OLDER, content=_bytes("image/png"))},
    }


def _newer() -> Json:
    create = _operation("createVideo", "Created", _NEWER, body=_ref("v3"))
    create["responses"]["200"]["links"] = {
        "asked": _link("getVideo", "video_id", "path"),
        "deleted": _link("deleteNewerVideo", "video_id", "path"),
    }
    announce = _operation("announce", "NewUpload", _NEWER, body=_ref("NewFile"))
    announce["responses"]["200"]["links"] = {"completed": _link("complete", "asset_id", "path")}
    batches = _operation("announceAll", "NewUploads", _NEWER, body=_ref("NewFiles"))
    batches["responses"]["200"]["links"] = {
        "asked": _link("batch", "batch_id", "path"),
        "completed": {
            "operationId": "completeAll",
            "requestBody": {"batch_id": "$response.body#/data/batch_id"},
        },
    }
    upload = _operation("uploadFile", "Uploaded", _NEWER, content=_form())
    upload["responses"]["200"]["links"] = {
        "asked": _link("asset", "asset_id", "path"),
        "deleted": _link("deleteAsset", "asset_id", "path"),
    }
    ids = {"type": "string", "pattern": "^[0-9a-f]{1,32}(,[0-9a-f]{1,32}){0,9}$"}
    in_path, asset, batch = ([_in_path(name)] for name in ("video_id", "asset_id", "batch_id"))
    texts = (_query(name, {"type": "string"}) for name in ("folder_id", "title"))
    page = [_limit(1), _query("token", _PLACE), *texts]
    return {
        "/v3/videos": {"post": create, "get": _operation("newerVideos", "Videos", _NEWER, page)},
        "/v3/videos/statuses": {
            "get": _operation("statuses", "Statuses", _NEWER, [_query("video_ids", ids, required=True)])
        },
        "/v3/videos/{video_id}": {
            "get": _operation("getVideo", "Video", _NEWER, in_path),
            "delete": _operation("deleteNewerVideo", "Deleted", _NEWER, in_path),
        },
        "/v3/assets": {"post": upload},
        "/v3/assets/statuses": {
            "get": _operation(
                "assetStatuses",
                "Statuses",
                _NEWER,
                [_query("asset_ids", ids, required=True), _query("batch_ids", ids)],
            )
        },
        "/v3/assets/direct-uploads": {"post": announce},
        "/v3/assets/direct-uploads/batches": {"post": batches},
        "/v3/assets/complete/batches": {
            "post": _operation("completeAll", "BatchTaken", _NEWER, body=_ref("NamedBatch"), status=202)
        },
        "/v3/assets/batches/{batch_id}": {
            "get": _operation(
                "batch",
                "Batch",
                _NEWER,
                [*batch, _limit(1), _query("token", {"type": "string", "pattern": "^[0-9]{1,2}$"})],
            )
        },
        "/v3/assets/{asset_id}": {
            "get": _operation("asset", "Asset", _NEWER, asset),
            "delete": _operation("deleteAsset", "DeletedAsset", _NEWER, asset),
        },
        "/v3/assets/{asset_id}/complete": {
            "post": _operation("complete", "Completed", _NEWER, asset, body=_ref("Completion"))
        },
        "/v3/users/me": {"get": _operation("user", "User", _NEWER)},
    }


def _people() -> Json:
    """Who can be filmed and heard, in both generations, and what else is listed."""
    page = [_query("limit", {"type": "integer", "minimum": 1, "maximum": 50})]
    owned = _query("ownership", {"enum": ["public", "private"]})
    looks = [_query("avatar_type", {"enum": ["studio_avatar", "digital_twin", "photo_avatar"]}), owned, *page]
    public = [_query("include_public", {"type": "boolean"})]
    kind = [_query("file_type", {"enum": ["image", "video", "audio"]}), _limit()]
    voices = [_query("type", {"enum": ["public", "private"]}), _query("language", {"type": "string"}), *page]
    # The older API has no answer of its own for a group that there isn't.
    group = {**_in_path("group_id"), "schema": {"enum": sorted(load_catalogue().groups)}}
    older = {
        "/v2/avatar_group.list": ("V2Data", public),
        "/v2/avatar_group/{group_id}/avatars": ("V2Data", [group]),
        "/v1/talking_photo.list": ("V1Data", []),
        "/v2/voices/locales": ("V2Data", []),
        "/v1/asset/list": ("V2Data", kind),
        "/v2/templates": ("V2Data", []),
        "/v1/folders": ("V2Data", []),
    }
    newer = {
        "/v3/avatars": ("Groups", [owned, *page]),
        "/v3/avatars/looks": ("Looks", looks),
        "/v3/avatars/looks/{look_id}": ("Look", [_in_path("look_id")]),
        "/v3/avatars/{group_id}": ("AnyData", [group]),
        "/v3/voices": ("NewerVoices", voices),
        "/v3/voices/{voice_id}": ("Voice", [_in_path("voice_id")]),
        "/v3/api_keys/self": ("AnyData", []),
    }
    return {
        path: {"get": _operation(f"get {path}", answer, errors, parameters)}
        for calls, errors in ((older, _OLDER), (newer, _NEWER))
        for path, (answer, parameters) in calls.items()
    }


def _operation(
    name: str,
    answer: str,
    errors: str,
    parameters: list[Json] | None = None,
    *,
    body: Json | None = None,
    content: Json | None = None,
    status: int = 200,
) -> Json:
    operation: Json = {"operationId": name, "responses": _responses(answer, errors, status)}
    if parameters:
        operation["parameters"] = parameters
    if body is not None:
        content = {"application/json": {"schema": body}}
    if content is not None:
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _responses(answer: str, errors: str, status: int = 200) -> Json:
    named = {status: answer, **dict.fromkeys(_REFUSALS[errors], errors), 405: _NEWER}
    return {
        str(code): {"description": name, "content": {"application/json": {"schema": _ref(name)}}}
        for code, name in named.items()
    }


def _link(operation: str, name: str, place: str) -> Json:
    """A link to a call about what was made, whose id is in the answer under the parameter's own name."""
    return {"operationId": operation, "parameters": {f"{place}.{name}": f"$response.body#/data/{name}"}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _query(name: str, schema: Json, *, required: bool = False) -> Json:
    return {"name": name, "in": "query", "required": required, "schema": schema}


def _limit(least: int = 0) -> Json:
    return _query("limit", {"type": "integer", "minimum": least, "maximum": 100})


def _title() -> Json:
    return _query("title", {"type": "string"})


def _in_path(name: str) -> Json:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    }


def _bytes(media_type: str) -> Json:
    return {media_type: {"schema": {"type": "string", "format": "binary"}}}


def _form() -> Json:
    file = {"type": "string", "format": "binary"}
    return {
        "multipart/form-data": {
            "schema": {"type": "object", "required": ["file"], "properties": {"file": file}},
            "encoding": {"file": {"contentType": "image/png"}},
        }
    }
