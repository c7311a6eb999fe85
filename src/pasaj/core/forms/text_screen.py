"""Free text that may name a person: where it seems to hold a telephone, a document, a birth or a name.

It errs on the careful side, and says only that a text seems to, where, and what: nobody but the
data-protection focal point reads what it held back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pasaj.core.forms.given import GIVEN
from pasaj.core.nearest import fold

WINDOW = 2_000  # characters that are looked at together: the time grows with the length of a text, not its square
OVERLAP = 200
BEFORE = 40  # characters before a name in which a place may be said


@dataclass(frozen=True, slots=True)
class Hit:
    """What a text seems to hold: phone, e-mail, document, birth or name; from where to where."""

    kind: str
    start: int
    end: int


_UPPER = "A-ZÀ-ÖØ-Þ"
_LOWER = "a-zà-öø-ÿ"
_GIVEN = rf"[{_UPPER}][{_LOWER}{_UPPER}'’-]+"
_TITLE = (
    r"(?:M|Mr|Mrs|Ms|Miss|Mme|Mlle|Me|Dr|Prof|Sr|Sra|Srta|Don|Doña|Mèt|[Mm]adan|[Mm](?:e)?sye|[Mm]onsieur|[Mm]adame"
    r"|Maître|[Ss]eñora?|[Ss]e[nñ]orita|[Mm]ademoiselle|[Mm]anzè|[Ss]ieur|[Ss]r\.|[Ss]ra\.)"
)
_MONTHS = (
    r"(?:jan|fe[bv]|f[ée]v|ma[rs]|av?[pv]r|abr|ma[iy]|me|jui?n|jui?l|jiy|jen|a[ou][uû]?[tg]|ago|sep|o[ck]t|nov|d[eé][cs])"
    r"[a-zéèûò]*"
)


PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("e-mail", re.compile(r"(?<![\w.+-])[\w.+-]++\s?@\s?[\w-]+\s?\.\s?[\w.-]+")),
    ("phone", re.compile(r"(?<![\w.,/-])(?:\+|00)\(?\d[\d\s().-]{6,}\d")),
    ("phone", re.compile(r"(?<![\w.,/-])(?:\(\d{3}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?![\w/-])")),
    ("phone", re.compile(r"(?<![\w.,/-])\d{4}[\s.-]\d{4}(?![\w/-])(?!\s*[.-]\s*\d)")),
    ("phone", re.compile(r"(?<![\w.,/-])\d{2}(?:[\s.-]\d{2}){3,4}(?![\w/-])")),
    ("phone", re.compile(r"(?<![\w.,/-])\d(?:[\s.-]\d){6,14}(?![\w/-])")),
    (
        "document",
        re.compile(
            r"\b(?:passe?port[es]?|pasaporte|pasp[oò]|c[ée]dula|carte d[’' ]identit[ée]|kat idantite|id card)\b"
            r"(?:\s+[^\W\d]+)?\s*(?:n[°ºo]\.?|num[ée]ro|number|nimewo|#)?\s*[:.=#]?\s*"
            r"(?:[A-Z]{1,3}\s?)?\d(?:[\s-]?\d){5,}",
            re.IGNORECASE,
        ),
    ),
    ("phone", re.compile(r"(?<![\w.,/-])1[\s.-]\d{3}[\s.-]\d{3}[\s.-]\d{4}(?![\w/-])")),
    (
        "phone",
        re.compile(
            r"\b(?:t[ée]l(?:[ée]phone|[eé]fono|efòn)?|phone|whats?app|gsm|cel(?:ular)?|mobile|m[oó]vil|kontak"
            r"|contact[oe]?)\b"
            r"\s*(?:n[°ºo]\.?|num[ée]ro|number|nimewo)?\s*[:.=]?\s*\+?\(?\d[\d\s().-]{4,}\d",
            re.IGNORECASE,
        ),
    ),
    ("document", re.compile(r"(?<![\w.,-])\d{3}-\d{3}-\d{3}-\d(?![\w-])")),
    ("document", re.compile(r"(?<![\w.,-])\d{3}-\d{7}-\d(?![\w-])")),
    ("document", re.compile(r"(?<![\w.,-])[A-Z]{1,3}\s?\d{6,9}(?!\w)")),
    ("document", re.compile(r"(?<![\w.,-])(?:\d{2}-){5}\d{2,5}(?!\w)")),
    (
        "document",
        re.compile(r"(?<![\w.,+-])\d{8,14}(?![\w%])(?!\s?(?:persons?|personnes?|moun|gourdes?|htg|usd|m3|kg|l)\b)"),
    ),
    (
        "document",
        re.compile(
            r"\b(?:passe?port[es]?|pasaporte|pasp[oò]|c[ée]dula|nif|cin|niu|nin|dni|id|carte d[’' ]identit[ée]"
            r"|kat idantite|visa|permis|carte [ée]lectorale|licen[cs]e)\b"
            r"\s*(?:n[°ºo]\.?|num[ée]ro|number|nimewo|#)?\s*[:.=#]?\s*(?=[A-Z0-9-]*\d{4})[A-Z0-9][A-Z0-9-]{4,}",
            re.IGNORECASE,
        ),
    ),
    (
        "birth",
        re.compile(
            r"\b(?:n[ée]{1,2}e?\s+(?:[àa]\s+\S+\s+)?(?:le|en)|n[ée]{1,2}e?(?=\s+\d{1,2}[./-]\d)"
            r"|b\.(?=\s?\d)|date de naissance|ddn|born(?:\s+(?:on|in))?|d\.?o\.?b\.?"
            r"|date of birth|naci[oód]\w*(?:\s+el)?"
            r"|fecha de nacimiento|dat nesans|li f[eè]t(?:\s+le)?)\s*[:.=]?\s*"
            rf"(?:\d{{1,4}}[\s./-]\d{{1,2}}[\s./-]\d{{1,4}}"
            rf"|\d{{1,2}}(?:er)?\s+(?:de\s+)?{_MONTHS}\s+(?:de\s+)?\d{{4}}|(?:19|20)\d\d)",
            re.IGNORECASE,
        ),
    ),
)
_ROLE = (
    r"(?:migrante?|passag[eè]re?|passenger|voyageuse?|voyageur|traveller|d[ée]port[ée]e?|deportee|enfant|child|mineure?"
    r"|minor|menor|victime?|victim|suspect|conducteur|driver|chauffeur|chofè|chofer|conductor|msye a|pasaje a"
    r"|timoun nan|agent|agente|officer|sieur|dame|ciudadan[oa]|ni[ñn][oa]|pasajer[oa]|citoyen(?:ne)?|gar[çc]on|fillette"
    r"|fi a|gason an|madanm nan|passeur|smuggler|boatman|witness|t[ée]moin|testigo|juge|judge|juez|s(?:er)?gt|sergent"
    r"|sergeant|sargento|inspecteur|inspector|capitaine|captain|capit[áa]n|lieutenant|teniente|cabo|commissaire"
    r"|comisario|bòs|bos|kaptèn)"
)
_KIN = (
    r"(?:mari|femme|[ée]pou(?:x|se)|conjointe?|tante|oncle|fr[eè]re|s[œo]e?ur|fils|fille|m[eè]re|p[eè]re|cousine?"
    r"|husband|wife|uncle|aunt|brother|sister|son|daughter|mother|father|nephew|niece|hij[oa]|madre|padre|herman[oa]"
    r"|t[íi][oa]|espos[oa]|marido|abuel[oa]|frè l|sè l|manman l|papa l|tonton l|matant li|pitit li|madanm li)"
)
_TAKEN = (
    r"(?:arrest\w+|arr[êe]t\w+|arete|interpell\w+|d[ée]ten\w+|detain\w+|detuv\w+|retenu\w*|refoul\w+|d[ée]port\w+"
    r"|depòte|rapatri\w+|expuls\w+|lage|kenbe|sezi|retorn\w+|devuelt\w+)"
)
NAMES: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"(?:(?<=^)|(?<=[\s(;,.]))(?:noms?(?:\s+et\s+pr[ée]noms?)?|pr[ée]noms?|full name|names?|first name"
        r"|last name|surname|apellidos?|nombre|sign[ée]|signed|firmado|siyen"
        r"|nombres? y apellidos?|non(?:\s+ak\s+siyati)?|siyati|prenon)\s*[:=]\s*(?!\d)\w+",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?i:\b(?:nomm[ée]e?s?|dénomm[ée]e?s?|appel[ée]e?|s['’]appelle|pr[ée]nomm[ée]e?|surnomm[ée]e?|named"
        r"|called|name is|name['’]s|nick\s?name|known as|connue? sous le nom de|un certain|une certaine|un tal"
        r"|(?:su )?nombre es|(?:son )?nom est"
        r"|se llama|llamad[oa]|de nombre|rele|non li se|sous le nom de"
        r"|identified as|identifi[ée]e? comme"
        r"|alias|dit))\s+(?:(?i:le|la|un|une|a|the)\s+)?['\"«‘“]?\s?" + _GIVEN
    ),
    re.compile(
        rf"(?<![\w.-]){_TITLE}(?:\.\s*|\s+)(?i:(?:et|and|y|ak|le|la)\s+)?(?:{_TITLE}\.?\s+)?{_GIVEN}(?:\s+{_GIVEN})*"
    ),
    re.compile(
        rf"(?i:(?<![\w-])(?:{_ROLE}|{_KIN}|famille|fanmi|familia|family))\.?\s*[,(]?\s*(?<=[\s(])(?i:(?:se|est|is|es)\s+)?{_GIVEN}(?:\s+{_GIVEN})*"
    ),
    re.compile(rf"(?i:\b(?:moun(?: nan)?|{_ROLE}|{_KIN}|manman|papa)(?: \w+){{0,3}} se)\s+{_GIVEN}(?:\s+{_GIVEN})*"),
    re.compile(rf"(?i:\b{_TAKEN})\s*:?\s+(?:(?i:a)\s+)?{_GIVEN}\s+{_GIVEN}(?:\s+{_GIVEN})*"),
    re.compile(
        rf"(?i:\b(?:arrestation|interpellation|arrest|detention|detenci[óo]n|arresto)\s+(?:de|of)\s+){_GIVEN}\s+{_GIVEN}"
    ),
    # with an age or a sex behind it, as lists of persons have them
    re.compile(
        rf"{_GIVEN}(?:,?\s+{_GIVEN})*\s*[,(]\s*(?:(?:[FMHG]|sexe [FM])\s*[,/]\s*)?"
        r"\d{1,3}\s*(?i:ans?|lane|an|años?|anos|yrs?|years?|y\.?o|mois|mwa|meses|months)\b"
    ),
    re.compile(rf"{_GIVEN}(?:,?\s+{_GIVEN})*\s*\(\s*[FMHG]\s*[,/]\s*\d"),
)
_TOGETHER = re.compile(rf"{_GIVEN}(?:\s+{_GIVEN}){{1,3}}")
_SIDE_BY_SIDE = re.compile(rf"({_GIVEN})(?:\s*[,;/&]\s*|\s+(?i:et|and|y|e|ak)\s+)({_GIVEN})")
_TURNED = re.compile(rf"{_GIVEN}(?:\s+{_GIVEN})?,\s+({_GIVEN})(?=[\s.;)]*(?:$|[;(\n]))")
_SMALL = re.compile(rf"(?<![\w-])([{_LOWER}]{{3,}})\s+(?=([{_LOWER}]{{3,}})(?![\w-]))")
_INITIAL = re.compile(rf"(?<!\w){_GIVEN}\s[{_UPPER}]\.(?=[\s,;:)]|$)")
_WORD = re.compile(r"[^\W\d_]+")
# Capitalised words that are no person: offices, peoples, days.
_NO_PERSON = re.compile(
    r"(?i)\b(?:(?:la|l)?polis|polic|minist|direc|offic[ei]\b|croix|kwa|rouge|cross|nation|nasyon|organi|service|sèvis"
    r"|bureau|groupe|gwoup|union|associat|comit|garde|ladwan|douan|custom|aduan|migrati|migracion|immigra|imigra|cesfront|brigad"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lendi|madi|mèkredi|jedi|vandredi|samdi|dimanch"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|onu\b|oim\b|iom\b|unicef|pnud)"
)
# How adjectives of peoples end, in the four languages: an agent from over there is not called so.
_PEOPLE = re.compile(
    r"(?:[iï][eè]n(?:ne)?s?|yen|ken|[cblg]ain(?:e)?s?|[ti]ano?s?|[ct]an[oa]s?|[ct]ans?|uban[oa]?s?|[nç]ais(?:e)?s?)$"
)
# Before or within a name: then it is that of a place, a ship, a storm, a feast.
_PLACE = (
    r"(?:saint|sainte|st|ste|san|santa|santo|sen|sent|place|plas|plaza|rue|ri|boulevard|bd|avenue|av|carrefour|kafou"
    r"|route|wout|ruta|pont|pon|puente|bridge|commune|komin|section|seksyon|localit[ée]|village|vilaj|ville|vil|quartier"
    r"|katye|march[ée]|mache|mercado|market|h[ôo]pital|lopital|hospital|[ée]cole|lekòl|school|escuela|lyc[ée]e|lise"
    r"|[ée]glise|legliz|iglesia|church|port|pòt|puerto|fort|fò|cap|kap|cabo|morne|mòn|rivi[èe]re|larivyè|r[íi]o|river|lac"
    r"|lake|lago|baie|bay|bahía|plage|plaj|playa|anse|lans|[îi]le|zile|isla|camp|kan|point|points|pwen|paso|poste|pòs"
    r"|post|puesto|barri[èe]re|baryè|gate|habitation|bitasyon|fondation|fondasyon|foundation|fundaci[óo]n|centre|sant"
    r"|center|centro|institut|a[ée]roport|ayewopò|airport|aeropuerto|ouragan|cyclone|siklòn|hurac[áa]n|hurricane|storm"
    r"|temp[êe]te|tormenta|f[êe]te|fèt|fiesta|bateau|bato|navire|boat|vessel|barco|buque|soci[ée]t[ée]|compagnie|konpayi"
    r"|calle|parque|park|barrio|loma|provincia|municipio|d[ée]partement|depatman|crossing|passage|pasaj|croix|lyc[ée]e"
    r"|universit[ée]|stade|stadium|cité|cite|zone|zòn|nord|sud|est|ouest|north|south|east|west|nò|sid|h[ôo]tel|otèl)"
)
_IN_PLACE = re.compile(rf"(?i)(?<![\w-]){_PLACE}(?![\w-])")
_BEFORE_PLACE = re.compile(
    rf"(?i)(?<![\w-]){_PLACE}(?:\s+(?:de|du|la|le|des|del|of|the|nan|an|a|l|d))*\s*[:'’«\"]?\s*(?:[ld]['’])?$"
)


@lru_cache(maxsize=512)
def hits(text: str, *, names: bool = True, places: frozenset[str] = frozenset()) -> tuple[Hit, ...]:
    """What a text seems to hold that could name somebody, in the order of the text. `names=False`: numbers only.

    `places`: folded names of places and institutions that are known, some of which are called after a person.
    """
    found: set[Hit] = set()
    for start in range(0, max(1, len(text) - OVERLAP), WINDOW - OVERLAP):
        for one in _window(text[start : start + WINDOW], names, places):
            found.add(Hit(one.kind, one.start + start, one.end + start))
    return tuple(sorted(found, key=lambda one: (one.start, one.end, one.kind)))


def _window(text: str, names: bool, places: frozenset[str]) -> Iterator[Hit]:
    for kind, pattern in PATTERNS:
        for one in pattern.finditer(text):
            if not (kind in ("document", "phone") and _harmless(one[0])):
                yield Hit(kind, one.start(), one.end())
    if names:
        yield from _names(text, places)


def _names(text: str, places: frozenset[str]) -> Iterator[Hit]:
    for one in _likely(text, places):
        if not _no_person(text, one):
            yield Hit("name", one.start(), one.end())
    small = (one for one in _SMALL.finditer(text) if fold(one[1]) in GIVEN and fold(one[2]) in GIVEN)
    initials = list(_INITIAL.finditer(text))
    for one in (*small, *(initials if len(initials) > 1 else ())):
        yield Hit("name", one.start(), one.end())


def _likely(text: str, places: frozenset[str]) -> Iterator[re.Match[str]]:
    """Where the words around say that somebody is named, or a word is a given name beside another."""
    for pattern in NAMES:
        yield from (one for one in pattern.finditer(text) if fold(one[0].partition(":")[2]) not in places)
    for one in _TOGETHER.finditer(text):
        if _given(one[0]) and fold(one[0]) not in places:
            yield one
    yield from (one for one in _SIDE_BY_SIDE.finditer(text) if all(_given(word) for word in one.groups()))
    yield from (one for one in _TURNED.finditer(text) if _given(one[1]))


def _no_person(text: str, found: re.Match[str]) -> bool:
    """Whether capitalised words are an office, a people, or a place that bears somebody's name."""
    words = found[0]
    if _NO_PERSON.search(words) or _IN_PLACE.search(words):
        return True
    if _PEOPLE.search(words) and not _given(words):
        return True
    return bool(_BEFORE_PLACE.search(text[max(0, found.start() - BEFORE) : found.start()]))


def _given(text: str) -> bool:
    return any(fold(word) in GIVEN for word in _WORD.findall(text))


def person(text: str) -> bool:
    """Whether a short text, such as a choice in a list, is nothing but the name of a person."""
    found = _TOGETHER.fullmatch(text.strip())
    if found is not None:
        return _given(text) and not _no_person(text.strip(), found)
    return bool(re.fullmatch(rf"{_TITLE}\.?\s+{_GIVEN}(?:\s+{_GIVEN})*|{_GIVEN}\s[{_UPPER}]\.", text.strip()))


def _harmless(text: str) -> bool:
    """Dates, years and spans of years look like numbers of documents."""
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"(?:19|20)\d\d[\s.-](?:19|20)\d\d", text):
        return True
    return bool(re.fullmatch(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", digits)) and digits == text


def shown(value: object) -> object:
    """A value as a message may repeat it: an ellipsis instead of a text that seems to name somebody."""
    if isinstance(value, str) and not value.strip().isdigit() and hits(value):
        return "…"
    return value
