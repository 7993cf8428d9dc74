"""What the pages that stand alone have in common: their templates, and the parts that are put into them."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from specfile.resources import resource


def template(name: str) -> Template:
    """A page's template by its file's name."""
    return _environment().get_template(name)


@cache
def inlined(name: str) -> Markup:
    """A file that a page holds as it is: its style, or its script."""
    return Markup(resource("templates", "pages", name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def digest_of(text: Markup) -> str:
    """How a content security policy names a text that may be in the page."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def coded(text: str) -> Markup:
    """A message with what stands between backticks as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a backtick of its own is no quotation
        return escape(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if number % 2 else escape(part)
        for number, part in enumerate(parts)
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource("templates", "pages")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["coded"] = coded
    return environment
