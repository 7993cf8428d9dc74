"""Filters of ours: what each gives, and what it says where it can't."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from specfile.compiler.estimate import scene_seconds
from specfile.compiler.rules import markup
from specfile.compiler.templating.templates import TemplateError, Templates
from specfile.film import Scene
from specfile.preview.speech.speaker import Piece, pieces_of
from tests.compiler.compiling import Json

SCOPE: dict[str, Json] = {
    "name": "Über Größe",
    "price": "1234.5",
    "day": "2026-12-01",
    "moment": "2026-12-01T15:30",
    "abroad": "2026-12-01T15:30:00+02:00",
    "nothing": None,
    "yes": True,
    "items": [1, 2],
    "pause_s": 1.5,
}


def text(template: str) -> str:
    return Templates().template(template).text(SCOPE)


def complaint(template: str) -> tuple[str, str | None]:
    with pytest.raises(TemplateError) as raised:
        text(template)
    assert raised.value.code == "bad-filter-value"
    return str(raised.value), raised.value.hint


@pytest.mark.parametrize(
    ("written", "slug"),
    [
        ("Über Größe", "uber-grosse"),
        ("Łódź", "lodz"),
        ("Nguyễn Văn A", "nguyen-van-a"),
        ("ÆØÅ Þór", "aeoa-thor"),
        ("İstanbul ısı", "istanbul-isi"),
        ("e\u0301te\u0301", "ete"),
        ("Anna's C++ & 3.14", "annas-c-3-14"),
        ("  a_b -- c  ", "a-b-c"),
        ("ﬁn", "fin"),
        ("北京", "北京"),
        ("Привет, Йод!", "привет-йод"),
        ("محمد علي", "محمد-علي"),
        ("हिन्दी भाषा", "हिन्दी-भाषा"),
        ("ภาษาไทย", "ภาษาไทย"),
        ("한국어", "한국어"),
        ("می\u200cخواهم", "میخواهم"),
        ("日本語 テスト", "日本語-テスト"),
        ("🙂 ok", "ok"),
    ],
)
def test_slug_is_a_name_that_people_expect(written: str, slug: str) -> None:
    template = Templates().template("{{ written | slug }}")
    assert template.text({"written": written}) == slug
    assert template.text({"written": slug}) == slug


def test_two_spellings_of_one_letter_have_one_slug() -> None:
    template = Templates().template("{{ written | slug }}")
    assert template.text({"written": "가\u0439"}) == template.text({"written": "\u1100\u1161и\u0306"})


@pytest.mark.parametrize(
    ("template", "shown"),
    [
        ("{{ 1 | ordinal }} {{ 2 | ordinal }} {{ 3 | ordinal }} {{ 4 | ordinal }}", "1st 2nd 3rd 4th"),
        ("{{ 11 | ordinal }} {{ 12 | ordinal }} {{ 13 | ordinal }}", "11th 12th 13th"),
        ("{{ 21 | ordinal }} {{ 111 | ordinal }} {{ 0 | ordinal }}", "21st 111th 0th"),
        ("{{ '22' | ordinal('en-GB') }} {{ 2.0 | ordinal }}", "22nd 2nd"),
        ("{{ 1234567.891 | number }}", "1,234,567.891"),
        ("{{ 1234567.891 | number(locale='de') }}", "1.234.567,891"),
        ("{{ price | number(2, 'hi') }} {{ 12345678 | number(0, 'hi') }}", "1,234.50 1,23,45,678"),
        ("{{ 2.5 | number(0) }} {{ 2.665 | number(2) }} {{ -0.0 | number }}", "3 2.67 0"),
        ("{{ price | currency('EUR') }}", "€1,234.50"),
        ("{{ price | currency('EUR', locale='de_DE') }}", "1.234,50\u00a0€"),
        ("{{ price | currency('EUR', 'de-DE') }}", "1.234,50\u00a0€"),
        ("{{ 99.5 | currency('JPY', 'ja') }} {{ -3 | currency('USD') }}", "￥100 -$3.00"),
        ("{{ day | date }}", "Dec 1, 2026"),
        ("{{ day | date('short', 'en_GB') }}", "01/12/2026"),
        ("{{ day | date('long', locale='de') }}", "1. Dezember 2026"),
        ("{{ day | date('full', 'fr') }}", "mardi 1 décembre 2026"),
        ("{{ moment | date('long') }}", "December 1, 2026"),
        ("{{ moment | date('EEEE, HH:mm', 'de') }}", "Dienstag, 15:30"),
        ("{{ '2026-12-01 15:30' | date(\"h 'o''clock'\") }}", "3 o'clock"),
        ("{{ abroad | date('HH:mm XXX') }}", "15:30 +02:00"),
        ("{{ pause(1.5) }}{{ pause('2') }}", '<break time="1.5s"/><break time="2s"/>'),
        ("{{ pause(1 / 3) }}{{ pause(10) }}", '<break time="0.333s"/><break time="10s"/>'),
        ("{{ ['b', 'a'] | map('slug') | join(' ') }}", "b a"),
    ],
)  # fmt: skip
def test_filter_gives(template: str, shown: str) -> None:
    assert text(template) == shown


DECIMAL_POINT = "write it with a point and no other sign: 1234.5"
EMPTY = "say something else where it is empty: `{{ … if price else '…' }}`"
ISO = "write it as year, month and day: 2026-12-01, or 2026-12-01T15:30"
PATTERNS = (
    'write "short", "medium", "long", "full", or a pattern such as "EEEE, d MMMM"; '
    "words in it stand in single quotes"
)


@pytest.mark.parametrize(
    ("template", "message", "hint"),
    [
        ("{{ '!!!' | slug }}", 'there is no letter or digit in "!!!" to make a name of',
         "give it another text there: `{{ (name or 'unnamed') | slug }}`"),
        ("{{ 1.5 | ordinal }}", "an ordinal is made of a whole number from 0, and this is 1.5",
         "give it a whole number, for example `{{ loop.index | ordinal }}`"),
        ("{{ 3 | ordinal('de') }}", "ordinals are known for English only, not for `de`",
         "write them as that language does, for example `{{ n }}.` in German"),
        ("{{ '1.234,5' | number }}", 'this must be a number and is "1.234,5"', DECIMAL_POINT),
        ("{{ '1_000' | number }}", 'this must be a number and is "1_000"', DECIMAL_POINT),
        ("{{ nothing | number }}", "there is nothing here, and it must be a number", EMPTY),
        ("{{ yes | number }}", "this must be a number and is true", "give it one number"),
        ("{{ items | number }}", "this must be a number and is a list", "give it one number"),
        ("{{ (10 ** 18) | number }}", "this number has more than 18 digits",
         "give it a smaller number"),
        ("{{ 5 | number(2.5) }}", "the decimal places are 2.5; they must be a whole number from 0 to 9",
         "write for example `number(2)`"),
        ("{{ 5 | number(2, 'dee') }}", 'unknown locale "dee"', "did you mean `de`?"),
        ("{{ 5 | number(2, 'qqq_QQ') }}", 'unknown locale "qqq_QQ"', "write one such as de, en_GB, pt_BR"),
        ("{{ 5 | number(2, 7) }}", "the locale is 7; it must be text", 'write it in quotes: "de_DE"'),
        ("{{ price | currency('eur') }}", 'unknown currency "eur"', "did you mean `EUR`?"),
        ("{{ price | currency('QQQQQ') }}", 'unknown currency "QQQQQ"', "write a code such as EUR, USD, JPY"),
        ("{{ '' | currency('EUR') }}", "there is nothing here, and it must be a number", EMPTY),
        ("{{ '1.12.2026' | date }}", 'this must be a date and is "1.12.2026"', ISO),
        ("{{ 20261201 | date }}", "this must be a date and is 20261201", ISO),
        ("{{ '2026-02-30' | date }}", '"2026-02-30" is no date that exists',
         "correct it: year, month and day, as in 2026-12-01"),
        ("{{ nothing | date }}", "there is nothing here, and it must be a date",
         "say something else where it is empty: `{{ day | date if day else 'soon' }}`"),
        ("{{ day | date('lnog') }}", '"lnog" is no format of a date', "did you mean `long`?"),
        ("{{ day | date('hello') }}", '"hello" is no format of a date', PATTERNS),
        ("{{ day | date('MMMMMMM') }}", '"MMMMMMM" is no format of a date', PATTERNS),
        ("{{ day | date('HH:mm') }}", 'the format shows a time of day, and "2026-12-01" has none',
         "leave the time out of the format, or write 2026-12-01T15:30"),
        ("{{ moment | date('HH:mm z') }}", 'the format shows a time zone, and "2026-12-01T15:30" has none',
         "leave the zone out of the format, or write 2026-12-01T15:30+02:00"),
        ("{{ pause(0) }}", "a pause must be longer than nothing, and this is 0 seconds",
         "write seconds, for example `{{ pause(1.5) }}`"),
        ("{{ pause(-1) }}", "a pause must be longer than nothing, and this is -1 seconds",
         "write seconds, for example `{{ pause(1.5) }}`"),
        ("{{ pause(12) }}", "a pause of 12 seconds is too long for the middle of a text",
         "write at most 10, or make it a scene of its own: `silence: 12`"),
        ("{{ pause('long') }}", 'this must be a number and is "long"', DECIMAL_POINT),
    ],
)  # fmt: skip
def test_filter_says_what_is_wrong_and_what_to_type(template: str, message: str, hint: str) -> None:
    assert complaint(template) == (message, hint)


def test_error_names_the_filter_that_found_it() -> None:
    with pytest.raises(TemplateError) as raised:
        text("{{ name | upper }} {{ price | currency('eur') }}")
    assert raised.value.needle == "currency"


def test_column_may_be_called_as_a_function_or_filter_is() -> None:
    template = Templates().template("{{ pause }} {{ date | upper }} {{ pause(1) }}")
    with pytest.raises(TemplateError):
        template.text({"pause": "2", "date": "x"})
    assert Templates().template("{{ pause }} {{ date | upper }}").text({"pause": "2", "date": "x"}) == "2 X"
    assert template.reads == {"pause", "date"}
    assert Templates().template("{{ pause(wait) }}{% for i in range(3) %}{% endfor %}").reads == {"wait"}


def test_nothing_depends_on_the_machine() -> None:
    """Neither its language nor its time zone, even where both are nonsense."""
    program = (
        "from specfile.compiler.templating.templates import Templates\n"
        "template = Templates().template(\"{{ '2026-12-01T15:30Z' | date('EEEE d MMMM HH:mm z') }} "
        "{{ 1234.5 | number(2) }} {{ 5 | currency('EUR') }}\")\n"
        "print(template.text({}))"
    )
    machines = [
        {"LC_ALL": "C.UTF-8", "TZ": "UTC"},
        {"LC_ALL": "de_DE.UTF-8", "TZ": "Asia/Kolkata", "PYTHONUTF8": "1"},
        {"LC_ALL": "UTF-8", "TZ": ":bogus", "PYTHONUTF8": "1"},
    ]
    command = [sys.executable, "-c", program]
    outputs = [
        subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=True).stdout
        for env in machines
    ]
    assert set(outputs) == {"Tuesday 1 December 15:30 UTC 1,234.50 €5.00\n"}


def test_start_up_is_spared_what_few_specs_need() -> None:
    program = (
        "import sys\nfrom specfile.compiler.templating.templates import Templates\n"
        "Templates().template('{{ name | slug }} {{ 1 | upper }}').text({'name': 'Ada'})\n"
        "print(sorted({'babel', 'sentencex', 'regex'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"


PAGE = Path(__file__).parents[2] / "docs" / "templates.md"
PAGE_SCOPE: dict[str, Json] = {
    "name": "Ada Lovelace",
    "price": 1234.5,
    "day": "2026-12-01",
    "moment": "2026-12-01T15:30",
    "names": ["Ada", "Bob", "Cy"],
    "people": [{"name": "Ada", "plan": "pro", "price": 30}, {"name": "Bob", "plan": "free", "price": 10}],
}


def rows() -> list[tuple[str, str, str]]:
    """The rows of the page's tables: names, an example, what it gives."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if re.match(r"\|.*\|$", line)]
    return [(a.strip(), b.strip(), c.strip()) for a, b, c in cells if "`" in b]


