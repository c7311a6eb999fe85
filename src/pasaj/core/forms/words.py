"""The words by which a form asks about one person, in four languages, as officers spell them.

A question is judged by what it says and by what it asks for: "Passport" is harmless beside a count and
telling beside a text box. Every text is folded first (no accents, capitals or punctuation), digits that
stand for letters are read as letters (`n0m`), and long words are known with one letter wrong.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from pasaj.core.nearest import distance, fold

NAME, BIRTH, DOCUMENT, PHONE, EMAIL, ADDRESS, BODY = (
    "COLLECT-101",
    "COLLECT-102",
    "COLLECT-103",
    "COLLECT-104",
    "COLLECT-105",
    "COLLECT-106",
    "COLLECT-109",
)

_FIGURES = str.maketrans("013457", "oleast")
_ENDING = re.compile(r"\((?:e|s|es|x|a|os|as)\)")
_SENTENCE = re.compile(r"(?<=\w\w)[.!?]+(?=\s|$)|[;:()\n\[\]]+|,(?=\s)| - ")
_SHORTENED = re.compile(r"(?i)\b(no|nos|nr|num|núm|t[ée]l|doc|cel|dir|f|fec|dat|pass?|prén|gvn)\.(?=\s)")
_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z])")


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


# What has a name, a number or an address without being a person. Matched as whole words.
THINGS = _words(
    """
    post poste postes puesto pòs point points pwen punto crossing crossings passage paso frontière border frontera
    fontyè institution institutions institución enstitisyon service services servicio sèvis organisation
    organization organisations organizations organización òganizasyon oganizasyon ong ngo agency agencies agence
    agences agencia ajans company companies compagnie compañía konpayi société empresa commune communes comuna komin
    municipality municipio department département departamento depatman section seksyon sección localité locality
    localidad lokalite place places lieu lieux lugar site sites sitio centre center centro sant shelter abri abris
    albergue refugio market marché mercado mache route road ruta wout river rivière río rivyè bridge pont puente pon
    boat bateau barco bato vessel navire ship embarcation canot vehicle véhicule vehículo machin bus flight vol
    vuelo form formulaire formulario fòm fòmilè exercise exercice ejercicio project projet proyecto pwojè plan
    activity activité actividad aktivite language langue lengua lang country pays país peyi nationality port puerto
    pò airport aéroport aeropuerto ayewopò unit unité unidad inite programme program programa pwogram database
    system système sistema sistèm equipment équipement equipo ekipman material matériel measure mesure product
    produit medicine médicament disease maladie enfermedad maladi group groupe grupo gwoup hospital hôpital lopital
    school école escuela lekòl office bureau oficina biwo directorate direction ministry ministère ministerio
    ministè district zone zona zòn town city ville ciudad vil village pueblo bouk beach plage playa plaj island île
    isla zile donor bailleur partner partenaire partners partenaires fichier file archivo dataset source sources
    fuente structure structures facility facilities installation barrier barrière camp kan location area área région
    region general nacional national law loi ley lwa agreement accord acuerdo akò document indicator indicateur
    topic sujet training formation formasyon event événement gate gates post-office operator hotel network réseau
    red rezo ngos committee comité komite association asociación asosyasyon
    community communauté kominote comunidad quartier neighbourhood neighborhood katye barrio larivyè lopital legliz
    church église iglesia lameri mairie alcaldía lapolis ladwann customs douane aduana dwàn province
    provincia pwovens vilaj lac lake lago lak mountain montagne morne mòn montaña valley vallée valle farm ferme
    street rue calle lari ferry brand marque marca firm firme entreprise antrepriz fournisseur supplier
    laboratory laboratoire foundation fondation fundación union cooperative coopérative university université
    airline line ligne station fund ouvrage brigade brigada brigad fonds tool outil
    herramienta report rapport informe rapò meeting réunion
    reunión reyinyon operation opération operación operasyon campaign campagne campaña kanpay storm tempête
    hurricane ouragan cyclone siklòn huracán protocol protocole protocolo engine moteur motor radio scanner camera
    """
)
# Who is a person, whatever stands around it.
PERSONS = _words(
    """
    person personne persona moun individu individual individuo migrant migrante migrants migran traveller traveler
    voyageur voyageuse viajero vwayajè passenger passager passagère pasajero pasaje deportee déporté deportado
    depòte returnee rapatrié rapatriée retornado rapatriye child enfant niño niña timoun minor mineur menor menores
    minè victim victime víctima viktim respondent répondant enquêté encuestado beneficiary bénéficiaire beneficiario
    benefisyè mother mère madre manman father père padre papa parent parents guardian tuteur tutor husband wife mari
    femme esposo esposa officer officers agent agents agente ofisye ajan chief chef jefe chèf head responsable
    director directeur director direktè driver chauffeur conductor chofè captain capitaine capitán kapitèn kaptèn
    pilot focal contact kontak contacto owner propriétaire propietario mèt applicant demandeur solicitante seeker
    refugee réfugié refugiado refijye suspect sospechoso detainee détenu detenido prizonye interviewee enumerator
    enquêteur encuestador anketè employee employé empleado anplwaye staff patient patiente member membre miembro
    manm smuggler passeur coyote man woman homme hombre mujer gason fanm girl boy fille garçon supervisor
    superviseur witness testigo témoin temwen you your votre vous usted su tu interested intéressé interesado
    enquetee surveyor signatory signataire citizen citoyen ciudadano sitwayen client
    interpellé interpellée refoulé refoulée expulsé expulsée déporté décédé décédée blessé blessée fallecido herido
    expulsado devuelto detenidos chofer conductrice boatman piroguier sailor marinero maren sergeant sergent sargento
    judge juge juez jij interpreter interprète intérprete entèprèt nurse infirmier infirmière enfermera doctor médecin
    médico doktè companion accompagnateur accompagnatrice acompañante trafficker trafiquant traficante trafikan
    recruiter recruteur auteur autor complice cómplice spouse époux épouse conjoint conjointe cónyuge uncle oncle tío
    aunt tante tía brother frère hermano frè sister sœur hermana sè daughter hija hijo fils pitit cousin baby bébé
    nourrisson people gens gente everyone somebody informant informateur informante declarant déclarant déclarante
    declarante plaignant complainant denunciante caller oficial crew équipage tripulante
    tripulación ekipaj occupant ocupante adult adulte adulto granmoun foreigner him her his he she
    """
)
SEVERAL = _words("children people gens gente timoun niños niñas women men femmes mujeres")
JOINING = _words(
    "of the a an de du des la le les l d del los las el un una une nan lan an yo ki ak this your our each which"
)

# Words that say it by themselves; one letter may be wrong in those of six letters or more.
STRONG: tuple[tuple[str, frozenset[str]], ...] = (
    (
        NAME,
        _words(
            "prenom prenoms prenon surname surnames lastname firstname fullname forename forenames nickname surnom"
            " patronyme patronym apellido apellidos apodo siyati tinon nomcomplet nomprenom"
            " alias alyas aka sobriquet initials initiales iniciales inisyal"
        ),
    ),
    (
        BIRTH,
        _words("dob ddn birthdate birthday dateofbirth datenaissance datedenaissance fechanacimiento datnesans"),
    ),
    (
        DOCUMENT,
        _words("passport passeport pasaporte paspo cedula nif cin niu dni ssn matricule curp licencia laissezpasser"),
    ),
    (
        PHONE,
        _words(
            "telephone telefono telefon phone tel gsm whatsapp cellphone cellulaire celular telephonique msisdn"
            " phonenumber numerotel imei"
        ),
    ),
    (EMAIL, _words("email courriel imel correo mail facebook instagram gmail telegram")),
    (
        BODY,
        _words("fingerprint fingerprints empreinte empreintes anpwent huella huellas iris biometric biometrie"),
    ),
)
_SOMEBODY = "(?:" + "|".join(sorted(PERSONS, key=len, reverse=True)) + r")s?\b"
# Phrases, on folded text.
PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        (
            NAME,
            r"\b(?:first|last|family|given|middle|maiden|full|sur|real|legal|complete|whole) names?\b"
            r"|\bnoms? (?:complets?|de famille|de jeune fille|et prenoms?|entier|usuel|civil|legal|propre)\b"
            r"|\bidentite (?:de|du|des|complete)\b|\bwho (?:is|was) the (?:person|traveller|migrant)\b"
            r"|\b(?:primer|segundo|tercer) (?:nombre|apellido)\b|\bnombres? (?:completos?|y apellidos?|propio)\b"
            r"|\bnon (?:li|moun|w|ou|konple|ak siyati|fanmi|batem|pasaje|vwayaje|timoun|manman|papa|chofe)\b"
            r"|\bki non\b|\b(?:f[iu]?r?st|la?st|full|given|family|middle|maiden|sur) (?:n[aeo]?me?s?|nmae|naem)\b",
        ),
        (
            BIRTH,
            r"\bd o b\b|\b(?:date|dates|jour|annee|an|lieu|mois) (?:de |d )?(?:la )?naiss\w*|^naissance\b|\bnee? (?:le"
            r"|en|a)\b"
            r"|\b(?:date|year|month|day|place|city|country) of birth\b|\bbirth (?:date|year|day|month|place"
            r"|certificate n\w*)\b"
            r"|\b(?:year|date|place|day|month) (?:\w+ ){0,2}born\b"
            r"|\bborn (?:on|in|at)\b|\bwhen (?:were|was) (?:you|he|she|they) born\b|\banniversaire\b"
            r"|\b(?:fecha|ano|lugar|dia|mes) (?:de )?nac(?!ional)\w*|\bf nac\b|\b(?:cuando|donde) nacio\b|^nacimiento\b"
            r"|\b(?:dat|ane|jou|kote) (?:nesans|li fet|ou fet|w fet|moun nan fet)\b|\bki le (?:li|ou|w) fet\b"
            r"|\bkile (?:li|ou|w) fet\b|\bquand\b.{0,40}\bnee?\b|\bwhen\b.{0,40}\bborn\b"
            r"|\b(?:dat|ane|jou|kote|le|kile)\b.{0,30}\b(?:li|ou|w|l|moun nan|timoun nan|pitit la)(?: te)? fet\b"
            r"|\b(?:birth certificate|acte de naissance|acta de nacimiento|batiste)\b",
        ),
        (
            DOCUMENT,
            r"\b(?:cartes?|piece|pieces|numero|no|num) d ?identi\w+|\bpieces? d identite\b|\bkat (?:idantite"
            r"|elektoral|nif|cin)\b"
            r"|\bid(?:entity|entification)? (?:cards?|numbers?|nos?|document|papers?)\b|\bnational id\w*\b"
            r"|\b(?:travel )?documents? (?:number|no|num|id|n)\b|\b(?:numero|num|no|n) (?:du |de |de la |del |d )?"
            r"(?:documento?|doc|piece|carte|visa|permis|titre|acte|licence|dossier personnel|identification|cin|nif"
            r"|recepisse)\b|\b(?:alien|personal|individual|tax|voter) (?:registration )?(?:number|no|id)\b"
            r"|\bvisa (?:number|no|num|numero)\b|\bnimewo (?:dokiman|kat|viza|pyes|idantifikasyon)\b"
            r"|\b(?:driver s?|driving) licen[cs]e\b|\bpermis de conduire\b|\bcarnet de identidad\b"
            r"|\bdocumento de identidad\b|\bcarte (?:electorale|consulaire|de sejour|dermalog)\b|\bsecurity number\b"
            r"|\b(?:titre|permis|permit|visa|carte|card|carnet?|carne|licen[cs]e|licencia|documento?|doc|piece|papye|kat"
            r"|passe?port\w*|pasaporte|paspo)(?: \w+){0,2} (?:n|no|nr|nos|num|numero|number|numbers|nimewo)\b"
            r"|\b(?:no|nr|num|numero|nimewo) (?:de |del )?(?:carne|carnet|permiso|kat|papye)\b",
        ),
        (
            PHONE,
            r"\bwhats app\b|^(?:mobile|movil|portable|contact|contacto|kontak)$|\b(?:mobile|portable|cell"
            r"|contact) (?:phone|numbers?|no|num|numero)\b"
            r"|\b(?:numero|num|no|n|number|nimewo) (?:de |du |of )?(?:mobile|portable|cell|contact|contacto"
            r"|kontak|movil|wap)\b"
            r"|\bhow can (?:we|i) (?:reach|call|contact)\b|\b(?:ou|ki kote) nou ka jwenn\b.*\bnimewo\b|\bphone ?no\b"
            r"|\b(?:numero|num|number|nimewo)\b.{0,20}\b(?:joindre|rejoindre|contacter|appeler|reach|call|contact|jwenn"
            r"|rele|kontakte|localizar|llamar|contactar|ubicar)\b"
            r"|\b(?:coordonnees|contact details|datos de contacto|kowodone|portable|mobile|movil|cell)"
            r" (?:de |du |of |nan |del |d |la |le |l |the |a ){0,3}" + _SOMEBODY,
        ),
        (
            EMAIL,
            r"\be mails?\b|\badresse electronique\b|\bdireccion electronica\b|\bcorreo\b|\badres imel\b"
            r"|\b(?:social media|reseaux? soci\w+|redes sociales) (?:account|compte|cuenta|handle|profile?)\b",
        ),
        (
            ADDRESS,
            r"\b(?:home|postal|street|full|exact|residential|mailing) address\b|\badresses?\b"
            r"|\baddress(?:es)?\b|\badres\b"
            r"|\bdomicilio\b|\bdireccion(?:es)?\b(?! (?:general|nacional|regional|departamental|tecnica"
            r"|de (?:migracion|aduanas)))"
            r"|\b(?:lieu|numero|rue) de residence exact\w*\b|\bdomicile\b"
            r"|\b(?:ki )?kote (?:li|ou|w|moun nan) (?:rete|abite)\b|\bdonde vive\b|\bou habite\b|\bwhere (?:do"
            r"|does) (?:you|he|she) live\b",
        ),
        (
            BODY,
            r"\bsignes? particuliers?\b|\bdistinguishing (?:marks?|features?)\b|\bsenas particulares\b|\bmak sou ko\b"
            r"|\b(?:face|facial) (?:image|recognition|scan)\b|\bphotos? d identite\b|\bfoto (?:de|del|moun"
            r"|figi)\b.*\b(?:persona|rostro|figi|moun)\b",
        ),
    )
)
GLUED = tuple(
    (code, re.compile(pattern))
    for code, pattern in (
        (
            NAME,
            r"prenom|surname|firstname|lastname|fullname|familyname|givenname|nomcomplet|apellido|nomfamille|siyati",
        ),
        (BIRTH, r"(?<!con)(?<!re)datenaiss|datedenaiss|dateofbirth|birthdate|birthday|datnesans|fechanac|dateofb"),
        (DOCUMENT, r"passport|passeport|pasaporte|nimewopaspo|numeropiece|idnumber|idcard|nationalid|documentn"),
        (PHONE, r"telephone|telefono|telefon|phonen|whatsapp|numtel|telnum|numerotel"),
        (EMAIL, r"adressemail|emailadd|mailadd"),
    )
)
# Words for "name" that may mean something else, with the languages where they mean it ("": a question's own name).
BARE = {
    "nom": ("fr", "", "en", "ht", "es"),
    "noms": ("fr", "", "en", "ht", "es"),
    "name": ("en", "", "fr", "ht", "es"),
    "names": ("en", "", "fr", "ht", "es"),
    "nombre": ("es",),
    "nombres": ("es",),
    "non": ("ht",),
}
# What "name" is shortened to in the names of questions, and words that look like words above and are others.
SHORT = _words("nm nme nam nms nmbre nombr prn pren pnom prnm fname lname fnm lnm mname surn apel apell siy")
OTHER = _words("courrier courriers renom")
# Endings of what is done or made, in the four languages: an operation, an equipment, never somebody.
ABSTRACT = re.compile(r"\w{3}(?:tion|sion|syon|cion|ment|mento|isme|ismo|izm)s?$")
COUNT = re.compile(
    r"\b(?:nombre|nombres|nbre|nb|nbr|kantite|kantit|konbyen|number of|no of|num of|how many|combien|cantidad"
    r"|cuant[oa]s|totals?|counts?"
    r"|effectif|effectifs|pourcentage|percent\w*|pousantaj|porcentaje|taux|rate|stock|quantite|quantity"
    r"|numero de \w+s"
    r"|telephones|phones|passports|passeports|pasaportes|telefonos|cedulas|cards|cartes)\b"
)
NUMBERING = re.compile(
    r"\b(?:numero|num|n|no|nimewo|number|numbers) (?:de |du |d |of |la |del )*(?:passeport|pasaporte|paspo"
    r"|passport|cedula|telephone"
    r"|telefon|telefono|nif|cin|tel|phone)\b|\b(?:passport|phone|telephone|id|cedula) (?:number|no|num)\b"
)
REFUSES = re.compile(
    r"\b(?:ne|n)\b.{0,40}\b(?:pas|aucun|aucune|ni|jamais)\b|\bsans\b|\baucune?\b|\bdo not\b|\bdon t\b|\bnever\b"
    r"|\bwithout\b"
    r"|\bno\b(?! (?:of|de|du|d|passe?port\w*|pasaporte|paspo|cedula|telephone|telefono|tel|nif|cin|visa)\b)"
    r"|\bnot?\b.{0,30}\bany\b|\bpa (?:ekri|mete|bay|janm|anrejistre)\b|\bokenn\b|\bsan\b"
    r"|\bno (?:escriba|anote|ponga|incluya|registre|mencione)\b|\bsin\b|\bnunca\b|\bningun\w*\b|\bjamais\b"
)


def plain(text: str) -> str:
    """Folded, with words run together pulled apart and figures inside words read as letters."""
    words = fold(_CAMEL.sub(" ", text)).split()
    return " ".join(_letters(word) for word in words)


def _letters(word: str) -> str:
    mixed = any(mark.isalpha() for mark in word) and any(mark.isdigit() for mark in word)
    return word.translate(_FIGURES) if mixed and len(word) > 2 and not word[-1].isdigit() else word


def sentences(text: str) -> list[str]:
    """The sentences of a text, each folded."""
    return [found for part in _SENTENCE.split(_SHORTENED.sub(r"\1 ", _ENDING.sub("", text))) if (found := plain(part))]


def said(text: str, language: str) -> set[str]:
    """Which of the codes above a text asks for. `language`: "" for a question's own name."""
    found: set[str] = set()
    for sentence in sentences(text):
        found |= _sentence(sentence, language)
    return found


