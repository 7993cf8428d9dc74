"""Guesses a text's language: by its script, by letters that few languages have, by its commonest words.

It need not be right about every text, only quick, and always the same; a locale in the request settles it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import Final

DEFAULT: Final = "en-us"

_BY_SCRIPT: Final = {
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "BOPOMOFO": "cmn",
    "CHEROKEE": "chr",
    "CJK": "cmn",
    "CYRILLIC": "ru",
    "DEVANAGARI": "hi",
    "ETHIOPIC": "am",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "HANGUL": "ko",
    "HEBREW": "he",
    "HIRAGANA": "ja",
    "KANNADA": "kn",
    "KATAKANA": "ja",
    "KHMER": "km",
    "LAO": "lo",
    "MALAYALAM": "ml",
    "MYANMAR": "my",
    "ORIYA": "or",
    "SINHALA": "si",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
    "TIBETAN": "bo",
}
"""The language with most readers, by the first word of the names that Unicode gives to the letters."""

_BY_LETTERS: Final = (
    ("CYRILLIC", "uk", "[іїєґ]"),
    ("CYRILLIC", "be", "ў"),
    ("CYRILLIC", "mk", "[ѓќѕ]"),
    ("CYRILLIC", "sr", "[ђјљњћџ]"),
    ("CYRILLIC", "kk", "[әғқңұүһ]"),
    ("CYRILLIC", "bg", r"\b(?:и|в|ще|да|се|за|на|от|със|е)\b(?![^ъ]*[ыэё]).*ъ|ът\b"),
    ("ARABIC", "ur", "[ٹڈڑںےہ]"),
    ("ARABIC", "fa", "[پچژگکی]"),
    ("DEVANAGARI", "mr", "ळ|आहे|आणि|मध्ये"),
    ("DEVANAGARI", "ne", "हुन्छ|गर्नु|तपाईं|हरू|छन्|छ।"),
    ("BENGALI", "as", "[ৰৱ]"),
)
"""Within a script: a language, and what only it has. The first that is found decides."""

_LATIN_LETTERS: Final = {
    "de": "ßäöü", "fr": "œêèéàùç", "es": "ñ¿¡áéíóú", "pt": "ãõáâçêú", "it": "àèìòù", "nl": "ĳ",
    "pl": "łżźśćńąę", "cs": "řěůčšžýáíé", "sk": "ľĺŕôďťčšžýáíé", "hu": "őűáéíóöúü", "ro": "țșăâîţş",
    "tr": "ğışçöü", "sv": "åäö", "da": "æøå", "nb": "æøå", "fi": "äö", "hr": "đšžčć", "sl": "šžč",
    "lt": "ėįųūčšž", "lv": "āēīķļņūš", "et": "õäöü", "az": "əışğçöü", "is": "ðþæöáéíóúý", "ca": "·àçèéòú",
    "sq": "ëç", "vi": "ơưđạảấầẩậắặẹẻếềểệọỏốồổộớờởợụủứừửự",
}  # fmt: skip

_LATIN_WORDS: Final = {
    "en-us": "the and is are to of you we our your for with in a this that welcome hello thanks it on be "
    "will can",
    "de": "und der die das ist nicht wir sie ihr mit für ein eine auf zu den haben ich es willkommen "
    "hallo ihre im",
    "fr": "le la les de est et vous nous une des pour dans votre avec sur pas bienvenue bonjour notre "
    "du ce merci au",
    "es": "el la los las de es y que una para con su por nuestro hola más bienvenido bienvenidos está "
    "en del gracias tu",
    "pt": "o os as de é e que uma para com seu não por você nosso olá bem-vindo está em do da obrigado "
    "nossa ao sua",
    "it": "il la gli di è e che una per con suo non nostro ciao benvenuto benvenuti sono della delle "
    "dei alla nel grazie nostra",
    "nl": "de het een en is van wij niet met voor op zijn uw jij welkom ons je bij hallo bedankt onze "
    "dit we",
    "pl": "i w na się jest nie do że z to dla witamy nasz jak cześć dziękujemy naszym oraz dzień dobry "
    "jesteśmy",
    "cs": "a je se na že v za to pro s jsme vítejte ahoj náš vás jako do děkujeme dobrý den které naší",
    "sk": "a je sa na že v za to pre s sme vitajte ahoj náš vás ako do ďakujeme dobrý deň ktoré našej",
    "sv": "och är det att en som vi på för med inte du välkommen till hej vår av tack ni i ert",
    "da": "og er det at en som vi på for med ikke du velkommen til hej vores af tak jer i dig",
    "nb": "og er det at en som vi på for med ikke du velkommen til hei vår vårt av takk dere i deg",
    "fi": "ja on ei se että tervetuloa hei meidän teidän kanssa olemme kiitos kun sinun uuteen tämä "
    "mutta",
    "hu": "és a az egy hogy nem van üdvözöljük szia köszönjük meg ez is csapatunkban önt kell ha minden",
    "ro": "și în este nu cu pe la pentru bun venit salut mulțumim noastră sunt din care ați echipa",
    "hr": "i je u na se da za sa su dobrodošli bok naš hvala od koji vam što našem smo",
    "sl": "in je v na se da za z so dobrodošli pozdravljeni naš hvala od ki vam kaj naši smo",
    "tr": "ve bir bu için ile çok hoş geldiniz merhaba size da ne ekibimize teşekkürler olarak var",
    "vi": "và là của cho bạn với không được chào mừng tôi các đến một chúng",
    "id": "dan yang di ke untuk dengan ini selamat datang anda kami adalah tidak dari akan terima kasih "
    "halo tim",
    "et": "ja on ei et tere tulemast meie teie ning see kui oma meeskonda aitäh koos",
    "lt": "ir yra į su sveiki kad ne mūsų jūsų tai labas ačiū bei prie kaip",
    "lv": "un ir ar uz no sveiki laipni lūdzam mūsu jūsu tas ka kā par paldies",
    "ca": "i el els les és que una per amb no del benvingut benvinguts hola nostre gràcies al",
    "sq": "dhe është në për me të mirë se vini ju ne një që nga faleminderit",
    "az": "və bir bu üçün ilə xoş gəlmisiniz salam sizə komandamıza bizim",
    "is": "og er að það við sem velkomin í með fyrir ekki þú takk okkar",
    "sw": "na ya wa ni kwa karibu habari yetu katika hii kama asante timu",
    "af": "die en is nie van het ons vir met welkom jy julle by dankie hierdie",
}  # fmt: skip

_LETTER_WEIGHT: Final = 0.7
_WORDS: Final = {name: frozenset(words.split()) for name, words in _LATIN_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’·-][^\W\d_]+)*")


@lru_cache(maxsize=256)
def guess_language(text: str) -> str:
    """A language code such as `de`, or `en-us` where nothing tells."""
    script = _script_of(text)
    if script == "LATIN":
        return _by_words(text)
    lower = text.lower()
    for within, language, only in _BY_LETTERS:
        if within == script and re.search(only, lower):
            return language
    return _BY_SCRIPT.get(script, DEFAULT)


def _script_of(text: str) -> str:
    """The script of most letters; one of Japan's own decides, since Chinese letters are used there too."""
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0:
        return "HIRAGANA"
    return max(scripts, key=scripts.__getitem__, default="LATIN")


def _by_words(text: str) -> str:
    words, letters = Counter(_WORD.findall(text.lower())), Counter(text.lower())
    scores = {
        language: sum(words[word] for word in words.keys() & common)
        + _LETTER_WEIGHT * sum(letters[letter] > 0 for letter in _LATIN_LETTERS.get(language, ""))
        for language, common in _WORDS.items()
    }
    return max(scores, key=scores.__getitem__)
