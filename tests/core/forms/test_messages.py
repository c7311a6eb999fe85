"""What converter and validator say, in the officer's words."""

from __future__ import annotations

import pytest

from pasaj.core.forms.messages import of_converter, of_validator
from pasaj.core.problems import Problem, problem

LOOP = (
    "Cycle detected in form's relevant and calculation logic!\nThe following nodes are likely involved in the loop:\n"
    "/data/b\n/data/a\n\nResult: Invalid"
)
BARE = "X: <label> node for itemset doesn't exist! [instance(kinds)/list]\n\tat org.x.Y(Z.java:1)"
CHOICE = "[row : 3] On the 'choices' sheet, the 'name' value is invalid."
SURVEY = [(2, {"Type": "text", "name": "a"}), (3, {"Type": " intger ", "name": "n"}),
          (4, {"Type": "Select one kinds", "name": "s"}),
          (5, {"Type": "text", "name": "1 n!", "relevant": "${n > 1"})]  # fmt: skip
CHOICES = [(2, {"list name": "kinds", "value": "a b"}), (3, {"list name": "kinds", "value": "c"})]
UNIQUE = "Questions, groups, and repeats must be unique within their nearest parent group or repeat."


def place(found: Problem) -> tuple[str, str, int | None, str, dict[str, object]]:
    return found.code, found.file, found.row, found.column, dict(found.params)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[row : 2] On the 'survey' sheet, the 'relevant' value is invalid. Reference variables must contain a name"
            " from the 'survey' sheet. Could not find the name 'zz'.",
            ("FORM-014", "survey", 2, "relevant", {"value": "zz"}),
        ),
        (f"[row : 3] On the 'survey' sheet, the 'name' value 'a' is invalid. {UNIQUE}",
         ("FORM-015", "survey", 3, "name", {"value": "a"})),
        ("Unknown question type 'textt'.", ("FORM-013", "survey", None, "type", {"value": "textt"})),
        ("Unknown question type 'intger'.", ("FORM-013", "survey", 3, "type", {"value": "intger"})),
        ("List name not in choices sheet: yn Error on row: 9", ("FORM-016", "survey", 9, "type", {"value": "yn"})),
        ("[row : 4] List name not in choices sheet: yn", ("FORM-016", "survey", 4, "type", {"value": "yn"})),
        ("[row : 2] Unmatched 'begin_group'.", ("FORM-019", "survey", 2, "", {"what": "group"})),
        ("[row : 2] Question or group with no name.", ("FORM-022", "survey", 2, "", {"value": ""})),
        ("[row : 5] On the 'survey' sheet, the 'name' value is invalid. Names must begin with a letter.",
         ("FORM-022", "survey", 5, "name", {"value": "1 n!"})),
        ("[row : 5] On the 'survey' sheet, the 'relevant' value is invalid. Reference variables must start with '${'",
         ("FORM-017", "survey", 5, "relevant", {"detail": "${n > 1"})),
        ("There should be a choices sheet in this xlsform.", ("FORM-016", "survey", 4, "type", {"value": "kinds"})),
        ("Choice names with spaces cannot be added to multiple choice selects. See [a b] in [kinds]",
         ("FORM-037", "choices", 2, "name", {"value": "a b", "list": "kinds"})),
        (f"{CHOICE} Choice names must be unique for each choice list. If this is intentional, use",
         ("FORM-038", "choices", 3, "name", {"value": "c", "list": "kinds"})),
        (f"{CHOICE} Choices must have a name.", ("FORM-039", "choices", 3, "name", {"list": "kinds"})),
        (f"{CHOICE} Names used here must not be odd.",
         ("FORM-020", "choices", 3, "name", {"detail": "On the 'choices' sheet, the 'name' value is invalid. "
                                                       "Names used here must not be odd."})),
        ("[row : 9] On the 'choices' sheet, the 'label' value is invalid. Choices should have a label. Learn more",
         ("FORM-047", "choices", 9, "label", {"value": "", "list": ""})),
        ("The survey element named 'n' has no label or hint.", ("FORM-044", "survey", 3, "label", {"value": "n"})),
        ("The survey element named 'x' has no label or hint.", ("FORM-044", "survey", None, "label", {"value": "x"})),
        ("Invalid headers provided for sheet: 'survey'. Headers that are different names for the same column were"
         " found: 'relevant', 'Relevance'. Rename or remove one of these columns.",
         ("FORM-045", "survey", 1, "", {"one": "relevant", "other": "Relevance"})),
        ("Invalid headers provided for sheet: 'choices'. One or more required column headers were not found: 'name'."
         " Learn more: https://xlsform.org",
         ("FORM-046", "choices", 1, "", {"missing": "name"})),
        ("Something\nnew.", ("FORM-020", "survey", None, "", {"detail": "Something new."})),
    ],
)  # fmt: skip
def test_the_converter(text: str, expected: object) -> None:
    assert place(of_converter(text, SURVEY, CHOICES)) == expected


def test_without_the_sheets_the_place_stays_open() -> None:
    text = "There should be a choices sheet in this xlsform."
    assert place(of_converter(text)) == ("FORM-016", "survey", None, "type", {"value": ""})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (": bind for /data/g/a contains invalid constraint expression [. >< 1] Bad node: org.javarosa.xpath",
         ("FORM-017", "survey", 7, "constraint", {"detail": ". >< 1"})),
        (": Encountered a problem with display condition for node [/data/a] at line: (1 + 2, mismatched brackets",
         ("FORM-017", "survey", 7, "relevant", {"detail": "(1 + 2"})),
        ("Error evaluating field 'a' (/data/a[1]): The problem\nXPath evaluation: cannot handle function 'foo'",
         ("FORM-017", "survey", 7, "calculation", {"detail": "foo()"})),
        (LOOP.replace("\n\nResult", "\n\tat org.javarosa.xform.X(X.java:2049)\n\tat org.y/z\nResult"),
         ("FORM-018", "survey", 7, "calculation", {"detail": "b → a"})),
        ("org.javarosa.xform.parse.XFormParseException: Odd thing. /tmp/pasaj-form-x/form.xml",
         ("FORM-021", "survey", None, "", {"detail": "Odd thing."})),
        (BARE, ("FORM-047", "choices", 4, "label", {"value": "c", "list": "kinds"})),
        (BARE.replace("kinds", "others"), ("FORM-047", "choices", None, "label", {"value": "", "list": "others"})),
        (LOOP, ("FORM-018", "survey", 7, "calculation", {"detail": "b → a"})),
        ("Cycle detected somewhere", ("FORM-018", "survey", None, "calculation", {"detail": "?"})),
        (">> XForm is invalid.\n\nOdd thing at node\n\tat org.x.Y(Z.java:1)\nResult: Invalid",
         ("FORM-021", "survey", None, "", {"detail": "Odd thing at node"})),
        (">> XForm is invalid.", ("FORM-021", "survey", None, "", {"detail": ">> XForm is invalid."})),
        ("Encountered a problem with frequency for node []",
         ("FORM-021", "survey", None, "", {"detail": "Encountered a problem with frequency for node []"})),
        (": bind for ?? contains invalid constraint expression [x]",
         ("FORM-017", "survey", None, "constraint", {"detail": "x"})),
    ],
)  # fmt: skip
def test_the_validator(text: str, expected: object) -> None:
    warnings = [
        problem("FORM-020", detail="?").at("survey", 2),
        problem("FORM-047", value="x", list="types").at("choices", 2, "label"),
        problem("FORM-047", value="c", list="kinds").at("choices", 4, "label"),
    ]
    assert place(of_validator(text, {"a": 7, "b": 9}, warnings)) == expected
