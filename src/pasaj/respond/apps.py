from django.apps import AppConfig


class RespondConfig(AppConfig):
    name = "pasaj.respond"
    label = "respond"
    default_auto_field = "django.db.models.BigAutoField"
