"""What can be cited, what it rests on, and who accepted that."""

from pasaj.evidence.models.kinds import (
    FIGURES,
    KINDS,
    LINK_TYPES,
    FigureQuery,
    LinkType,
    NodeKind,
    figure_query,
    link_type,
    node_kind,
)
from pasaj.evidence.models.links import Link, Review, Weighing
from pasaj.evidence.models.nodes import Confirmation, Figure, FigureTopic, Node, Revision

__all__ = [
    "FIGURES",
    "KINDS",
    "LINK_TYPES",
    "Confirmation",
    "Figure",
    "FigureQuery",
    "FigureTopic",
    "Link",
    "LinkType",
    "Node",
    "NodeKind",
    "Review",
    "Revision",
    "Weighing",
    "figure_query",
    "link_type",
    "node_kind",
]
