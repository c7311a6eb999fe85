from __future__ import annotations

from django.urls import path

from pasaj.notify.views import contacts, gateway, inbound, links, messages, oncall

app_name = "notify"
urlpatterns = [
    path("notices/contacts/", contacts.contact_list, name="contact-list"),
    path("notices/contacts/contacts.csv", contacts.contacts_csv, name="contacts-csv"),
    path("notices/contacts/new/", contacts.contact_new, name="contact-new"),
    path("notices/contacts/import/", contacts.contact_import, name="contact-import"),
    path("notices/contacts/<str:code>/", contacts.contact, name="contact"),
    path("notices/contacts/<str:code>/edit/", contacts.contact_edit, name="contact-edit"),
    path("notices/contacts/<str:code>/end/", contacts.contact_end, name="contact-end"),
    path("notices/contacts/<str:code>/erase/", contacts.contact_erase, name="contact-erase"),
    path("notices/contacts/<str:code>/addresses/", contacts.address_add, name="address-add"),
    path("notices/contacts/<str:code>/addresses/<int:number>/", contacts.address_turn, name="address-turn"),
    path("notices/contacts/<str:code>/addresses/<int:number>/test/", contacts.address_test, name="address-test"),
    path("notices/on-call/", oncall.on_call, name="on-call"),
    path("notices/on-call/new/", oncall.shift_new, name="shift-new"),
    path("notices/on-call/plan/", oncall.shift_plan, name="shift-plan"),
    path("notices/on-call/<int:number>/swap/", oncall.shift_swap, name="shift-swap"),
    path("notices/on-call/<int:number>/remove/", oncall.shift_remove, name="shift-remove"),
    path("notices/inbound/", inbound.inbound_list, name="inbound-list"),
    path("notices/", messages.message_list, name="message-list"),
    path("n/<str:token>/", links.link, name="link"),
    path("n/<str:token>/stop", links.link_stop, name="link-stop"),
    path("gateway/<str:token>/<str:kind>/receipt", gateway.receipt, name="gateway-receipt"),
    path("gateway/<str:token>/<str:kind>/in", gateway.incoming, name="gateway-in"),
    # After the pages of contacts and shifts: their addresses begin alike.
    path("notices/<str:code>/", messages.message, name="message"),
    path("notices/<str:code>/act", messages.message_act, name="message-act"),
    path("notices/<str:code>/bulletin", messages.bulletin, name="bulletin"),
]
