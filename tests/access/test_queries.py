from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

import pasaj
from pasaj.access.models import Account, AuditEntry
from pasaj.access.queries import ACTIONS, Said, action_name, audit_line, labels, say
from pasaj.access.rules import ROLES
from pasaj.access.services import signins
from pasaj.core.problems import problem
from pasaj.registry.models import Role


def test_a_problem_is_said_with_code_place_and_remedy() -> None:
    with translation.override("en"):
        said = say(problem("ACCESS-007", file="people.csv", row=3, column="email", email="ana"))
    assert said == Said(
        code="ACCESS-007",
        text="“ana” is not an e-mail address.",
        remedy="Write it like name@example.org.",
        place="people.csv, row 3, column email",
    )
    with translation.override("en"):
        assert say(problem("ACCESS-002")).place == ""
        assert say(problem("ACCESS-002", row=4)).place == "row 4"


def test_a_problem_is_said_in_the_language_asked_for_and_the_readers_stays() -> None:
    with translation.override("es"):
        english = say(problem("ACCESS-002"), "en")
        assert english.text == "Nothing is found at this address."
        assert translation.get_language() == "es"


def test_what_was_typed_cannot_reach_into_the_text() -> None:
    said = say(problem("ACCESS-007", email="{email.__class__} %(x)s {row}"), "en")
    assert said.text == "“{email.__class__} %(x)s {row}” is not an e-mail address."


def written() -> set[str]:
    """Every action that stands as a word in a call of `record`, in all apps."""
    found = set()
    for path in Path(pasaj.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) == "record":
                words = [one.value for one in node.keywords if one.arg == "action"]
                found |= {word.value for word in words if isinstance(word, ast.Constant)}
    return found


def test_every_action_that_we_write_has_a_name() -> None:
    with translation.override("en"):
        assert {action for _signal, action in signins.TOLD} | written() <= ACTIONS.keys()
        assert action_name("token.used") == "Access token used"
        assert action_name("never.heard") == "never.heard"


def test_roles_are_registrys_roles() -> None:
    assert list(ROLES) == list(Role.values)


@pytest.mark.django_db
def test_the_system_and_unknown_accounts_have_labels() -> None:
    def who(actor_id: int | None, via: str) -> tuple[str, str]:
        line = audit_line(AuditEntry(id=7, actor_id=actor_id, via=via, action="x"))
        return line.who, line.via_name

    account = Account.objects.create_user("ana@example.org", name="Ana")
    with translation.override("en"):
        assert who(account.pk, "web") == ("Ana", "Pages")
        assert who(999, "token") == ("ACCOUNT-999", "Access token")
        assert who(None, "web") == ("Nobody signed in", "Pages")
        assert who(None, "command") == ("Pasaj", "Command line")
        assert who(None, "x") == ("Pasaj", "x")
    assert labels([None, 999, account.pk]) == {account.pk: "Ana"}


def test_words_of_ours_in_a_message_are_said_in_the_readers_language() -> None:
    old = say(problem("FORM-001", file="a.xls", found="an old Excel file (.xls)"), "fr")
    assert old.text == "« a.xls » n’est pas un XLSForm : c’est un ancien fichier Excel (.xls)."
    assert say(problem("FORM-025", state="closed"), "fr").text.count("closed") == 0
    assert say(problem("FORM-013", value="closed"), "fr").text.count("closed") == 1  # what a person wrote stays
