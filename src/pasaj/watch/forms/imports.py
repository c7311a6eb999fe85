"""A file of counts to import, and the mapping that says what its columns mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from pasaj.watch.models import Import, Source


class ImportForm(forms.Form):
    file = forms.FileField(label=_("File of counts (CSV)"), allow_empty_file=True)
    source = forms.ChoiceField(
        label=_("Source"), required=False, help_text=_("Whose figures they are. Leave it to use what the mapping says.")
    )
    stored = forms.ChoiceField(
        label=_("Mapping of an earlier file"),
        required=False,
        help_text=_("A mapping says which column means what. Choose one that was used before, or give a new one."),
    )
    mapping_file = forms.FileField(label=_("Mapping file (YAML)"), required=False, allow_empty_file=True)
    mapping = forms.CharField(
        label=_("Or type the mapping"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, *args: Any, sources: Sequence[Source], earlier: Sequence[Import], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.earlier = {one.code: one for one in earlier}
        self.fields["source"].choices = [("", _("As the mapping says"))] + [  # type: ignore[attr-defined]
            (one.code, f"{one.code} · {one.name}") for one in sources
        ]
        self.fields["stored"].choices = [("", _("None"))] + [  # type: ignore[attr-defined]
            (one.code, f"{one.filename} · {one.code}") for one in earlier
        ]

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        largest = settings.PASAJ_MAX_UPLOAD_MB
        if (file.size or 0) > largest * 1_000_000:
            raise forms.ValidationError(
                _("The file is too large: at most %(largest)s MB."), params={"largest": largest}
            )
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        given = [name for name in ("stored", "mapping_file", "mapping") if data.get(name)]
        if len(given) != 1 and not self.errors:
            self.add_error(
                "stored" if not given else given[-1], _("Give one mapping: an earlier one, a file, or text.")
            )
        return data

    def plain_mapping(self) -> bytes | str | Mapping[str, Any]:
        """The mapping that was given, in whichever way."""
        data = self.cleaned_data
        if data["stored"]:
            found: Mapping[str, Any] = self.earlier[data["stored"]].mapping
            return found
        if data["mapping_file"]:
            content: bytes = data["mapping_file"].read(200_000)
            return content
        return str(data["mapping"])
