"""The mandates of a country pack, ready to be judged."""

from pasaj.core import periods
from pasaj.core.mapping.mandates import WHOLE, Mandate, Register, Span
from pasaj.core.pack.shapes import Instrument, Pack


def of_pack(pack: Pack) -> tuple[Register, tuple[Mandate, ...]]:
    """What mandates are held against, and the mandates.

    The country is made up of its areas of level 1 where the pack lists any: a pack lists all of them or none.
    Smaller areas and stretches of coast lie in theirs and do not make it up, as packs list only some. A text is
    in force from the first day of its date on; packs do not say until when.
    """
    parents = {one.code: one.parent or WHOLE for one in pack.areas}
    countries = [one.code for one in pack.areas if one.level == "0"]
    parts = {WHOLE: tuple(countries)} if countries else {}
    for country in countries:
        below = tuple(one.code for one in pack.areas if one.level == "1" and one.parent == country)
        if below:
            parts[country] = below
    register = Register(
        functions={one.code: one.territories or (WHOLE,) for one in pack.functions},
        institutions=tuple(one.code for one in pack.institutions),
        parents=parents,
        bases={one.code: _span(one) for one in pack.instruments},
        parts=parts,
    )
    mandates = (
        Mandate(
            function=one.function,
            institution=one.institution,
            role=one.role,
            territory=one.territory,
            basis=one.basis,
            first=one.first,
            last=one.last,
            verify=bool(one.verify),
        )
        for one in pack.mandates
    )
    return register, tuple(mandates)


def _span(instrument: Instrument) -> Span:
    written = periods.parse(instrument.date)
    return (written.start if written else None), None
