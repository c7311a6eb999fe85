"""A round of an assessment: what it asks of whom, the forms it sends out. docs/reference/framework.md"""

from pasaj.core.rounds.applying import Asked, Unit, asked, facts_of_crossing, facts_of_institution, relevance
from pasaj.core.rounds.questionnaire import KIND, form_id, questionnaire, questions
from pasaj.core.rounds.sheet import Questionnaire

__all__ = [
    "KIND",
    "Asked",
    "Questionnaire",
    "Unit",
    "asked",
    "facts_of_crossing",
    "facts_of_institution",
    "form_id",
    "questionnaire",
    "questions",
    "relevance",
]
