"""What people call the codes of the shared list of crossings, in their language."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from pasaj.registry.models import Area, CrossingPoint, localised


def unofficial(area: Area) -> str:
    """The line that stands for every unofficial crossing of a commune."""
    return _("{area}: unofficial crossing").format(area=localised(area.names))


def named(codes: Collection[str] | None = None) -> dict[str, str]:
    """The names of these codes, or of all that the list ever held. What it never held has none. Two queries.

    A crossing that is gone from the list keeps its name: reports of it stay.
    """
    points = CrossingPoint.objects.exclude(official=CrossingPoint.Official.NO)
    areas = Area.objects.all()
    if codes is not None:
        points, areas = points.filter(code__in=codes), areas.filter(code__in=codes)
    found = {one.code: unofficial(one) for one in areas}
    return found | dict(points.values_list("code", "name"))
