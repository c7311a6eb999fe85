"""Institutional mapping as people see it: letters of roles, signs of exchange, sentences, bars, the drawing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pasaj.assess.queries import matrices
from pasaj.core.mapping import drawing
from pasaj.core.mapping.grids import Exchanged, Role
from pasaj.core.mapping.meanings import Figure
from pasaj.core.mapping.profile import Component

register = template.Library()

LETTERS: dict[str, Any] = {
    "lead": pgettext_lazy("letter of the role lead", "L"),
    "support": pgettext_lazy("letter of the role support", "S"),
    "consulted": pgettext_lazy("letter of the role consulted", "C"),
    "informed": pgettext_lazy("letter of the role informed", "I"),
}
STATES: dict[str, Any] = {
    "confirmed": gettext_lazy("confirmed by both"),
    "not_received": gettext_lazy("sent, says the sender; not received, says the receiver"),
    "not_sent": gettext_lazy("received, says the receiver; not sent, says the sender"),
    "only_sender": gettext_lazy("sent, says the sender; the receiver has not answered"),
    "only_receiver": gettext_lazy("received, says the receiver; the sender has not answered"),
    "absent": gettext_lazy("both say that there is none"),
    "denied": gettext_lazy("one says that there is none; the other has not answered"),
    "unanswered": gettext_lazy("nobody has answered"),
}
FLOWS: dict[str, Any] = {
    "met": gettext_lazy("met"),
    "late": gettext_lazy("too late"),
    "disputed": gettext_lazy("disputed"),
    "missing": gettext_lazy("missing"),
    "speed_unknown": gettext_lazy("confirmed, speed not known"),
    "unconfirmed": gettext_lazy("said by one end only"),
    "unanswered": gettext_lazy("not answered"),
}
CHANNELS: dict[str, Any] = {
    "phone": gettext_lazy("telephone"),
    "message": gettext_lazy("text message"),
    "email": gettext_lazy("e-mail"),
    "paper": gettext_lazy("paper"),
    "meeting": gettext_lazy("meeting"),
    "system": gettext_lazy("common system"),
}
DIFFERENCES: dict[str, Any] = {
    "channels": gettext_lazy("the channel"),
    "formal": gettext_lazy("whether it is in writing"),
    "hours": gettext_lazy("how long it takes"),
}
CLAIMS: dict[str, Any] = {
    "same": gettext_lazy("as the pack says"),
    "other": gettext_lazy("another role than the pack says"),
    "new": gettext_lazy("the pack knows of no role"),
    "denied": gettext_lazy("says that it has none"),
}
LINES: dict[str, Any] = {
    "confirmed": gettext_lazy("confirmed by both"),
    "disputed": gettext_lazy("the two ends contradict each other"),
    "half": gettext_lazy("only one end has answered"),
    "planned": gettext_lazy("would be added"),
}
MEASURES: dict[str, Any] = {
    "gaps": gettext_lazy("Gaps in mandates"),
    "overlaps": gettext_lazy("Overlapping mandates"),
    "flows": gettext_lazy("Needs that fail"),
    "disagreement": gettext_lazy("Contradiction of the two ends"),
    "confirmation": gettext_lazy("Confirmed by both ends"),
    "separation": gettext_lazy("Separation"),
    "dependence": gettext_lazy("Dependence on one"),
    "informality": gettext_lazy("Without anything in writing"),
    "formalisation": gettext_lazy("Resting on something in writing"),
    "unheard": gettext_lazy("Places without a way to the decision"),
    "density": gettext_lazy("Density"),
    "reciprocity": gettext_lazy("Reciprocity"),
    "in_centralisation": gettext_lazy("Centralisation of hearing"),
    "out_centralisation": gettext_lazy("Centralisation of telling"),
    "betweenness_centralisation": gettext_lazy("Centralisation of passing on"),
}
HALVES = ("M7.3 2a6 6 0 0 0 0 12z", "M8.7 2a6 6 0 0 1 0 12z")  # sender left, receiver right
ENDS = {
    "confirmed": ("yes", "yes"),
    "not_received": ("yes", "no"),
    "not_sent": ("no", "yes"),
    "only_sender": ("yes", "open"),
    "only_receiver": ("open", "yes"),
    "absent": ("no", "no"),
    "denied": ("no", "open"),
    "unanswered": ("open", "open"),
}
PAINT = {
    "yes": 'fill="currentColor" stroke="currentColor"',
    "no": 'fill="none" stroke="currentColor"',
    "open": 'fill="none" stroke="currentColor" stroke-dasharray="1.4 1.8"',
}


@register.filter
def of(known: Mapping[str, str], code: str) -> str:
    """What a code is called; the code itself where nothing is known of it."""
    return known.get(code, code)


@register.filter
def letter_of(role: str) -> str:
    return str(LETTERS.get(role, role))


@register.filter
def role_word(role: str) -> str:
    return str(matrices.ROLES.get(role, role))


@register.filter
def letters_of(cell: Role) -> str:
    """The letters of all roles of a cell, the strongest first."""
    return "".join(letter_of(role) for role in cell.roles)


@register.simple_tag
def role_text(cell: Role, names: matrices.Names) -> str:
    """A cell of the mandate matrix in words, for those who listen and those who point at it."""
    words = [
        cell.institution,
        names.functions.get(cell.function, cell.function),
        ", ".join(role_word(role) for role in cell.roles),
    ]
    if not cell.everywhere:
        words.append(", ".join(dict.fromkeys(names.territories.get(one.territory, "") for one in cell.mandates)))
    if cell.verify:
        words.append(_("to be verified"))
    return " · ".join(words)


@register.filter
def state_text(state: str) -> str:
    return str(STATES.get(state, state))


@register.filter
def flow_word(state: str) -> str:
    return str(FLOWS.get(state, state))


@register.filter
def flow_tone(state: str) -> str:
    return {"met": "good", "late": "bad", "disputed": "bad", "missing": "bad"}.get(state, "quiet")


@register.filter
def differ_words(what: Iterable[str]) -> str:
    return ", ".join(str(DIFFERENCES.get(one, one)) for one in what)


@register.simple_tag
def exchange_text(cell: Exchanged) -> str:
    """A cell of the exchange matrix in words."""
    text = f"{cell.sender} → {cell.receiver} · {state_text(cell.state)}"
    if cell.layers == 1:
        return text
    more = _("{number} things are exchanged, all in this state") if cell.same else _("the surest of {number}")
    return f"{text} ({more.format(number=cell.layers)})"


@register.filter
def channel_words(channels: Iterable[str]) -> str:
    return ", ".join(str(CHANNELS.get(one, one)) for one in channels)


@register.filter
def claim_word(state: str) -> str:
    return str(CLAIMS.get(state, state))


@register.filter
def written_word(value: bool | None) -> str:
    if value is None:
        return _("not said")
    return _("yes") if value else _("no")


@register.filter
def measure_word(code: str) -> str:
    return str(MEASURES.get(code, code))


@register.simple_tag
def exchange_sign(state: str) -> SafeString:
    """Two half discs: the sender's answer left, the receiver's right; full yes, hollow no, dotted not answered."""
    halves = "".join(
        f'<path d="{path}" {PAINT[end]} stroke-width="1.1"/>' for path, end in zip(HALVES, ENDS[state], strict=True)
    )
    return mark_safe(f'<svg class="exchange-sign" viewBox="0 0 16 16" aria-hidden="true">{halves}</svg>')  # noqa: S308 - our own paths


@register.inclusion_tag("assess/_exchange_legend.html")
def exchange_legend() -> dict[str, Any]:
    return {"states": STATES.items()}


@register.inclusion_tag("assess/_role_legend.html")
def role_legend() -> dict[str, Any]:
    return {"roles": [(role, LETTERS[role], word) for role, word in matrices.ROLES.items()]}


@register.simple_tag
def line_legend(*kinds: str) -> SafeString:
    items = format_html_join(
        "",
        "<li>{} {}</li>",
        ((mark_safe(drawing.sample(kind)), LINES[kind]) for kind in kinds),  # noqa: S308 - our own
    )
    return format_html('<ul class="legend" aria-label="{}">{}</ul>', _("What the lines mean"), items)


@register.simple_tag
def sentence(figure: Figure, names: matrices.Names) -> str:
    return matrices.say(figure, names)


@register.inclusion_tag("assess/_share.html")
def share_range(one: Figure | Component) -> dict[str, Any]:
    """What a share is and what it could be: 40 % (25 % to 60 %)."""
    known = one.lowest is not None and one.highest is not None and one.lowest != one.highest
    return {"one": one, "wide": known}


@register.simple_tag
def share_bar(one: Figure | Component, before: Component | None = None) -> SafeString | str:
    """A share from 0 to 1 as a mark on its scale, what it could be as a band; before: a hollow mark."""
    if one.value is None:
        return ""
    low = one.value if one.lowest is None else one.lowest
    high = one.value if one.highest is None else one.highest
    was: SafeString | str = ""
    if before is not None and before.value is not None:
        was = format_html('<circle class="share-before" cx="{}" cy="7" r="3.2"/>', _at(before.value))
    return format_html(
        '<svg class="share-bar" viewBox="-4 0 108 14" aria-hidden="true" focusable="false">'
        '<path class="range-scale" d="M0 7H100M0 3V11M25 5V9M50 3V11M75 5V9M100 3V11"/>'
        '<rect class="share-band" x="{}" y="4.5" width="{}" height="5"/>{}'
        '<circle class="share-mark" cx="{}" cy="7" r="3.2"/></svg>',
        _at(low), f"{(high - low) * 100:.1f}", was, _at(one.value),
    )  # fmt: skip


def _at(value: float) -> str:
    return f"{value * 100:.1f}"


@register.simple_tag
def network_drawing(
    institutions: Iterable[str],
    links: Iterable[drawing.Link],
    label: str,
    focus: str = "",
    marked: Collection[str] = (),
) -> SafeString:
    """The network as SVG, whoever is linked to nobody in rows beneath; the page shows a table beside it."""
    drawn = drawing.draw(tuple(institutions), tuple(links))
    return mark_safe(drawing.svg(drawn, label, marked=marked, focus=focus))  # noqa: S308 - escaped there