@pytest.mark.parametrize(("example", "gives"), [row[1:] for row in rows()])
def test_page_says_what_a_filter_gives(example: str, gives: str) -> None:
    template = Templates().template(example.strip("`").replace(r"\|", "|"))
    assert template.text(PAGE_SCOPE).strip().replace("\u00a0", " ") == gives


def test_page_names_every_filter() -> None:
    """In a row of its own, or among those that are of little use."""
    named = {name for row in rows() for name in re.findall(r"`(\w+)", row[0])}
    (others,) = re.findall(r"^(`attr`.*?) are for web pages", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    aliases = {"d"}
    assert set(Templates().filters) - aliases == (named - {"pause", "range"}) | set(
        re.findall(r"`(\w+)`", others)
    )


@pytest.mark.parametrize("seconds", [0.001, 0.5, 1, 1.25, 10])
def test_everyone_reads_a_pause_alike(seconds: float) -> None:
    """The estimate, the preview and the rule about the form of tags."""
    said = Templates().template("Wait. {{ pause(seconds) }} Now.").text({"seconds": seconds})
    silent = Scene(voice={"type": "text", "input_text": "Wait.  Now."})
    scene = Scene(voice={"type": "text", "input_text": said})
    assert scene_seconds(scene, {}) - scene_seconds(silent, {}) == pytest.approx(seconds)
    assert pieces_of(said) == (Piece("Wait.", seconds), Piece("Now.", 0.0))
    (tag,) = markup._BREAK.findall(said)
    assert markup._GOOD_BREAK.fullmatch(tag) is not None


@pytest.mark.parametrize("name", ["float", "int"])
def test_number_that_cannot_be_read_is_not_made_nought(name: str) -> None:
    with pytest.raises(TemplateError) as raised:
        Templates().template(f"{{{{ '1,299' | {name} }}}}").text({})
    assert (raised.value.code, str(raised.value), raised.value.hint) == (
        "bad-filter-value",
        'this must be a number and is "1,299"',
        f"write it with a point and no other sign: 1234.5, or say what to take instead: `{name}(0)`",
    )
    assert Templates().template(f"{{{{ '1,299' | {name}(7) }}}}").text({}) == "7"
    assert Templates().template(f"{{{{ none | {name}(default=7) }}}}").text({}) == "7"


@pytest.mark.parametrize(
    ("pattern", "wrong"),
    [
        ("dd.MM.YYYY", "`Y` is the year that a week belongs to"),
        ("YYYY-MM-DD", "`Y` is the year that a week belongs to"),
        ("DD.MM.yyyy", "`D` is the day of the year"),
        ("%d.%m.%Y", "`%` has no meaning in it"),
        ("dd.mm.yyyy", "`m` is the minutes"),
    ],
)
@pytest.mark.parametrize("name", ["day", "moment"])
def test_a_pattern_of_other_tools_gives_no_wrong_date(name: str, pattern: str, wrong: str) -> None:
    assert complaint(f"{{{{ {name} | date('{pattern}') }}}}") == (
        f'"{pattern}" is no format of a date: {wrong}',
        'write `yyyy` for the year, `MM` for the month, `dd` for the day: "dd.MM.yyyy"',
    )


def test_words_in_a_pattern_may_hold_any_letter() -> None:
    assert text("{{ day | date(\"'Day' dd.MM.yyyy\") }}") == "Day 01.12.2026"
