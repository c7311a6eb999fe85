"""What the forms for institutions say, by language: on exchange, and on who does what."""

from collections.abc import Mapping

from pasaj.core.rounds.words import Texts

SORTS: Mapping[str, Texts] = {
    "exchange": {"fr": "échanges entre institutions", "ht": "echanj ant enstitisyon yo",
                 "en": "exchange between institutions", "es": "intercambio entre instituciones"},
    "mandates": {"fr": "rôles des institutions", "ht": "wòl enstitisyon yo", "en": "roles of institutions",
                 "es": "papeles de las instituciones"},
}  # fmt: skip
UNIT: Texts = {"fr": "Votre institution", "ht": "Enstitisyon pa w la", "en": "Your institution",
               "es": "Su institución"}  # fmt: skip
UNIT_HINT: Texts = {
    "fr": "Celle pour laquelle vous répondez. L'autre est interrogée aussi : dites ce qui se fait vraiment.",
    "ht": "Enstitisyon w ap reponn pou li a. Yo poze lòt enstitisyon an kesyon tou: di sa ki fèt toutbon.",
    "en": "The one you answer for. The other institution is asked too: say what really happens.",
    "es": "Aquella por la que responde. También se pregunta a la otra institución: diga lo que ocurre de verdad.",
}

# --- Exchange ----------------------------------------------------------------------------------

ANY: Texts = {
    "fr": "Votre institution transmet-elle ou reçoit-elle de telles informations ?",
    "ht": "Èske enstitisyon pa w la bay oswa resevwa enfòmasyon konsa?",
    "en": "Does your institution send or receive such information?",
    "es": "¿Transmite o recibe su institución información de este tipo?",
}
TURN: Texts = {"fr": "Un échange", "ht": "Yon echanj", "en": "One exchange", "es": "Un intercambio"}
LAYER: Texts = {"fr": "Quoi ?", "ht": "Kisa?", "en": "What?", "es": "¿Qué?"}
DIRECTION: Texts = {"fr": "Votre institution…", "ht": "Enstitisyon pa w la…", "en": "Your institution…",
                    "es": "Su institución…"}  # fmt: skip
DIRECTIONS: Mapping[str, Texts] = {
    "send": {"fr": "le transmet à…", "ht": "bay li bay…", "en": "sends it to…", "es": "lo transmite a…"},
    "receive": {"fr": "le reçoit de…", "ht": "resevwa l nan men…", "en": "receives it from…", "es": "lo recibe de…"},
}
OTHERS: Texts = {"fr": "Quelles institutions ?", "ht": "Ki enstitisyon?", "en": "Which institutions?",
                 "es": "¿Qué instituciones?"}  # fmt: skip
OTHERS_HINT: Texts = {
    "fr": "Plusieurs si la voie et le délai sont les mêmes ; sinon, une entrée pour chacune.",
    "ht": "Plizyè si jan yo fè l la ak tan an se menm; sinon, yon antre pou chak.",
    "en": "Several where the way and the time are the same; else an entry for each.",
    "es": "Varias si la vía y el plazo son los mismos; si no, una entrada para cada una.",
}
NOT_ITSELF: Texts = {
    "fr": "Une autre institution que la vôtre.",
    "ht": "Yon lòt enstitisyon, pa pa w la.",
    "en": "Another institution than your own.",
    "es": "Otra institución que no sea la suya.",
}
EXISTS: Texts = {"fr": "Cela se fait-il ?", "ht": "Èske sa fèt toutbon?", "en": "Does it take place?",
                 "es": "¿Se hace?"}  # fmt: skip
CHANNEL: Texts = {"fr": "Par quelle voie ?", "ht": "Ki jan yo fè l?", "en": "In which way?",
                  "es": "¿Por qué vía?"}  # fmt: skip
