from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "pasaj.assess"
    label = "assess"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from pasaj.assess.services import citing  # noqa: F401, PLC0415 - registers how its figures are computed
