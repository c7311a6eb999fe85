"""How a question asks for somebody without any of the words of `words`: who, by whom, the driver, what he is called.

Read for questions answered in free text alone: "Who closed the gate?" is harmless above a list of services.
"""

from __future__ import annotations

import re

from pasaj.core.forms import words
from pasaj.core.nearest import fold

# Persons as well, but in a question they mostly mean the reader, a thing, or everybody.
_VAGUE = frozenset(
    fold(
        "you your vous votre usted su tu contact kontak contacto staff client citizen citoyen ciudadano sitwayen head"
        " interested intéressé interesado focal individual individuel pilot member membre miembro manm"
    ).split()
)
ROLES = words.PERSONS - _VAGUE
_QUALIFIED = frozenset(
    fold("premier première dernier dernière autre principal primer último otro lòt premye dènye").split()
)
_ROLE = "(?:" + "|".join(sorted(ROLES, key=len, reverse=True)) + ")"
_SOMEBODY = "(?:" + "|".join(f"{one}s?" for one in sorted(words.PERSONS - _VAGUE, key=len, reverse=True)) + ")"
_BODY = (
    r"(?:services?|servicios?|sevis|instituti\w+|institucion\w*|enstitisyon|agenc\w+|ajans|organi\w+|oganizasyon"
    r"|autorit\w+|authorit\w+|autoridad\w*|otorite|administra\w+|entit\w+|entidad\w*|side|cote|lado|bo|pays|country"
    r"|pais|peyi|minist\w+)"
)

_WHO = re.compile(
    r"^(?:(?:et|e|ak|avec|a|par|pa|pou|pour|chez|de|to|by|with|for|from|and|con|por|para|y|se|nan) ){0,2}"
    r"(?:qui|who|whom|whose|quien|quienes|kiyes|kiles|ki moun|kimoun|ki es)\b"
)
_WHO_ANYWHERE = re.compile(r"\b(?:kiyes|kiles|ki moun|kimoun|whom|de quien|con quien|a qui|avec qui|par qui)\b")
_WHICH_BODY = re.compile(rf"\b(?:quel\w*|which|what|que|cual|ki) {_BODY}\b|^{_BODY}$")
_WHICH = re.compile(
    r"\b(?:quel|quelle|which|what|que|cual|ki)(?: (?:est|etait|is|was|es|fue|era) (?:le|la|l|the|el))?"
    rf" {_ROLE}\b(?! yo\b)"
)
_BY = re.compile(
    r"\b(?:rempl|saisi|sign|prepar|ecri|etabl|enregistr|rapport|observ|constat|verifi|approuv|condui"
    r"|accompagn|remis|recu|fill|complet|report|record|written|enter|witness|check|approv|driven|hand|receiv"
    r"|collect|llenad|complet|registrad|firmad|escrit|aprobad|conducid|acompan|entregad|recibid|elabor|ranpli|siyen"
    r"|rapote|anrejistre|ekri|kondi|akonpaye|resevwa|remet|siyale)\w*(?: (?:in|out|over|up))? (?:par|by|por|pa)$"
)
_LISTED = (
    r"(?:listes?|lists?|listings?|listas?|lis|nominas?|relacion|manifest\w*|rosters?|registres?"
    r"|registers?|registros?|rejis)"
)
_LISTS = re.compile(rf"\b{_LISTED}\b(?: \w+){{0,2}}? {_SOMEBODY}\b|\b{_SOMEBODY} {_LISTED}\b")
_PRONOUN = r"(?:he|she|him|her|they|them|il|elle|li|l|yo|ou|w|el|ella|usted|vous)"
_CALLED = re.compile(
    rf"\b(?:kijan|kouman|koman|ki jan)\b.*\brele\b|\b(?:li|moun|{_ROLE})\b(?: \w+){{0,2}} rele$"
    rf"|\bwhat\b.*\b(?:{_PRONOUN}|{_ROLE})\b.*\bcall(?:ed)?\b|\bwhat\b.*\bcall(?:ed)?\b.*\b(?:{_PRONOUN}|{_ROLE})\b"
    r"|\bcomment\b.*\b(?:nomm|appel|prenomm)\w+|\bcomo se llam\w+|\bcual es (?:su|el) nombre\b"
)
_IDENTITY = re.compile(r"\b(?:identite|identity|identidad|idantite)\b")
_IDENTIFY = re.compile(rf"\b(?:identifi\w+|identify|idantifye|precise[rz]|nommez|name) (?:le|la|l|the|el) {_ROLE}\b")
_KIN = re.compile(
    r"\betat civil\b|\bnext of kin\b|\bplus proche parent\b|\bhead of (?:household|family)\b"
    r"|\bfamilia[rl] mas cercano\b"
)
# Where the head of an English phrase ends: "officer on duty" is an officer, "needs of the child" are needs.
_AFTER_HEAD = re.compile(
    r"\b(?:of|in|at|on|who|that|with|to|for|from|by|without|per|during|or|and|under|after|before|whose)\b"
)
_MANY = re.compile(r"\byo\b")
_LAST_WORDS = 5  # a longer sentence describes, it does not name a role
_FILLER = re.compile(
    r"\b(?:reponse|repons|champ|field|question|kesyon|dato|campo|item|case|casilla|box|bwat|info|partie|part|piece"
    r"|element|valeur|value|valor|rubrique|ligne|line|linea|entry|data|donnee|q|no|num|numero|number|\w|\d+)\b"
)