def counts(text: str) -> bool:
    """Whether a text asks how many."""
    return bool(COUNT.search(plain(text)))


def numbers(text: str) -> bool:
    """Whether a text asks for the number of a document or a telephone."""
    return bool(NUMBERING.search(plain(text)))


def persons(text: str) -> bool:
    """Whether a text names somebody by what they are: a migrant, an officer, a child."""
    return _somebody(plain(text).split())


def things(text: str) -> bool:
    """Whether a folded text speaks of something that is no person: a post, a service, a river."""
    return any(_is_thing(word) for word in text.split())


def refuses(text: str) -> bool:
    """Whether a folded text tells the reader not to write something."""
    return bool(REFUSES.search(text))


@lru_cache(maxsize=20_000)
def _is_thing(word: str) -> bool:
    if word in THINGS or word.rstrip("s") in THINGS or ABSTRACT.match(word):
        return True
    return len(word) > 6 and word not in PERSONS and any(len(one) > 5 and distance(word, one, 1) < 2 for one in THINGS)


def many_persons(text: str) -> bool:
    """Whether a text speaks of several persons: then a number counts them."""
    return any((word not in PERSONS and word.rstrip("s") in PERSONS) or word in SEVERAL for word in plain(text).split())


def _somebody(found: Collection[str]) -> bool:
    return any(word in PERSONS or word.rstrip("s") in PERSONS for word in found)


