"""The printed sheet, for posts without network: somebody prints the page of the message and hands it out.

Nothing is sent. A delivery waits until a person says that the sheet was handed out.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from pasaj.core.problems import Refused, problem
from pasaj.notify.channels import Channel


class Bulletin(Channel):
    kind = "bulletin"
    label = _("Printed bulletin")

    def ready(self) -> bool:
        return False  # no gateway takes it: a person does

    def check(self, address: str) -> str:
        value = " ".join(address.split())
        if not value or len(value) > 120:
            raise Refused(problem("NOTIFY-002", value=address[:60], channel=self.kind, example=_("notice board")))
        return value

    def mask(self, address: str) -> str:
        return address  # a place, nobody's address


CHANNEL = Bulletin()
