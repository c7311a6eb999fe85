"""Pages of policies: who sees which."""

from __future__ import annotations

from collections.abc import Callable

import make
from django.test import Client
from policy import plans


def test_who_sees_a_policy(country: make.Country, as_: Callable[[str], Client]) -> None:
    plans.whole(country)
    seen = {}
    for who in ("duty", "analyst", "partner", "chief", "stranger"):
        client = as_(who)
        addresses = ("/policy/P1/", "/policy/statements/P1-PB1.1/", "/policy/statements/P1-M1.1/",
                     "/policy/statements/P1-A1.1.2/", "/policy/statements/P1-A1.1.1/")  # fmt: skip
        seen[who] = [client.get(address).status_code for address in addresses]
    assert seen == {
        "duty": [200, 200, 200, 200, 200],
        "analyst": [200, 200, 200, 200, 200],
        "partner": [200, 404, 200, 200, 404],  # AID supports the measure and owns the second action
        "chief": [404, 404, 200, 404, 200],  # IMM leads the measure and owns the first action
        "stranger": [404, 404, 404, 404, 404],
    }


def test_a_list_without_policies_says_so(as_: Callable[[str], Client]) -> None:
    assert "There is no policy yet." in as_("duty").get("/policy/", headers={"accept-language": "en"}).content.decode()
