"""Where the SMS gateway is, who we are to it, and what a part costs."""

from typing import Any


def read(env: Any) -> dict[str, Any]:
    return {
        "PASAJ_SMS_URL": env.text("PASAJ_SMS_URL"),
        "PASAJ_SMS_USER": env.text("PASAJ_SMS_USER"),
        "PASAJ_SMS_PASSWORD": env.secret("PASAJ_SMS_PASSWORD"),
        "PASAJ_SMS_FROM": env.text("PASAJ_SMS_FROM"),
        "PASAJ_SMS_COST": env.text("PASAJ_SMS_COST"),  # "2.50 HTG" a part
        "PASAJ_SMS_PARTS": env.number("PASAJ_SMS_PARTS", 6),
        "PASAJ_SMS_SECONDS": env.number("PASAJ_SMS_SECONDS", 20),
        "PASAJ_SMS_PARALLEL": env.number("PASAJ_SMS_PARALLEL", 4),
        # Where the gateway calls us, when it is not the public address: http://127.0.0.1:8000
        "PASAJ_SMS_RECEIPTS": env.address("PASAJ_SMS_RECEIPTS"),
    }
