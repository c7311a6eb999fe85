"""Take the pictures of the docs from a fresh demonstration home, in headless Chromium.

The morning page for README; the page that gives a phone its key and the printed sheet for the guide. The key on
the pictures is that of a home that was thrown away.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browsing import CHROMIUM, FLAGS, free_port, run, wait_for  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

PICTURE = ROOT / "docs/start/morning.png"
GUIDES = ROOT / "docs/guides"
KIT = "pasaj.lan"
"""What phones call the server on the pictures: the name of a kit in a local network."""
Login = tuple[str, str]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        made = run("demo", "--no-serve", home=home)
        (login,) = re.findall(r"^duty\s+(\S+@\S+)\s+(\S+)", made.stdout, re.MULTILINE)
        port = free_port()
        env = {**os.environ, "PASAJ_HOME": str(home), "PASAJ_HOSTS": f"localhost,{KIT}"}
        server = subprocess.Popen([sys.executable, "-m", "pasaj", "serve", "--port", str(port)], env=env)
        url = f"http://localhost:{port}"
        try:
            wait_for(url, server)
            with sync_playwright() as playwright:
                there = [*FLAGS, f"--host-resolver-rules=MAP {KIT}:80 127.0.0.1:{port}"]
                browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=there)
                morning(browser, url, login)
                key(browser, f"http://{KIT}", login)
                browser.close()
        finally:
            server.terminate()
            server.wait(20)
    for made_here in (PICTURE, GUIDES / "phone-key.png", GUIDES / "phone-sheet.png"):
        print(made_here.relative_to(ROOT))


def sign_in(page: Page, url: str, login: Login) -> None:
    page.goto(f"{url}/account/login/")
    page.fill("input[name=login]", login[0])
    page.fill("input[name=password]", login[1])
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")


def morning(browser: Browser, url: str, login: Login) -> None:
    page = browser.new_page(viewport={"width": 1360, "height": 900})
    sign_in(page, url, login)
    page.wait_for_timeout(4000)  # the map draws
    page.screenshot(path=str(PICTURE))


def key(browser: Browser, url: str, login: Login) -> None:
    """Give a key as the duty officer does; the sheet as it is printed."""
    page = browser.new_page(viewport={"width": 820, "height": 760})
    sign_in(page, url, login)
    page.goto(f"{url}/collect/phones/new")
    page.fill("main input[name=name]", "Ouanaminthe, 1")
    page.select_option("main select[name=crossing]", "HT-BCP-OUA")
    page.locator("main").screenshot(path=str(GUIDES / "phone-key.png"))
    page.click("main button[type=submit]")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    page.screenshot(path=str(GUIDES / "phone-sheet.png"), full_page=True)


if __name__ == "__main__":
    main()
