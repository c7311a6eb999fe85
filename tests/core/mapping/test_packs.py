"""The mandates of a pack, judged."""

from datetime import date

from core.packs import AREAS, MINIMAL, checked

from pasaj.core.mapping.mandates import WHOLE, Gap, Lapse, Mandate, review
from pasaj.core.mapping.packs import of_pack

ON = date(2026, 3, 1)


def test_a_pack_becomes_a_register_and_its_mandates() -> None:
    pack = checked({}).pack
    assert pack is not None
    register, mandates = of_pack(pack)
    assert register.functions == {"CHECK": (WHOLE,), "RESCUE": ("NL-A", "NL0101")}
    assert register.institutions == ("CELL", "IMM")
    assert register.parents == {"NL": WHOLE, "NL-A": "NL", "NL0101": "NL-A"}
    # The commune is one of its region, and nobody says that it is all of it.
    assert register.parts == {WHOLE: ("NL",), "NL": ("NL-A",)}
    assert register.bases == {"L-1": (date(1999, 12, 1), None)}
    former = Mandate("RESCUE", "CELL", "support", "NL-A", last=date(2019, 12, 31), verify=True)
    assert mandates == (Mandate("CHECK", "IMM", "lead", WHOLE, "L-1", date(2000, 1, 1)), former)
    found = review(mandates, register, ON)
    assert found.gaps == (Gap("RESCUE", "NL-A", (), ()), Gap("RESCUE", "NL0101", (), ()))
    assert found.lapses == (Lapse("ended", former),)
    assert (found.orphans, found.idle) == (("CELL",), ("RESCUE",))


def test_a_country_led_region_by_region_is_led() -> None:
    more = "function,institution,role,territory,source\nCHECK,IMM,lead,NL-A,x\n"
    pack = checked({"mandates.csv": more}).pack
    assert pack is not None
    register, mandates = of_pack(pack)
    assert [gap.function for gap in review(mandates, register, ON).gaps] == ["RESCUE", "RESCUE"]


def test_a_pack_without_areas_of_level_1_or_dates_of_texts() -> None:
    areas = AREAS.replace("NL-A,1,Région A,NL\n", "").replace("NL-A", "NL")
    pack = checked({"areas.csv": areas, "instruments.csv": "code,title,kind\nL,Loi,law\n"}, MINIMAL).pack
    assert pack is not None
    register, mandates = of_pack(pack)
    assert (register.parts, register.bases, mandates) == ({WHOLE: ("NL",)}, {"L": (None, None)}, ())
    pack = checked({"areas.csv": "code,level,name_fr,parent\nNL0101,1,Commune,\n"}, MINIMAL).pack
    assert pack is not None
    assert of_pack(pack)[0].parts == {}
