"""The criteria that an appraisal starts with."""

import pytest

from pasaj.core.appraisal import Question, check, grade


def test_the_standard_criteria_can_be_used() -> None:
    found = grade.standard()
    assert [one.code for one in found][-1] == "RIGHTS"
    assert len(found) == 10
    assert [one.code for one in found if one.vetoes] == ["RIGHTS"]
    assert check(Question("Q", ("A", "B"), "A", tuple(found))) == []
    assert {scale for _code, scale in grade.STANDARD} == set(grade.SCALES)
    assert not {word for words in grade.SCALES.values() for word in words} & set(grade.OPEN)


def test_a_scale_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        grade.criterion("X", "x")
