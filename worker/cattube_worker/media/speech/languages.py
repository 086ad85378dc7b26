"""Languages that Whisper's models know, by code and by English name. Pure.

Source: the tables `LANGUAGES` and `TO_LANGUAGE_CODE` of OpenAI's Whisper.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_NAMES = """
af afrikaans, am amharic, ar arabic, as assamese, az azerbaijani, ba bashkir, be belarusian, bg bulgarian,
bn bengali, bo tibetan, br breton, bs bosnian, ca catalan, cs czech, cy welsh, da danish, de german, el greek,
en english, es spanish, et estonian, eu basque, fa persian, fi finnish, fo faroese, fr french, gl galician,
gu gujarati, ha hausa, haw hawaiian, he hebrew, hi hindi, hr croatian, ht haitian creole, hu hungarian,
hy armenian, id indonesian, is icelandic, it italian, ja japanese, jv javanese, ka georgian, kk kazakh,
km khmer, kn kannada, ko korean, la latin, lb luxembourgish, ln lingala, lo lao, lt lithuanian, lv latvian,
mg malagasy, mi maori, mk macedonian, ml malayalam, mn mongolian, mr marathi, ms malay, mt maltese,
my myanmar, ne nepali, nl dutch, nn nynorsk, no norwegian, oc occitan, pa punjabi, pl polish, ps pashto,
pt portuguese, ro romanian, ru russian, sa sanskrit, sd sindhi, si sinhala, sk slovak, sl slovenian, sn shona,
so somali, sq albanian, sr serbian, su sundanese, sv swedish, sw swahili, ta tamil, te telugu, tg tajik,
th thai, tk turkmen, tl tagalog, tr turkish, tt tatar, uk ukrainian, ur urdu, uz uzbek, vi vietnamese,
yi yiddish, yo yoruba, zh chinese
"""
_CODES: Mapping[str, str] = {
    name: code for code, _, name in (pair.strip().partition(" ") for pair in _NAMES.split(","))
}
_OTHER_NAMES = {
    "burmese": "my", "cantonese": "zh", "castilian": "es", "flemish": "nl", "haitian": "ht",
    "letzeburgesch": "lb", "mandarin": "zh", "moldavian": "ro", "moldovan": "ro", "panjabi": "pa",
    "pushto": "ps", "sinhalese": "si", "valencian": "ca",
}  # fmt: skip
# Codes that others write for one of these languages.
_OTHER_CODES = {"cmn": "zh", "fil": "tl", "in": "id", "iw": "he", "ji": "yi", "nb": "no", "yue": "zh"}
# Whisper has kept an old code.
_OF_WHISPER = {"jv": "jw"}


def language_code(text: str) -> str:
    """Code of the language that BCP 47 ("fr-FR") or an English name ("french") tells. Raises ValueError."""
    word = text.strip().lower()
    code = _CODES.get(word) or _OTHER_NAMES.get(word)
    if code is None:
        primary = re.split("[-_]", word)[0]
        code = _OTHER_CODES.get(primary, primary)
    if code not in _CODES.values():
        raise ValueError(f'"{text[:40]}" is no language that is known here: name it as "fr-FR" or "french"')
    return code


def whisper_code(code: str) -> str:
    """The code by which Whisper's models know a language."""
    return _OF_WHISPER.get(code, code)


def code_of_whisper(code: str) -> str:
    """The code of a language that Whisper's models name."""
    return {old: new for new, old in _OF_WHISPER.items()}.get(code, code)
