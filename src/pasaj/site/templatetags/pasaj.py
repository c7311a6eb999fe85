"""Tags and filters every page uses. How to put pages together: docs/guides/pages.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.template.base import NodeList
from django.template.context import Context
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS, WEEKDAYS_ABBR
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from pasaj.access.queries import Said, say
from pasaj.core.problems import Problem
from pasaj.registry.queries import month_format

register = template.Library()

SITE = Path(__file__).resolve().parent.parent
NONE = "—"
THIN = "\u202f"  # narrow no-break space between thousands

STATES: dict[str, Any] = {
    "reported": _("Reported"),
    "zero": _("Zero reported"),
    "unusual": _("Unusual"),
    "alert": _("Alert"),
    "silent": _("Silent"),
    "conflict": _("Sources disagree"),
    "not_expected": _("Not expected"),
}
LEGEND = ("reported", "zero", "unusual", "alert", "silent", "conflict", "not_expected")
MARKED_CELLS = {"zero", "unusual", "alert", "conflict", "not_expected"}  # the others are drawn by the style alone

# Where a thing stands in its procedure: word and tone (open, good, bad, quiet or plain).
STATUSES: dict[str, tuple[Any, str]] = {
    "queued": (_("Queued"), "quiet"),
    "running": (_("Running"), "open"),
    "done": (_("Done"), "good"),
    "failed": (_("Failed"), "bad"),
    "cancelled": (_("Cancelled"), "quiet"),
    "new": (_("New"), "open"),
    "acknowledged": (_("Acknowledged"), "plain"),
    "verified": (_("Verified"), "good"),
    "discarded": (_("Discarded"), "quiet"),
    "withdrawn": (_("Withdrawn"), "quiet"),
    "active": (_("Active"), "good"),
    "revoked": (_("Revoked"), "quiet"),
    "open": (_("Open"), "good"),
    "closed": (_("Closed"), "quiet"),
    "draft": (_("Draft"), "plain"),
    "published": (_("Published"), "good"),
    "received": (pgettext_lazy("report", "Received"), "good"),
    "quarantined": (_("In quarantine"), "open"),
    "refused": (pgettext_lazy("state of a report", "Set aside"), "quiet"),
    "redacted": (_("Redacted"), "quiet"),
    "approved": (_("Approved"), "good"),
    "question": (_("Question asked"), "plain"),
    "rejected": (_("Rejected"), "bad"),
    "waiting": (_("Waiting"), "quiet"),
    "nothing": (_("Makes no figures"), "quiet"),
    "adopted": (_("Adopted"), "good"),
    "dismissed": (_("Dismissed"), "quiet"),
    "superseded": (_("Superseded"), "quiet"),
    "dropped": (_("Dropped"), "quiet"),
}
TONES = {"success": "good", "warning": "warn", "error": "bad", "info": "info", "debug": "info"}
TONE_MARKS = {"good": "reported", "warn": "unusual", "bad": "alert"}


# --- built assets -----------------------------------------------------------


@cache
def manifest(stamp: int) -> dict[str, str]:
    """Plain name -> hashed name. `stamp` is the file's time, so a new build is seen without a restart."""
    found: dict[str, str] = json.loads((SITE / "static/build/manifest.json").read_text(encoding="utf-8"))
    return found


@register.simple_tag
def bundle(name: str) -> str:
    """The address of a built asset, e.g. {% bundle "map.js" %}."""
    path = SITE / "static/build/manifest.json"
    if not path.exists():
        raise template.TemplateSyntaxError("The browser bundles are not built: run `python hatch_build.py`.")
    return static(f"build/{manifest(path.stat().st_mtime_ns)[name]}")


@register.simple_tag
def worker_build(*names: str) -> SafeString:
    """What a service worker keeps of the build, as JSON: {"version": a hash of the names, "files": addresses}.

    A name that ends a stem (`forms-`, `app.`) stands for all that begin so; any other is a file outside the build.
    """
    path = SITE / "static/build/manifest.json"
    built = manifest(path.stat().st_mtime_ns)
    stems = tuple(name for name in names if name.endswith(("-", ".")))
    files = [static(f"build/{built[name]}") for name in sorted(built) if name.startswith(stems)]
    files += [static(name) for name in names if name not in stems]
    version = hashlib.sha256("\n".join(files).encode()).hexdigest()[:12]
    return mark_safe(json.dumps({"version": version, "files": files}))  # noqa: S308 - names from our own build


