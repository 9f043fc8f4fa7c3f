"""Values that only their label tells: dates of birth, medical records, chat names; looked for where a label's word stands."""
# ruff: noqa: E501 - a pattern is easier to check in one piece

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import partial

from schemas import Severity
from secassist.detectors._late import late
from secassist.detectors._secret.hit import Hit

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_YEAR = r"(?:18|19|20)\d\d"
DATE = (
    rf"{_YEAR}[\-/.年년] ?(?:0?[1-9]|1[0-2])[\-/.月월] ?{_DAY}[日일]?|{_DAY}[\-/. ](?:0?[1-9]|1[0-2])[\-/. ]{_YEAR}|"
    rf"(?:0?[1-9]|1[0-2])[\-/]{_DAY}[\-/](?:{_YEAR}|\d\d)|{_DAY}(?:st|nd|rd|th)?[\-/. ](?:of )?{_MONTH}[\-/., ]{{1,2}}{_YEAR}|"
    rf"{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}|{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
)
_GAP = r"[\"'\\]{0,4}[ \t]{0,3}(?:is|was|am|on|in|No\.?|number|#|为|是|：|[:=>])?[ \t]{0,3}[:=]?[ \t\"'\\]{0,5}"
BEFORE, AFTER = 16, 96
"""Characters before and after a hint in which a labelled value is looked for."""


@dataclass(frozen=True)
class Label:
    """`hints`: one of these (lower case) must stand in the text at all; group 1 of `pattern` is the value."""

    type: str
    hints: tuple[str, ...]
    pattern: re.Pattern[str]
    severity: Severity = Severity.MEDIUM


LABELS = (
    Label("DATE_OF_BIRTH", ("born", "birth", "dob", "d.o.b", "geboren", "geburt", "naissance", "né", "nacimiento", "nascimento"),
          late(rf"(?i:(?:(?<![a-z])d\.?o\.?b\.?|(?:birth|(?<!new)born)[a-z]{{0,6}}(?:[_ \-]?da(?:te|y))?|geboren(?: am)?|geburtsdatum|née? le|"
                     rf"date de naissance|fecha de nacimiento|data de nascimento))(?:{_GAP}|[^\n0-9]{{0,16}}[ \t:])({DATE})(?![0-9])")),
    Label("DATE_OF_BIRTH", ("рождения", "рожден", "народження", "nascita", "geboortedatum", "urodzenia", "ødselsdato", "ödelsedatum", "syntymäaika", "oğum tarihi",
                            "narození", "születési", "γέννησης", "生年月日", "생년월일", "lahir", "gày sinh", "วันเกิด", "الميلاد", "जन्म तिथि"),
          late(rf"(?i:рождения|рожден[аы]?|народження|nascita|geboortedatum|urodzenia|f[øö]dsels?dat[ou]m?|födelsedatum|syntymäaika|doğum tarihi|narození|"
                     rf"születési (?:idő|dátum)|γέννησης|生年月日|생년월일|lahir|ngày sinh|วันเกิด|الميلاد|जन्म तिथि)[^\n0-9]{{0,16}}({DATE})(?![0-9])")),
    Label("profile_url", ("linkedin.com/in/", "facebook.com/profile", "weibo.com/u/", "zhihu.com/people/", "vk.com/id", "wa.me/"),
          late(r"((?:linkedin\.com/in/|facebook\.com/profile\.php\?id=|weibo\.com/u/|zhihu\.com/people/|vk\.com/id(?=[0-9])|wa\.me/(?=[0-9]))[\w\-.%]{3,80})"),
          Severity.LOW),
    Label("DATE_OF_BIRTH", ("出生", "生日", "生于"), late(rf"(?:出生(?:日期|年月日|年月|于)?|生日|生于)[：:为是\s\"'\\=]{{0,6}}({DATE})(?![0-9])")),
    Label("DATE_OF_BIRTH", ("出生",), late(rf"(?<![0-9])({_YEAR}年(?:0?[1-9]|1[0-2])月{_DAY}日)出生")),
    Label("MEDICAL_RECORD_NUMBER", ("mrn", "medical record", "patient id", "patient_id", "patientid", "chart number"),
          late(rf"(?i:(?<![a-z])(?:mrn|medical[ _]record(?:[ _](?:number|no\.?|num|#))?|patient[ _]?(?:id|number|no\.?)|chart number)){_GAP}"
                     r"([A-Z]{0,4}-?[0-9]{5,12})(?![0-9A-Za-z])")),
    Label("MEDICAL_RECORD_NUMBER", ("病历号", "病案号", "住院号", "门诊号", "就诊卡", "就诊号"),
          late(r"(?:病历号|病案号|住院号|门诊号|就诊卡号?|就诊号)[码：:为是\s\"'\\=]{0,6}([A-Z]{0,4}-?[0-9]{5,14})(?![0-9A-Za-z])")),
    Label("social_security_card", ("社保", "医保", "社会保障"),
          late(r"(?:社保|医保|社会保障)卡?号?码?[：:为是\s\"'\\=]{0,6}([A-Z]{0,2}[0-9]{8,18}[0-9Xx]?)(?![0-9A-Za-z])"), Severity.HIGH),
    Label("military_id", ("字第",), late(r"([军士文义海空武警][^\W\d_]{0,3}字第[0-9]{6,10}号)")),
    Label("wechat", ("微信", "wechat", "weixin"),
          late(r"(?i:微信(?:号码?|id)[\s\"'\\：:为是=]{0,5}|(?:微信|wechat|weixin)(?:[ _]?(?:id|no))?[\s\"'\\：:=]{1,5}(?=[a-z]{0,18}[0-9_\-]))"
                     r"([A-Za-z][A-Za-z0-9_\-]{5,19})(?![0-9A-Za-z@.])"), Severity.LOW),
)  # fmt: skip


def label_hits(text: str, known: Collection[str]) -> Iterator[Hit]:
    """The labelled values; `known` are the hints that stand in the text."""
    awake = [(label, word) for label in LABELS for word in label.hints if word in known]
    plain = text.encode("ascii", "replace").lower() if awake else b""
    for label, word in awake:
        done = 0
        for at in _places(text, plain, word):
            match = label.pattern.search(text, max(done, at - BEFORE), at + AFTER) if at >= done else None
            if match:
                done = match.end(1)
                yield Hit(match.start(1), done, label.type, match[1], 1, label.severity)


def _places(text: str, plain: bytes, word: str) -> Iterator[int]:
    """Where a hint stands, in any case if it is ASCII."""
    find = partial(plain.find, word.encode()) if word.isascii() else partial(text.find, word)
    at = find()
    while at >= 0:
        yield at
        at = find(at + len(word))