def _sentence(sentence: str, language: str) -> set[str]:
    hits = [(code, found.start()) for code, pattern in PHRASES for found in pattern.finditer(sentence)]
    words = sentence.split()
    at = 0
    for place, written in enumerate(words):
        word = (written.rstrip("0123456789") or written) if not language else written
        hits += [(code, at) for code in _word(word)]
        short = not language and word in SHORT and not _begun(words, place)
        short = short or (word in ("nm", "nme") and _somebody(words))
        if (short or language in BARE.get(word, ())) and not _thing(words, place):
            hits.append((NAME, at))
        at += len(written) + 1
    refused = REFUSES.search(sentence)
    kept = [(code, start) for code, start in hits if refused is None or refused.start() > start]
    return {
        code
        for code, start in kept
        if code not in (PHONE, ADDRESS, EMAIL) or not _thing(words, sentence.count(" ", 0, start))
    }


@lru_cache(maxsize=20_000)
def _word(word: str) -> tuple[str, ...]:
    """The codes of a word that says it by itself, one letter wrong allowed in long ones."""
    if word in OTHER:
        return ()
    found = []
    for code, known in STRONG:
        same = word in known or (word.rstrip("s") in known and len(word) > 3)
        if same or (len(word) >= 5 and any(len(one) >= 6 and distance(word, one, 1) <= 1 for one in known)):
            found.append(code)
    found += [code for code, pattern in GLUED if code not in found and pattern.search(word)]
    return tuple(found)


def _thing(words: Sequence[str], place: int) -> bool:
    """Whether the word at `place` belongs to a thing: "nom du poste", "post name", and to nobody as well."""
    after = [word for word in words[place + 1 : place + 8] if word not in JOINING]
    before = [word for word in words[:place] if word not in JOINING]
    near = {*after[:3], *before[-2:]}
    if _somebody(near):
        return False
    return any(_is_thing(word) for word in (*after[:2], *before[-2:]))


def _begun(words: Sequence[str], place: int) -> bool:
    """Whether another word of a question's name is the beginning of a thing's and of no person's: `nm_serv`."""
    others = [word for word in (*words[:place], *words[place + 1 :]) if len(word) > 2]
    return any(
        any(one.startswith(word) for one in THINGS) and not any(one.startswith(word) for one in PERSONS)
        for word in others
    )


def register_column(header: str) -> bool:
    """Whether the heading of a column says that it lists persons. A bare "name" may be that of a place."""
    return plain(header) not in (*BARE, *SHORT) and not counts(header) and bool(said(header, ""))