@register.simple_tag(takes_context=True)
def block_html(context: Context, name: str) -> SafeString:
    """What the page put into a block, so that the frame can use it twice or leave its wrapping out."""
    rendered: str = BlockNode(name, NodeList()).render(context)
    return mark_safe(rendered.strip())  # noqa: S308 - a rendered template block


# --- states -----------------------------------------------------------------


@cache
def shapes() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((SITE / "static/site/shapes.json").read_text(encoding="utf-8"))
    return found


@cache
def drawn(name: str) -> SafeString:
    """A state's shape as it stands in a page; the word beside it speaks."""
    form = shapes()[name]
    paint = 'fill="currentColor"' if form["filled"] else 'fill="none" stroke="currentColor" stroke-width="1.6"'
    return mark_safe(  # noqa: S308 - from our own file
        f'<svg class="shape" viewBox="0 0 16 16" aria-hidden="true" {paint}><path d="{form["path"]}"/></svg>'
    )


def known(name: str) -> str:
    """The state's name as used here; `not expected` and `not-expected` are the same."""
    plain = str(name).replace("-", "_").replace(" ", "_")
    return plain if plain in STATES else "not_expected"


@register.simple_tag
def shape(name: str, label: bool = False) -> SafeString:
    """Only the shape, for places where the word stands beside it; `label=True` adds the word for those who listen."""
    name = known(name)
    if not label:
        return drawn(name)
    return format_html('{}<span class="visually-hidden">{}</span>', drawn(name), STATES[name])


@register.simple_tag
def state(name: str, word: str = "") -> SafeString:
    """Shape and word, e.g. {% state "silent" %} or {% state s.state word="3 silent" %}."""
    name = known(name)
    return format_html('<span class="state state-{}">{}{}</span>', name, drawn(name), word or STATES[name])


@register.filter
def state_word(name: str) -> Any:
    """Only the word, for texts put together from several."""
    return STATES[known(name)]


@register.simple_tag
def cell(name: str, text: str = "", url: str = "") -> SafeString:
    """One square of a strip. `text` says the whole of it: "Mon 2 Nov: silent"."""
    name = known(name)
    inner = drawn(name) if name in MARKED_CELLS else ""
    words = text or STATES[name]
    if url:
        return format_html(
            '<a class="cell cell-{}" href="{}" title="{}">{}<span class="visually-hidden">{}</span></a>',
            name,
            url,
            words,
            inner,
            words,
        )
    return format_html(
        '<span class="cell cell-{}" title="{}">{}<span class="visually-hidden">{}</span></span>',
        name,
        words,
        inner,
        words,
    )


@register.inclusion_tag("site/components/legend.html")
def state_legend(*names: str) -> dict[str, Any]:
    return {"names": names or LEGEND}


@register.simple_tag
def status(name: str, word: str = "") -> SafeString:
    """Where a job, a signal or a token stands, e.g. {% status job.state %}."""
    label, tone = STATUSES.get(str(name), (str(name), "plain"))
    return format_html('<span class="status status-{}">{}</span>', tone, word or label)


@register.simple_tag
def simulated() -> SafeString:
    return format_html('<span class="origin origin-simulated"><span>{}</span></span>', _("Simulated"))


@register.simple_tag
def published() -> SafeString:
    return format_html('<span class="origin origin-published">{}</span>', _("Published figure"))


@register.simple_tag
def code(text: str, url: str = "") -> SafeString:
    """A code that can be cited, e.g. {% code signal.code url %}."""
    if url:
        return format_html('<a class="code" href="{}">{}</a>', url, text)
    return format_html('<span class="code">{}</span>', text)


# --- numbers and dates ------------------------------------------------------


