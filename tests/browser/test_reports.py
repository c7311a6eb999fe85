"""The duty officer looks at a report, asks its sender, and the sender answers on the page of the key."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from browsing import Demo, Visit, axe

SEND = '''
import django, json
django.setup()
from django.utils import timezone
from pasaj.access.models import Account
from pasaj.access.rules import Actor
from pasaj.collect.models import Form, FormDefinition, FormVersion
from pasaj.collect.services import phones, submissions
from pasaj.collect.services.submissions import Sender
from pasaj.registry import queries
now = queries.home().business_now(timezone.now())
form = Form.objects.create(form_id="asked", names={"fr": "Visite", "en": "Visit"}, created_at=now)
fields = [{"path": "count", "name": "count", "kind": "integer", "type": "int", "labels": [["fr", "Personnes"]]}]
version = FormVersion.objects.create(
    form=form, version="1", number=1, state="published", fields=fields, created_at=now, published_at=now
)
xform = b"""<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head>
<h:title>Visit</h:title><model><instance>
<data id="asked" version="1"><count/><meta><instanceID/></meta></data></instance>
<bind nodeset="/data/count" type="int"/></model></h:head>
<h:body><input ref="/data/count"><label>Personnes</label></input></h:body></h:html>"""
FormDefinition.objects.create(version=version, xml=xform, md5="", sha256="")
duty = queries.actor_for(Account.objects.get(email="permanence@example.org"))
user, token = phones.add(wanted=phones.Wanted(name="Browser", form="asked", language="fr"), actor=duty, now=now)
device = phones.identify(token, device_id="collect:browser", real_now=timezone.now())
xml = b"<data id='asked' version='1'><count>12</count><meta><instanceID>uuid:asked</instanceID></meta></data>"
told = submissions.receive(
    xml=xml, files=[], sender=Sender("key", app_user=user, device=device), incomplete=False,
    actor=Actor(id=None, label=str(user), via="key"), now=now,
)
print(json.dumps([token, told.receipt]))
'''


@pytest.fixture(scope="module")
def sent(demo: Demo) -> tuple[str, str]:
    """The token of a key, and the receipt of the report that it sent."""
    env = {**os.environ, "PASAJ_HOME": str(demo.home), "DJANGO_SETTINGS_MODULE": "pasaj.site.settings"}
    env.pop("PASAJ_DATABASE_URL", None)
    made = subprocess.run([sys.executable, "-c", SEND], env=env, capture_output=True, text=True, timeout=120)
    assert made.returncode == 0, made.stderr
    token, receipt = json.loads(made.stdout.splitlines()[-1])
    return token, receipt


def test_a_question_goes_out_and_its_answer_comes_back(sent: tuple[str, str], visit: Callable[..., Visit]) -> None:
    token, receipt = sent
    duty = visit("duty", language="fr")
    duty.open("/collect/submissions/")
    duty.page.click(f"text={receipt}")
    assert duty.page.locator("dl.facts dd").first.inner_text() == "12"
    assert axe(duty.page) == []
    duty.page.fill("#words", "Combien d'enfants ?")
    duty.page.click("button[value=ask]")
    duty.page.wait_for_selector("text=Question posée")
    key = visit(javascript=False, size="phone")
    key.open(f"/key/{token}/")
    assert key.page.locator("h1").inner_text() == "Mes rapports"
    key.page.fill("textarea", "Trois, avec leurs parents")
    key.page.click("main button[type=submit]")
    assert key.here == f"/key/{token}/?answered=1"
    assert key.page.locator("textarea").count() == 0
    duty.page.reload()
    assert duty.page.locator(".timeline p", has_text="Trois, avec leurs parents").count() == 1
    duty.page.click("button[value=approve]")
    duty.page.wait_for_selector(".lead .status:has-text('Approuvé')")
    assert (duty.complaints, duty.outside, key.complaints, key.outside) == ([], [], [], [])
