"""The directory: the list and its file, one contact, and what is said of it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pasaj.access.rules import can, may
from pasaj.core.problems import Problem, Refused
from pasaj.notify.forms.directory import AddressForm, ContactForm, FileForm, ReasonForm, standing
from pasaj.notify.models import Address, Contact, Inbound, Shift
from pasaj.notify.queries import people
from pasaj.notify.services import contacts, lists, reaching, trying
from pasaj.notify.views.oncall import called
from pasaj.registry.queries import Request
from pasaj.share.models import Audience
from pasaj.share.services import release
from pasaj.share.views import hand_over

PAGE = 50


def contact_list(request: Request) -> HttpResponse:
    if not may(request.actor, "view", Contact):
        raise Http404
    wanted = {name: request.GET.get(name, "").strip() for name in ("q", "role", "institution")}
    ended = request.GET.get("ended") == "yes"
    rows = people.contacts(
        request.actor, text=wanted["q"], role=wanted["role"], institution=wanted["institution"], ended=ended
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    reached = people.reached(request.actor, page.object_list)
    roles = people.role_names()
    mine = people.contacts(request.actor)
    now, tonight = called(request)
    context = {
        "page": page,
        "lines": [(row, roles.get(row.role, row.role), row.pk in reached) for row in page.object_list],
        "total": page.paginator.count,
        "wanted": wanted,
        "ended": ended,
        "roles": [(code, name) for code, name in roles.items()],
        "institutions": sorted({(one.institution.code, str(one.institution)) for one in mine}),
        "may_change": may(request.actor, "change", Contact),
        "may_export": may(request.actor, "export", Contact),
        "may_calls": may(request.actor, "view", Shift),
        "may_texts": may(request.actor, "view", Inbound),
        "called_now": now,
        "called_tonight": tonight,
    }
    return render(request, "notify/contact_list.html", context)


def contacts_csv(request: Request) -> FileResponse:
    if not may(request.actor, "export", Contact):
        raise Http404
    parcel = lists.parcel(people.contacts(request.actor))
    released = release(parcel=parcel, audience=Audience.STRICT, actor=request.actor, now=request.now)
    return hand_over(released, "contacts.csv")


def find(request: Request, code: str) -> Contact:
    found = people.contact(request.actor, code)
    if found is None:
        raise Http404
    return found


def contact(request: Request, code: str) -> HttpResponse:
    return page_of(request, find(request, code))


def page_of(
    request: Request,
    row: Contact,
    problems: tuple[Problem, ...] = (),
    address: AddressForm | None = None,
    reason: ReasonForm | None = None,
) -> HttpResponse:
    """The page of one contact; with problems its status is 422."""
    reach = can(request.actor, "reach", row)
    shared = people.shared(row) if reach else {}
    wrong = bool(problems or (address and address.errors) or (reason and reason.errors))
    context = {
        "contact": row,
        "role": people.role_names().get(row.role, row.role),
        "addresses": [(one, shared.get((one.channel, one.value), [])) for one in row.addresses.all()] if reach else [],
        "reach": reach,
        "account": people.email_of(row) if reach else "",
        "shifts": people.upcoming(row, request.now),
        "may_change": can(request.actor, "change", row) and row.ended_at is None,
        "may_stop": can(request.actor, "stop", row) and row.ended_at is None,
        "may_erase": can(request.actor, "erase", row) and row.ended_at is not None,
        "address_form": address or AddressForm(),
        "reason_form": reason or ReasonForm(),
        "problems": problems,
    }
    return render(request, "notify/contact.html", context, status=422 if wrong else 200)


def contact_new(request: Request) -> HttpResponse:
    if not may(request.actor, "change", Contact):
        raise Http404
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        home=request.home,
        roles=people.role_names(),
        initial={"language": request.home.default_language},
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        said = form.said()
        try:
            made = contacts.add(
                addresses=form.reaches(),
                actor=request.actor,
                now=request.now,
                **{name: getattr(said, name) for name in said.__slots__},
            )
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("The contact is in the directory."))
            return redirect("notify:contact", made.code)
    status = 422 if form.errors or problems else 200
    return render(request, "notify/contact_form.html", {"form": form, "problems": problems}, status=status)


def contact_edit(request: Request, code: str) -> HttpResponse:
    row = find(request, code)
    if not can(request.actor, "change", row) or row.ended_at is not None:
        raise Http404
    form = ContactForm(
        request.POST if request.method == "POST" else None,
        home=request.home,
        roles=people.role_names(),
        contact=row,
        initial=standing(row, people.email_of(row)),
    )
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            contacts.change(contact=row, said=form.said(), actor=request.actor, now=request.now)
        except Refused as refused:
            problems = form.explain(refused.problems)
        else:
            messages.success(request, _("Saved."))
            return redirect("notify:contact", code)
    context = {"form": form, "problems": problems, "contact": row}
    return render(request, "notify/contact_form.html", context, status=422 if form.errors or problems else 200)


def contact_import(request: Request) -> HttpResponse:
    if not may(request.actor, "change", Contact):
        raise Http404
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(lists.BYTES + 1)
            done = lists.load(data=data, actor=request.actor, now=request.now)
        except Refused as refused:
            problems = refused.problems
        else:
            text = _("%(added)s contacts added, %(changed)s changed, %(same)s as before.")
            said = {"added": done.added, "changed": done.changed, "same": done.unchanged}
            messages.success(request, text % said)
            return redirect("notify:contact-list")
    context = {"form": form, "problems": problems[:50], "more": max(0, len(problems) - 50), "columns": lists.COLUMNS}
    return render(request, "notify/contact_import.html", context, status=422 if form.errors or problems else 200)


@require_POST
def contact_end(request: Request, code: str) -> HttpResponse:
    row, form = find(request, code), ReasonForm(request.POST)
    if not can(request.actor, "change", row):
        raise Http404
    if not form.is_valid():
        return page_of(request, row, reason=form)
    try:
        contacts.end(contact=row, reason=form.cleaned_data["reason"], actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, row, form.explain(refused.problems), reason=form)
    messages.success(request, _("The contact has ended and is told of nothing more."))
    return redirect("notify:contact", code)


@require_POST
def contact_erase(request: Request, code: str) -> HttpResponse:
    row, form = find(request, code), ReasonForm(request.POST)
    if not can(request.actor, "erase", row):
        raise Http404
    if not form.is_valid():
        return page_of(request, row, reason=form)
    try:
        reaching.erase(contact=row, reason=form.cleaned_data["reason"], actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, row, form.explain(refused.problems), reason=form)
    messages.success(request, _("Name and addresses are erased; the log stays valid."))
    return redirect("notify:contact", code)


@require_POST
def address_add(request: Request, code: str) -> HttpResponse:
    row, form = find(request, code), AddressForm(request.POST)
    if not can(request.actor, "change", row):
        raise Http404
    if not form.is_valid():
        return page_of(request, row, address=form)
    try:
        reaching.add(contact=row, **form.cleaned_data, actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, row, form.explain(refused.problems), address=form)
    messages.success(request, _("The address is added."))
    return redirect("notify:contact", code)


@require_POST
def address_turn(request: Request, code: str, number: int) -> HttpResponse:
    """Stop an address, or use it again: what the button said."""
    row = find(request, code)
    address = Address.objects.filter(contact=row, pk=number).first()
    if address is None or not can(request.actor, "stop", row):
        raise Http404
    try:
        if request.POST.get("do") == "restore":
            reaching.restore(address=address, actor=request.actor, now=request.now)
        else:
            reaching.stop(address=address, actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, row, refused.problems)
    messages.success(request, _("Saved."))
    return redirect("notify:contact", code)


@require_POST
def address_test(request: Request, code: str, number: int) -> HttpResponse:
    """Send one test message to this address, and lead to what becomes of it."""
    row = find(request, code)
    address = Address.objects.select_related("contact").filter(contact=row, pk=number).first()
    if address is None or not can(request.actor, "change", row):
        raise Http404
    try:
        message = trying.send(address=address, actor=request.actor, now=request.now)
    except Refused as refused:
        return page_of(request, row, refused.problems)
    messages.success(request, _("A test is on its way to this address: %(code)s.") % {"code": message.code})
    return redirect("notify:contact", code)
