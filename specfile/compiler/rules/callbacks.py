"""Rules about being told when a video is done."""

from __future__ import annotations

from collections.abc import Iterator

from specfile.compiler.rules.addresses import is_private, take_apart
from specfile.compiler.rules.finding import Finding, Subject
from specfile.diagnostics.wording import show


def callback_url_form(subject: Subject) -> Iterator[Finding]:
    """What the service can't call it never calls, and says nothing."""
    url = subject.payload.get("callback_url")
    if url is not None and not (is_web_address(url) and take_apart(url).host):
        yield Finding(
            ("callback_url",),
            f"`callback_url` is {show(url)}, which is no web address",
            "write an address such as https://example.com/hook, or leave `callback_url` out",
        )


def callback_unreachable(subject: Subject) -> Iterator[Finding]:
    """An address of the user's own network: right with `--local`, out of the service's reach."""
    url = subject.payload.get("callback_url")
    if url is None or not is_web_address(url):
        return
    host = take_apart(url).host
    if host and is_private(host):
        yield Finding(
            ("callback_url",),
            f"the service can't reach {host}: it is known in your own network only",
            "write a public address; one of this machine serves `--local` only",
        )


def callback_id_is_address(subject: Subject) -> Iterator[Finding]:
    """`callback_id` is a name that comes back; what is called is `callback_url`."""
    name = subject.payload.get("callback_id")
    if name is not None and is_web_address(name):
        yield Finding(
            ("callback_id",),
            "`callback_id` is an address; nothing is called by it, it only comes back as a name",
            "move the address to `callback_url`, or write a name of your own",
        )


def is_web_address(text: str) -> bool:
    """Whether a text begins as a web address does."""
    return text.lower().startswith(("https://", "http://"))
