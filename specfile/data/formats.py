"""The formats that text may be declared to have: `{type: string, format: date}`, by JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

FORMATS: Final[Mapping[str, str]] = {
    "date": "a date such as 2026-12-01",
    "date-time": "a date and time with an offset, such as 2026-12-01T15:30:00Z",
    "time": "a time of day with an offset, such as 15:30:00Z",
    "duration": "a duration such as P3DT12H",
    "email": "an address for mail such as ada@example.com",
    "idn-email": "an address for mail such as ada@example.com",
    "hostname": "the name of a host such as www.example.com",
    "idn-hostname": "the name of a host such as www.example.com",
    "ipv4": "an address such as 192.0.2.1",
    "ipv6": "an address such as 2001:db8::1",
    "uri": "a whole address such as https://example.com/film",
    "uri-reference": "an address such as https://example.com/film, or /film",
    "iri": "a whole address such as https://example.com/film",
    "iri-reference": "an address such as https://example.com/film, or /film",
    "uri-template": "an address with places to fill in such as https://example.com/{id}",
    "uuid": "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
    "json-pointer": "a JSON Pointer such as /names/0",
    "relative-json-pointer": "a relative JSON Pointer such as 1/names",
    "regex": "a regular expression such as ^[a-z]+$",
}
"""What a text of each format must be, with an example, to follow "it must be …"."""
