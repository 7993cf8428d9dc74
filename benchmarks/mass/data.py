"""Made-up customers, all different, the same for the same seed, with what a real export holds."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

COLUMNS: Final = (
    "customer_id",
    "first_name",
    "company",
    "plan",
    "city",
    "renewal_date",
    "rep_name",
    "features",
)
"""The columns of storyboard B; A does without the last."""

# Weights are percentages. Most names are plain, and the rest is what breaks pipelines.
_FIRST_NAMES: Final = (
    (72, ("Ada", "Grace", "Linus", "Emma", "Oliver", "Charlotte", "James", "Mia", "Noah", "Lena", "Paul")),
    (14, ("José", "Zoë", "Åse", "Jürgen", "Łukasz", "François", "Søren", "Núria", "Đorđe", "Çağla")),
    (4, ("D'Arcy", "Ma'ayan", "Jean-Luc", "Mary Ann", "O'Shea")),
    (4, ("محمد", "ליאור", "فاطمة", "שירה")),
    (4, ("美咲", "小明", "Дмитрий", "Ελένη", "지우")),
    (2, ("Sam 🙂", "Zoé 👩‍💻", "Kim 🚀")),
)
_COMPANY_WORDS: Final = (
    *("Analytical", "Northern", "Blue", "Harbour", "Silver", "Alpine", "United", "Green", "Rapid", "Central"),
    *("Golden", "Quiet", "Modern", "Old Town", "Pacific", "Atlas", "Orchard", "Granite", "Summit", "Delta"),
)
_COMPANY_TRADES: Final = (
    *("Engines", "Logistics", "Foods", "Robotics", "Textiles", "Software", "Consulting", "Optics", "Energy"),
    *("Printing", "Gardens", "Shipping", "Tools", "Media", "Health", "Travel", "Books", "Steel", "Music"),
)
_COMPANY_FORMS: Final = (
    (52, ("{} {}", "{} {} Ltd", "{} {} GmbH", "{} {} SARL")),
    (18, ("{} {}, Inc.", "{}, {} & Partners")),
    (12, ("{} {} – Région Île-de-France", "{} {} für Köln", "Café {} {}")),
    (8, ('The "{}" {} Company', '{} {} ("the group")', "'{}' {}")),
    (4, ("שותפי {} {}", "شركة {} {}")),
    (3, ("{} {} 🚀", "☕ {} {}")),
    (3, ("{} {}\nInternational Division", "{}\n{}, Inc.")),
)
_PLANS: Final = ((60, ("free",)), (25, ("team",)), (10, ("business",)), (5, ("",)))
_CITIES: Final = (
    (74, ("London", "Berlin", "Madrid", "New York", "Toronto", "Oslo", "Dublin", "Lisbon", "Sydney")),
    (18, ("Zürich", "São Paulo", "Malmö", "Kraków", "Besançon", "İzmir", "Reykjavík")),
    (4, ("Washington, D.C.", "Frankfurt, Main")),
    (4, ("ירושלים", "القاهرة", "東京", "Αθήνα")),
)
_REPS: Final = ("Anna Weber", "Ben O'Connor", "Chloé Martin", "Dmitri Volkov", "Elif Şahin", "Farid Haddad")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_FEATURES: Final = (
    *("fast reports", "shared folders", "single sign-on", "the audit log", "custom roles", "the public API"),
    *(
        "scheduled exports",
        "dashboards for teams",
        '"smart" alerts',
        "réglages avancés",
        "comments, mentions",
    ),
)
_EMPTY_COMPANY: Final = 0.06
"""So many rows take the default."""


def customers(rows: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """So many rows, cell by cell in the order of `COLUMNS`; no two have the same customer_id."""
    chance = random.Random(seed)
    for number in range(rows):
        yield (
            f"C-{number:07d}",
            _pick(chance, _FIRST_NAMES),
            "" if chance.random() < _EMPTY_COMPANY else _company(chance),
            _pick(chance, _PLANS),
            _pick(chance, _CITIES),
            f"{chance.randint(1, 28)} {chance.choice(_MONTHS)} 2027",
            chance.choice(_REPS),
            "; ".join(chance.sample(_FEATURES, 4)),
        )


def write_table(path: Path, rows: int, columns: Sequence[str], seed: int = 1) -> None:
    """The first columns of so many customers as CSV, with their header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(customer[: len(columns)] for customer in customers(rows, seed))


def _company(chance: random.Random) -> str:
    form = _pick(chance, _COMPANY_FORMS)
    return form.format(
        chance.choice(_COMPANY_WORDS), f"{chance.choice(_COMPANY_TRADES)} {chance.randint(1, 999)}"
    )


def _pick(chance: random.Random, groups: Sequence[tuple[int, Sequence[str]]]) -> str:
    [(_, group)] = chance.choices(groups, weights=[weight for weight, _ in groups])
    return chance.choice(group)