@register.filter
def number(value: Any, digits: int | None = None) -> str:
    """A number as the reader writes it, thousands apart by a thin space; nothing known is a dash."""
    if value is None or value == "":
        return NONE
    if isinstance(value, float) and digits is None:
        digits = 0 if value.is_integer() else 1
    if isinstance(value, str):
        value = Decimal(value)
    if isinstance(value, Decimal) and digits is None:
        # Figures are kept with four places; a count is shown whole.
        value = value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
    if digits is not None and isinstance(value, float | Decimal):
        value = round(value, digits)  # Django would cut off: 91.67 as 91.6
    text = formats.number_format(value, decimal_pos=digits, use_l10n=True, force_grouping=True)
    return text.replace("\xa0", THIN).replace("-", "\u2212")


@register.filter
def stopped(text: str) -> str:
    """A text of a pack as a sentence: with a full stop, unless it ends with one."""
    return text if not text or text.endswith((".", "!", "?", "…", "»")) else f"{text}."


@register.filter
def signed(value: Any, digits: int | None = None) -> str:
    """A difference: always with its sign."""
    text = number(value, digits)
    return f"+{text}" if value not in (None, "") and float(value) > 0 else text


@register.filter
def percent(value: Any, digits: int = 0) -> str:
    """A share (0.25) as per cent (25 %)."""
    if value is None or value == "":
        return NONE
    space = "" if get_language() == "en" else THIN
    return f"{number(round(float(value) * 100, digits), digits)}{space}%"


@register.filter
def day(value: Any) -> str:
    """Mon 2 Nov 2026."""
    if not value:
        return NONE
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return formats.date_format(value, f"D j {month_format()} Y")


@register.filter
def day_short(value: Any) -> str:
    """2 Nov: where the year is said elsewhere."""
    return formats.date_format(value, f"j {month_format()}") if value else NONE


@register.filter
def moment(value: Any) -> str:
    """Mon 2 Nov 2026, 07:42 in the home's time zone (a business clock brings its own)."""
    if not value:
        return NONE
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{day(value)}, {formats.date_format(value, 'H:i')}"


@register.filter
def iso(value: date | datetime | None) -> str:
    """For datetime= and data-value= attributes."""
    return value.isoformat() if value else ""


# --- notices, problems, forms -----------------------------------------------


@register.inclusion_tag("site/components/notice.html")
def notice(text: Any, tone: str = "info", title: str = "", live: bool = False) -> dict[str, Any]:
    """{% notice text tone="warn" title=… %}; tones: info, good, warn, bad."""
    tone = TONES.get(tone, tone)
    return {"text": text, "tone": tone, "title": title, "live": live, "mark": TONE_MARKS.get(tone, "")}


@register.inclusion_tag("site/components/problems.html")
def problem_summary(
    problems: Iterable[Problem | Said] | None = None, form: forms.BaseForm | None = None, title: str = ""
) -> dict[str, Any]:
    """Problems with code and remedy, and a form's errors as links to their fields. Nothing when there are none."""
    said = [each if isinstance(each, Said) else say(each) for each in problems or ()]
    return {
        "said": said,
        "faults": faults(form) if form is not None and form.is_bound else [],
        "title": title,
        "default_title": _("Please look at this again"),
    }


def faults(form: forms.BaseForm) -> list[dict[str, str]]:
    """Errors of a form in the order of its fields."""
    found = [{"id": "", "label": "", "text": str(text)} for text in form.non_field_errors()]
    for bound in form:
        found += [
            {"id": bound.id_for_label or bound.auto_id, "label": str(bound.label), "text": str(text)}
            for text in bound.errors
        ]
    return found


GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@register.inclusion_tag("site/components/field.html")
def field(
    bound: forms.BoundField, wide: bool = False, optional: bool = True, hide_label: bool = False
) -> dict[str, Any]:
    """Label above, help under it, then the widget, its error beside it; all tied together for those who listen."""
    widget = bound.field.widget
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    said: dict[str, Any] = {
        "id": bound.id_for_label or bound.auto_id,
        "label": bound.label,
        "help": bound.help_text,
        "errors": bound.errors,
        "described": " ".join(described),
        "optional": optional and not bound.field.required and not isinstance(widget, forms.CheckboxInput),
        "wide": wide or isinstance(widget, forms.Textarea),
        "hide_label": hide_label,
    }
    if isinstance(widget, GROUPS):
        return {**said, "id": bound.auto_id, "group": True, "choices": choices(bound)}
    return {
        **said,
        "check": isinstance(widget, forms.CheckboxInput),
        "widget": bound.as_widget(attrs=widget_attrs(bound, said["described"])),
    }


