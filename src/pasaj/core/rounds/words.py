"""What every questionnaire of an assessment says besides its framework, by language."""

from collections.abc import Mapping

Texts = Mapping[str, str]

LANGUAGE_NAMES = {"fr": "Français", "ht": "Kreyòl ayisyen", "en": "English", "es": "Español"}

DATE: Texts = {"fr": "Date de l'évaluation", "ht": "Dat evalyasyon an", "en": "Date of the assessment",
               "es": "Fecha de la evaluación"}  # fmt: skip
UNIT: Mapping[str, Texts] = {
    "country": {"fr": "Pays évalué", "ht": "Peyi w ap evalye a", "en": "Country assessed", "es": "País evaluado"},
    "institution": {"fr": "Institution évaluée", "ht": "Enstitisyon w ap evalye a", "en": "Institution assessed",
                    "es": "Institución evaluada"},
    "crossing_point": {"fr": "Point de passage évalué", "ht": "Pòs fwontyè w ap evalye a",
                       "en": "Crossing point assessed", "es": "Punto de paso evaluado"},
}  # fmt: skip
SORTS: Mapping[str, Texts] = {
    "country": {"fr": "pays", "ht": "peyi", "en": "country", "es": "país"},
    "institution": {"fr": "institutions", "ht": "enstitisyon", "en": "institutions", "es": "instituciones"},
    "crossing_point": {"fr": "points de passage", "ht": "pwen pasaj", "en": "crossing points",
                       "es": "puntos de paso"},
}  # fmt: skip
CONFIDENCE: Texts = {"fr": "À quel point en êtes-vous sûr ?", "ht": "Ki jan ou sèten de sa?",
                     "en": "How sure are you of it?", "es": "¿Qué tan seguro está de ello?"}  # fmt: skip
COMMENT: Texts = {"fr": "Commentaire", "ht": "Kòmantè", "en": "Comment", "es": "Comentario"}
COMMENT_HINT: Texts = {
    "fr": "Ce que vous avez vu ou lu, et où : des services et des procédures.",
    "ht": "Sa ou te wè oswa li, ak ki kote: sèvis ak fason yo travay.",
    "en": "What you saw or read, and where: services and procedures.",
    "es": "Lo que vio o leyó, y dónde: servicios y procedimientos.",
}
PHOTO: Texts = {"fr": "Photo d'un objet ou d'un lieu", "ht": "Foto yon bagay oswa yon kote",
                "en": "Photo of a thing or a place", "es": "Foto de un objeto o un lugar"}  # fmt: skip
PHOTO_HINT: Texts = {
    "fr": "Du matériel ou des locaux seulement.",
    "ht": "Materyèl oswa lokal sèlman.",
    "en": "Equipment or premises only.",
    "es": "Solo equipos o locales.",
}
SURE: Mapping[str, Texts] = {
    "low": {"fr": "Peu sûr", "ht": "Pa twò sèten", "en": "Not very sure", "es": "Poco seguro"},
    "medium": {"fr": "Assez sûr", "ht": "Sèten ase", "en": "Fairly sure", "es": "Bastante seguro"},
    "high": {"fr": "Sûr", "ht": "Sèten", "en": "Sure", "es": "Seguro"},
}
MISSING: Mapping[str, Texts] = {
    "not_observed": {"fr": "Pas pu observer", "ht": "Pa t ka wè sa", "en": "Could not observe it",
                     "es": "No se pudo observar"},
    "not_applicable": {"fr": "Ne s'applique pas ici", "ht": "Sa pa konsène isit la", "en": "Does not apply here",
                       "es": "No se aplica aquí"},
}  # fmt: skip
CONSTRAINT: Texts = {
    "fr": "Pas dans l'avenir.",
    "ht": "Pa nan lavni.",
    "en": "Not in the future.",
    "es": "No en el futuro.",
}


def said(texts: Texts, language: str) -> str:
    """The text in a language; else in English, else in any."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")