def asks(text: str, language: str) -> bool:
    """Whether a label asks, for an answer in free text, who somebody is."""
    parts = words.sentences(text)
    if not parts or words.refuses(" ".join(parts)):
        return False
    body = any(_WHICH_BODY.search(part) for part in parts)
    who = parts if "?" in text else parts[:1]
    if not body and (any(_WHO.search(one) for one in who) or any(_WHO_ANYWHERE.search(one) for one in parts)):
        return True
    if any(_asks(part) for part in parts):
        return True
    return "?" not in text and (len(parts) == 1 or ":" not in text) and _role(parts[0], language)


def _asks(part: str) -> bool:
    if _BY.search(part) or _KIN.search(part) or _IDENTIFY.search(part):
        return True
    if _WHICH.search(part) or lists_persons(part):
        return True
    if _CALLED.search(part):
        return words.persons(part) or not words.things(part)
    return identity(part)


def lists_persons(part: str) -> bool:
    """Whether a sentence asks for a list, a manifest or a roster of persons."""
    return bool(_LISTS.search(part)) and not words.counts(part)


def identity(part: str) -> bool:
    """Whether a sentence asks for somebody's identity: nothing else is in it, or a person."""
    found = _IDENTITY.search(part)
    if found is None:
        return False
    rest = [word for word in part.split() if word not in words.JOINING]
    return len(rest) == 1 or (words.persons(part) and not words.counts(part))


def _role(part: str, language: str) -> bool:
    """Whether a sentence is nothing but what somebody is: "Head of household", "Chauffeur du camion"."""
    said = [word for word in part.split() if word not in words.JOINING]
    if not said or len(said) > _LAST_WORDS or words.counts(part) or _MANY.search(part):
        return False
    if language == "en":
        head = _AFTER_HEAD.split(part)[0].split()
        return bool(head) and head[-1] in ROLES
    if language in ("fr", "ht", "es"):
        return next((word for word in said if word not in _QUALIFIED), "") in ROLES
    return all(word in ROLES for word in said)


def one_person(text: str) -> bool:
    """Whether the heading of a group speaks of one person: "Voyageur", "Datos de la víctima", "Identité"."""
    for part in words.sentences(text):
        said = [word for word in part.split() if word not in words.JOINING and not word.isdigit()]
        if words.counts(part) or _MANY.search(part) or not said:
            continue
        if identity(part) or said[0] in ROLES or said[-1] in ROLES:
            return True
    return False


def neutral(text: str) -> bool:
    """Whether a label says nothing of what it asks for: "Réponse 1", "2", "A"."""
    return not _FILLER.sub(" ", words.plain(text)).strip()
