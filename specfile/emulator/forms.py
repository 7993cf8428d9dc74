"""The one file in a form of several parts."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP


def file_in(body: bytes, content_type: str) -> tuple[bytes, str] | None:
    """The bytes and the declared type of the part named `file`, if there is one."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(head + body)
    if not message.is_multipart():
        return None
    for part in message.iter_parts():
        if part.get_param("name", header="content-disposition") == "file":
            content = part.get_payload(decode=True)
            return (content, part.get_content_type()) if isinstance(content, bytes) else None
    return None
