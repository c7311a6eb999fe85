"""Counts as a line of text, and the short answer to one that came in."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from pasaj.core.nearest import fold
from pasaj.core.problems import Problem
from pasaj.core.textgram.reading import Reading
from pasaj.core.textgram.scan import FAR, last
from pasaj.core.textgram.words import Target, Words

SMS = 160  # letters that fit one message

Said = tuple[Target, Decimal]


def render(place: str, day: date, figures: Sequence[Said], words: Words, today: date, language: str = "") -> str:
    """A report as `read_strictly` reads it back: the words of a language, in capitals without accents.

    No figures: a zero report. A figure that no word stands for is left out. `today` decides whether the year
    has to be written.
    """
    return (
        f"{fold(words.write('report', language))} {_body(place, day, figures, words, today, language)}".strip().upper()
    )


def _body(place: str, day: date, figures: Sequence[Said], words: Words, today: date, language: str) -> str:
    when = f"{day.day}/{day.month}"
    if last(day.day, day.month, today) != day or today - day > FAR:
        when = f"{when}/{day.year:04}"
    parts = [words.short(place), when]
    if not figures:
        parts.append(fold(words.write("zero", language)))
    for target, value in figures:
        if word := words.write("figure", language, target):
            parts += [fold(word), f"{value.normalize():f}"]
    return " ".join(parts)


def reply(
    reading: Reading, words: Words, today: date, language: str = "", *, say: Callable[[Problem], str] = Problem.text
) -> str:
    """The answer to a strict message, at most SMS letters: what was received, or the first thing that is wrong.

    `say` puts a problem into words of the sender's language.
    """
    if reading.problems:
        text = say(reading.problems[0])
    else:
        one = reading.figures[0]
        said = [(figure.target, figure.value) for figure in reading.figures if figure.target is not None]
        body = _body(one.place, one.day or today, said, words, today, language).upper()
        text = f"{fold(words.write('received', language)).upper()} {body}".strip()
    return text if len(text) <= SMS else text[: SMS - 1] + "…"