CHANNELS: Mapping[str, Texts] = {
    "phone": {"fr": "Téléphone, radio", "ht": "Telefòn, radyo", "en": "Telephone, radio", "es": "Teléfono, radio"},
    "message": {"fr": "Messages (WhatsApp, SMS)", "ht": "Mesaj (WhatsApp, SMS)", "en": "Messages (WhatsApp, SMS)",
                "es": "Mensajes (WhatsApp, SMS)"},
    "email": {"fr": "Courriel", "ht": "Imel", "en": "E-mail", "es": "Correo electrónico"},
    "paper": {"fr": "Papier, lettre", "ht": "Papye, lèt", "en": "Paper, letter", "es": "Papel, carta"},
    "meeting": {"fr": "Réunion", "ht": "Reyinyon", "en": "Meeting", "es": "Reunión"},
    "system": {"fr": "Système commun", "ht": "Yon sistèm yo pataje", "en": "Shared system", "es": "Sistema común"},
}  # fmt: skip
WRITTEN: Texts = {
    "fr": "Cela repose-t-il sur un texte : accord, circulaire, procédure ?",
    "ht": "Èske gen yon tèks dèyè l: akò, sikilè, fason pou travay?",
    "en": "Does it rest on something in writing: an agreement, a circular, a procedure?",
    "es": "¿Se basa en algo escrito: acuerdo, circular, procedimiento?",
}
HOURS: Texts = {
    "fr": "Combien d'heures entre savoir et transmettre ?",
    "ht": "Konbyen èdtan ant lè yo konnen l ak lè yo bay li?",
    "en": "How many hours from knowing to telling?",
    "es": "¿Cuántas horas entre saberlo y transmitirlo?",
}
HOURS_HINT: Texts = {
    "fr": "D'habitude. 0,5 pour une demi-heure ; vide si vous ne savez pas.",
    "ht": "Dabitid. 0,5 pou demi èdtan; kite l vid si ou pa konnen.",
    "en": "Usually. 0.5 for half an hour; blank when you do not know.",
    "es": "Por lo general. 0,5 para media hora; vacío si no lo sabe.",
}
HOURS_MESSAGE: Texts = {
    "fr": "Un nombre d'heures, de 0 à 8784.",
    "ht": "Yon kantite èdtan, 0 pou rive 8784.",
    "en": "A number of hours, from 0 to 8784.",
    "es": "Un número de horas, de 0 a 8784.",
}
COMPLETE: Texts = {
    "fr": "Rien d'autre ? Votre institution n'échange aucune autre de ces informations, avec aucune autre institution.",
    "ht": "Pa gen lòt bagay? Enstitisyon pa w la pa echanje okenn lòt enfòmasyon sa yo ak okenn lòt enstitisyon.",
    "en": "Nothing else? Your institution exchanges nothing else of this list, with no other institution.",
    "es": "¿Nada más? Su institución no intercambia nada más de esta lista, con ninguna otra institución.",
}
COMPLETE_HINT: Texts = {
    "fr": "« Oui » dit non à tout le reste et remplace vos réponses d'avant. Dans le doute : « Non ».",
    "ht": "« Wi » di non pou tout rès la epi li ranplase repons ou te bay anvan yo. Si ou pa sèten: « Non ».",
    "en": "“Yes” says no to all the rest and replaces your earlier answers. In doubt: “No”.",
    "es": "«Sí» dice no a todo lo demás y reemplaza sus respuestas anteriores. En la duda: «No».",
}
YES_NO: Mapping[str, Texts] = {
    "yes": {"fr": "Oui", "ht": "Wi", "en": "Yes", "es": "Sí"},
    "no": {"fr": "Non", "ht": "Non", "en": "No", "es": "No"},
}
UNKNOWN: Texts = {"fr": "Je ne sais pas", "ht": "M pa konnen", "en": "I do not know", "es": "No lo sé"}

# --- Roles -------------------------------------------------------------------------------------

ROLES: Mapping[str, Texts] = {
    "lead": {"fr": "Chef de file : nous en répondons", "ht": "Nou dirije l: se nou ki reskonsab",
             "en": "Lead: we answer for it", "es": "Líder: respondemos de ello"},
    "support": {"fr": "Appui : nous y participons", "ht": "Sipò: nou patisipe ladan l",
                "en": "Support: we take part", "es": "Apoyo: participamos"},
    "consulted": {"fr": "Consultés : on nous demande avant", "ht": "Yo konsilte nou: yo mande nou anvan",
                  "en": "Consulted: we are asked before", "es": "Consultados: se nos pregunta antes"},
    "informed": {"fr": "Informés : on nous dit après", "ht": "Yo enfòme nou: yo di nou apre",
                 "en": "Informed: we are told after", "es": "Informados: se nos dice después"},
    "none": {"fr": "Aucun rôle", "ht": "Okenn wòl", "en": "No role", "es": "Ningún papel"},
}  # fmt: skip
BASIS: Texts = {"fr": "Selon quel texte ?", "ht": "Dapre ki tèks?", "en": "By which text?",
                "es": "¿Según qué texto?"}  # fmt: skip
BASIS_OTHER: Texts = {"fr": "Un autre texte", "ht": "Yon lòt tèks", "en": "Another text", "es": "Otro texto"}
BASIS_TEXT: Texts = {"fr": "Lequel ? Titre et date", "ht": "Ki tèks, ki dat?", "en": "Which one? Title and date",
                     "es": "¿Cuál? Título y fecha"}  # fmt: skip
TERRITORY: Texts = {"fr": "Seulement dans", "ht": "Sèlman nan", "en": "Only in", "es": "Solo en"}
TERRITORY_HINT: Texts = {"fr": "Vide : tout le pays.", "ht": "Vid: tout peyi a.", "en": "Blank: the whole country.",
                         "es": "Vacío: todo el país."}  # fmt: skip
SINCE: Texts = {"fr": "Depuis quel jour ?", "ht": "Depi ki jou?", "en": "Since which day?", "es": "¿Desde qué día?"}
SINCE_HINT: Texts = {
    "fr": "Vide si vous ne savez pas.",
    "ht": "Kite l vid si ou pa konnen.",
    "en": "Blank when you do not know.",
    "es": "Vacío si no lo sabe.",
}
