"""What mail needs besides. Server, account and sender are Django's own (PASAJ_SMTP_HOST and its like, PASAJ_FROM)."""

from typing import Any


def read(env: Any) -> dict[str, Any]:
    return {
        "MAIL_SET_UP": bool(env.text("PASAJ_SMTP_HOST")),  # nobody said where: messages wait rather than fail
        "PASAJ_SMTP_SECONDS": env.number("PASAJ_SMTP_SECONDS", 20),
        "PASAJ_SMTP_PARALLEL": env.number("PASAJ_SMTP_PARALLEL", 4),
    }
