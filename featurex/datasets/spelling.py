"""How names of classes are compared, and which of them say that nothing was found."""

import re
import unicodedata
from collections import Counter

_BETWEEN = re.compile(r"(?<=\w)[\s-]+(?=\w)")

# Without accents, case, blanks, underscores and hyphens; by language.
_WORDS = """
normal normals normalchest normalcxr healthy nofinding nofindings negative neg control controls
healthycontrol healthycontrols normalcontrol normalcontrols hc 0 0.0 no none false absent
unremarkable nondiseased nodisease noabnormality noabnormalities well unaffected
gesund unauffallig negativ kontrolle kontrollen keinbefund ohnebefund obb nein
sain saine sains normale normaux normaal negatif temoin temoins sansanomalie
sano sana sanos negativo negativa controle controles sinhallazgos sinhallazgo
controllo controlli sani nessunreperto saudavel saudaveis semachados
gezond negatief controlegroep geenbevinding frisk friske normalt kontroll terve
zdrowy zdrowe zdrowi zdravy norma saglıklı saglikli sehat binhthuong
норма нормальный нормальныи здоровый здоровыи здоров здоровые безпатологии контроль
正常 健康 健常 阴性 陰性 対照 정상 طبيعي सामान्य
"""
_PREFIXES = ("no", "non", "not", "without", "kein", "keine", "sans", "sin", "sem", "senza", "geen")
# After normal or healthy.
_WHAT = ("lung", "chest", "cxr", "xray", "radiograph", "image", "patient", "person", "subject")
_ENDINGS = ("negative", "negativ", "negatif", "negativo", "negativa")


def plain(name):
    """Write a name without what spellings differ in: case, accents, blanks, underscores, hyphens.

    Parameters
    ----------
    name : str
        As "No_Finding".

    Returns
    -------
    name : str
        As "nofinding"; the name itself where nothing would be left.

    Examples
    --------
    >>> plain("No Finding") == plain("no_finding") == plain("NO-FINDING")
    True
    """
    split = unicodedata.normalize("NFKD", str(name).casefold())
    letters = "".join(letter for letter in split if not unicodedata.combining(letter))
    # Between letters and digits alone: -1 is not 1, and COVID- is not COVID+.
    return _BETWEEN.sub("", letters.replace("_", " ").strip()) or name


_NEGATIVE = frozenset(map(plain, _WORDS.split())) | {
    f"{start}{what}{end}" for start in ("normal", "healthy") for what in _WHAT for end in ("", "s")
}


def is_negative(name, others=()):
    """Return whether a class is called normal, healthy, no finding, negative, 0, control or alike.

    Parameters
    ----------
    name : str
        Of the class, in any of the common spellings and a dozen languages.
    others : sequence of str
        Names of the other classes: "no TB" is negative beside "TB".

    Returns
    -------
    negative : bool

    Examples
    --------
    >>> is_negative("No_Finding"), is_negative("Unauffällig"), is_negative("no TB", ["TB"])
    (True, True, True)
    >>> is_negative("tuberculosis")
    False
    """
    word = plain(name)
    if word in _NEGATIVE or word.endswith(_ENDINGS):
        return True
    if word.endswith("-") and any(str(other).endswith("+") for other in others):
        return True
    return any(word == f"{prefix}{plain(other)}" for prefix in _PREFIXES for other in others)


def unify(names):
    """Find the spelling of each name, where some differ in case, blanks, underscores and hyphens
    alone.

    Parameters
    ----------
    names : iterable of str
        With repetitions.

    Returns
    -------
    spellings : dict of str to str
        Each name -> the most frequent of its spellings, of equally frequent ones the first by name.

    Examples
    --------
    >>> unify(["NORMAL", "Normal", "NORMAL", "TB"])
    {'NORMAL': 'NORMAL', 'Normal': 'NORMAL', 'TB': 'TB'}
    """
    counts = Counter(names)
    best = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        best.setdefault(plain(name), name)
    return {name: best[plain(name)] for name in sorted(counts)}
