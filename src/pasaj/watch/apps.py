from django.apps import AppConfig


class WatchConfig(AppConfig):
    name = "pasaj.watch"
    label = "watch"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pasaj.watch.services import citing  # noqa: F401, PLC0415 - registers how its figures are computed