def choices(bound: forms.BoundField) -> list[Any]:
    bound.field.widget.attrs.setdefault("class", "form-check-input")
    return list(bound.subwidgets)


def widget_attrs(bound: forms.BoundField, described: str) -> dict[str, Any]:
    """Our look, and what a phone's keyboard and a screen reader want to know."""
    widget = bound.field.widget
    own = widget.attrs.get("class", "")
    base = "form-control"
    if isinstance(widget, forms.CheckboxInput):
        base = "form-check-input"
    elif isinstance(widget, forms.Select):
        base = "form-select"
    attrs: dict[str, Any] = {"class": f"{base} {own}".strip()}
    if described:
        attrs["aria-describedby"] = described
    if isinstance(bound.field, forms.IntegerField) and not isinstance(widget, forms.Select):
        attrs["inputmode"] = "decimal" if isinstance(bound.field, forms.DecimalField | forms.FloatField) else "numeric"
    return attrs


@register.inclusion_tag("site/components/choose.html")
def choose(name: str, label: str, options: Any, chosen: str = "", none: str = "") -> dict[str, Any]:
    """One choice of a filter. `options`: a mapping of values to words, pairs of them, or rows with a code."""
    pairs = options.items() if isinstance(options, Mapping) else options
    listed = [one if isinstance(one, tuple) else (one.code, one) for one in pairs]
    return {"name": name, "label": label, "options": listed, "chosen": chosen, "none": none}


@register.inclusion_tag("site/components/pagination.html", takes_context=True)
def pagination(context: Context, page_obj: Any) -> dict[str, Any]:
    """Links to the pages of a list; keeps the filters in the address. Nothing when there is one page."""
    paginator = page_obj.paginator
    return {
        "page_obj": page_obj,
        "numbers": list(paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)),
        "gap": paginator.ELLIPSIS,
        "request": context.get("request"),
    }


# --- figures ----------------------------------------------------------------


@register.inclusion_tag("site/components/chart.html")
def chart(
    id: str,
    spec: Mapping[str, Any],
    label: str,
    caption: str = "",
    simulated: bool = False,
    short: bool = False,
) -> dict[str, Any]:
    """A Vega-Lite spec as a figure; the page also loads {% chart_scripts %} once and shows a table beside it."""
    return {"id": id, "spec": spec, "label": label, "caption": caption, "simulated": simulated, "short": short}


@register.simple_tag
def chart_scripts() -> SafeString:
    """For the `scripts` block of a page with charts: the bundle and how numbers and dates are written."""
    loaded = format_html('<script type="module" src="{}"></script>', bundle("chart.js"))
    return json_script(chart_locale(), element_id="chart-locale") + loaded


def chart_locale() -> dict[str, Any]:
    """Number and date words in the reader's language, in the form d3 wants them."""
    thousands = formats.get_format("THOUSAND_SEPARATOR").replace("\xa0", THIN)
    sunday_first = [6, 0, 1, 2, 3, 4, 5]
    return {
        "number": {
            "decimal": formats.get_format("DECIMAL_SEPARATOR"),
            "thousands": thousands,
            "grouping": [3],
            "currency": ["", ""],
            "minus": "\u2212",
        },
        "time": {
            "dateTime": "%a %e %b %Y %H:%M",
            "date": "%d/%m/%Y",
            "time": "%H:%M",
            "periods": ["", ""],
            "days": [str(WEEKDAYS[i]) for i in sunday_first],
            "shortDays": [str(WEEKDAYS_ABBR[i]) for i in sunday_first],
            "months": [str(MONTHS[i]) for i in range(1, 13)],
            "shortMonths": [
                str(MONTHS_3[i]).title() if month_format() == "M" else str(MONTHS_3[i]) for i in range(1, 13)
            ],
        },
    }


@register.simple_tag
def map_styles() -> SafeString:
    """For the `styles` block of a page with a map."""
    return format_html('<link rel="stylesheet" href="{}">', bundle("map.css"))


@register.simple_tag
def map_scripts() -> SafeString:
    """For the `scripts` block of a page with a map."""
    return format_html('<script type="module" src="{}"></script>', bundle("map.js"))
