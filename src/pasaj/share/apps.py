from django.apps import AppConfig


class ShareConfig(AppConfig):
    name = "pasaj.share"
    label = "share"
    default_auto_field = "django.db.models.BigAutoField"
