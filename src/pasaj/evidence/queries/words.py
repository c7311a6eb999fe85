"""States and results of reviews in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from pasaj.core.evidence import LinkState, NodeState, Standing
from pasaj.evidence.models.links import Disposition
from pasaj.evidence.queries.trace import Blocker, Line

NODES = {
    NodeState.FRESH: gettext_lazy("up to date"),
    NodeState.SUSPECT: gettext_lazy("to be looked at again"),
    NodeState.UNSUPPORTED: gettext_lazy("rests on nothing"),
}
LINKS = {
    LinkState.OK: gettext_lazy("accepted"),
    LinkState.UPDATED: gettext_lazy("accepted, counted again"),
    LinkState.SUSPECT: gettext_lazy("to be looked at again"),
    LinkState.BROKEN: gettext_lazy("broken: withdrawn"),
}
DISPOSITIONS = {
    Disposition.CONFIRMED: gettext_lazy("The statement stands"),
    Disposition.ADJUSTED: gettext_lazy("The statement was changed for it"),
    Disposition.NOT_APPLICABLE: gettext_lazy("The change does not concern the statement"),
    Disposition.CUT: gettext_lazy("It does not rest on this any more"),
}


def node_word(one: Line) -> str:
    """What a statement is worth, in a few words."""
    if one.withdrawn:
        return _("withdrawn")
    return standing_word(one.standing)


def standing_word(one: Standing) -> str:
    """The same of a statement that was not withdrawn."""
    if one.state == NodeState.TAINTED:
        text = ngettext(
            "rests on something to be looked at again, %(number)s level up",
            "rests on something to be looked at again, %(number)s levels up",
            one.levels,
        )
        return text % {"number": one.levels}
    return str(NODES[one.state])


def link_word(state: LinkState) -> str:
    """What a link is worth, in a word."""
    return str(LINKS[state])


def against(one: Blocker) -> str:
    """What stands against publishing, as a sentence."""
    values = {"code": one.code, "parent": one.parent}
    texts = {
        "withdrawn": _("%(code)s was withdrawn."),
        "unsupported": _("%(code)s rests on nothing."),
        "broken": _("%(code)s rests on %(parent)s, which was withdrawn."),
        "suspect": _("%(code)s rests on %(parent)s, which has changed or was never accepted."),
    }
    return texts[one.reason] % values
