"""`pasaj trace`: what a statement rests on and what rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pasaj.core.problems import Refused, problem
from pasaj.site.cli import ground, tell
from pasaj.site.cli.tell import _

if TYPE_CHECKING:
    from pasaj.evidence.queries.branches import Branch
    from pasaj.evidence.queries.trace import Line, Step, Trace


@click.command(epilog="Example: pasaj trace SG-2026-0212")
@click.argument("code")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def trace(code: str, as_json: bool) -> None:
    """Show what the statement CODE rests on and what rests on it, as a tree with the state of each step.

    A statement of a policy may be named without the policy (M4.2 for P1-M4.2) where only one policy has it.
    Exit code 1 when something stands against publishing it.
    """
    ground.open_home()

    from pasaj.evidence.queries import trace as queries

    code = whole(code)
    found = queries.trace(code, ground.actor())
    if found is None:
        raise Refused(problem("EVID-007", code=code))
    if as_json:
        tell.as_json(queries.plain(found))
    else:
        _say(found)
    if found.blockers:
        click.get_current_context().exit(1)


def whole(code: str) -> str:
    """The code of the statement that is meant: M4.2 is P1-M4.2 where one policy has it. Raises Refused: POL-020."""
    from pasaj.evidence.models import Node

    nodes = Node.objects.filter(kind__startswith="policy-", code__endswith=f"-{code}")
    if Node.objects.filter(code=code).exists():
        return code
    found = [one for one in nodes.order_by("code").values_list("code", flat=True) if one.partition("-")[2] == code]
    if len(found) > 1:
        raise Refused(problem("POL-020", code=code[:40], others=", ".join(found[:20])))
    return found[0] if found else code


def _say(found: Trace) -> None:
    from pasaj.evidence.queries.branches import branches
    from pasaj.evidence.queries.words import against, node_word

    tell.say(f"{found.node.code} · {found.node.kind} · {node_word(found.node)}{_made_up(found.node)}")
    tell.say(found.node.title)
    for title, steps, up in ((_("What it rests on"), found.up, True), (_("What rests on it"), found.down, False)):
        tell.say(f"\n{title}")
        if not steps:
            tell.say(f"  {_('nothing')}")
        for branch in branches(found.node.code, steps, up=up):
            tell.say(_line(branch, up))
    if found.left_off:
        tell.say(_("{count} links further away are left off.").format(count=found.left_off))
    if found.blockers:
        tell.say(f"\n{_('Stands against publishing it')}")
        for one in found.blockers:
            tell.say(f"  {against(one)}")


def _line(branch: Branch, up: bool) -> str:
    from pasaj.evidence.queries.words import link_word, node_word

    one: Step = branch.step
    other: Line = branch.line
    mine: Line = one.child if up else one.parent
    indent = "  " * branch.depth
    text = f"{indent}{other.code} · {other.title} · {node_word(other)}{_made_up(other)}"
    if branch.again:
        text += f" · {_('see above')}"
    text += f"\n{indent}  {mine.code} · {one.type_name} · {link_word(one.state)}"
    if one.claim:
        text += f" · {one.claim}"
    for name, before in one.before.items():
        text += f"\n{indent}  {name}: {before} → {one.now.get(name, '–')}"
    return text


def _made_up(one: Line) -> str:
    return f" · {_('Simulated')}" if one.simulated else ""
