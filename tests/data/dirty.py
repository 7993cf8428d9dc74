"""A table of customers as companies really keep them, and the faults that slip into such tables."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import Final

ROWS: Final = 1_000

SPEC: Final = """\
specfile: 1
title: Welcome, {{ name }}
variables:
  name: {type: string, minLength: 2, maxLength: 40}
  seats: {type: integer, minimum: 1, maximum: 500}
  balance: {type: number}
  active: {type: boolean}
  plan: {type: string, enum: [free, pro, business]}
  joined: {type: string, format: date}
  email: {type: string, format: email}
  tags: {type: array, items: {type: string}, default: []}
  scores: {type: array, items: {type: integer, maximum: 10}, default: []}
  address: {type: object, properties: {city: {type: string}}, required: [city]}
  note: {type: string, default: ""}
data: {from: customers.csv, encoding: utf-8}
key: "{{ id }}"
callback_id: "{{ callback }}"
dimension: 720p
defaults:
  avatar: Daisy-inskirt-20220818
  voice: {voice_id: 1bd001e7e50f421d891986aad5158bc8, speed: "{{ tempo }}"}
  background: "{{ colour }}"
scenes:
  - say: >-
      Hello {{ name }} of {{ address.city }}. Since {{ joined }} you have {{ seats }} seats of {{ plan }},
      and {{ balance }} to your account. {{ note }}
  - if: active
    say: Your tags are {{ tags | join(", ") }}; your scores are {{ scores | join(", ") }}.
  - say: We write to {{ email }} and call {{ phone }}, in {{ zip }}.
    background: {type: image, url: "{{ picture }}"}
  - say: "{{ closing }}"
"""

COLUMNS: Final = (
    *("id", "name", "seats", "balance", "active", "plan", "joined", "email", "tags", "scores", "address"),
    *("note", "tempo", "colour", "picture", "callback", "phone", "zip", "closing"),
)

_NAMES: Final = (
    *("Zoë Müller", "José Ángel", "Đặng Thị", "Łukasz Żak", "O'Brien, Ada", 'Bob "B" Stone', "李小龙"),
    *("Jean-Luc", "محمد علي", "שרה כהן", "Ольга Ким", "Anne Marie", "MacDonald Ian", "ßen Süß"),
)
_NOTES: Final = (
    *(
        "",
        "Nice to see you 👩‍👩‍👧‍👦 again 🏳️‍🌈!",
        "First line\nsecond line",
        "She said: “yes” – really…",
        "-5 °C outside",
    ),
    *(
        "مرحبا بك في موقعنا",
        "שלום וברכה",
        "Ask for #42, or @ada_l",
        "50 % off; 1.234,50 € saved",
        "a < b & c > d",
    ),
    *(
        "= more for less",
        "+ a present",
        "- as agreed",
        "Tel. +49 30 1234567",
        "naïve café, Ångström, Âge d'or",
    ),
)
_CLOSINGS: Final = (
    "Goodbye!",
    "Tschüss, bis bald.",
    "À bientôt!",
    "またね。",
    "مع السلامة",
    "До свидания",
    "Ciao 👋🏽",
)
_PHONES: Final = ("+49 30 1234567", "0049-30-99", "(030) 4455", "-12", "+1 (555) 010-9999", "007 88 21")


@dataclass(frozen=True)
class Fault:
    """A cell that is wrong, and what is said of it.

    `cell` is what it holds, `column` the one that it is in, and `code` what is said of it. `column` is `+`
    where the cell is one too many, and nothing where the last one of the row lacks; neither is named.
    """

    what: str
    column: str
    cell: str
    code: str


def good(number: int) -> list[str]:
    """The cells of a row that nothing is wrong with."""
    values = {
        "id": f"{'kunde' if number % 3 else 'Ünal'}-{number:05}",
        "name": _NAMES[number % len(_NAMES)],
        "seats": str(number % 500 + 1),
        "balance": ("-12.50", "0", "1e3", "99.9", "-7")[number % 5],
        "active": ("true", "no", "Yes", "0", "1", "FALSE")[number % 6],
        "plan": ("free", "pro", "business")[number % 3],
        "joined": f"20{number % 30:02}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "email": f"user.{number}+news@ex-ample.co.uk",
        "tags": ("red; green", "", '["a;b", "c"]', "one\ntwo", "solo")[number % 5],
        "scores": ("1; 2; 10", "[]", "[3, 4]", "", "-7")[number % 5],
        "address": f'{{"city": "{("Köln", "São Paulo", "N’Djamena", "東京")[number % 4]}"}}',
        "note": _NOTES[number % len(_NOTES)],
        "tempo": ("1", "0.5", "1.5", "1.05")[number % 4],
        "colour": ("#1a1a2e", "#FFFFFF", "#00ff7F")[number % 3],
        "picture": f"https://cdn.example.com/pictures/{number}.png?v=2",
        "callback": f"crm-{number}",
        "phone": _PHONES[number % len(_PHONES)],
        "zip": f"{number % 10000:05}",
        "closing": _CLOSINGS[number % len(_CLOSINGS)],
    }
    return [values[name] for name in COLUMNS]


def spoiled(fault: Fault, number: int) -> list[str]:
    """The cells of that row with the fault in them."""
    cells = good(number)
    if fault.column not in COLUMNS:
        return [*cells, fault.cell] if fault.column == "+" else cells[:-1]
    cells[COLUMNS.index(fault.column)] = fault.cell
    return cells


def as_csv(faults: dict[int, Fault]) -> str:
    """The table, with these faults in the rows of these numbers."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for number in range(1, ROWS + 1):
        fault = faults.get(number)
        writer.writerow(good(number) if fault is None else spoiled(fault, number))
    return out.getvalue()
