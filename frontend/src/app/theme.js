// Light, dark or as the system says. The server reads the cookie and writes the page in the
// right colours at once; here we only switch without a new page.
const YEAR = 60 * 60 * 24 * 365;

export function theme() {
  const root = document.documentElement;
  for (const button of document.querySelectorAll("[data-theme]")) {
    button.closest("[hidden]")?.removeAttribute("hidden");
    button.addEventListener("click", (event) => {
      event.preventDefault();
      choose(root, button.dataset.theme);
    });
  }
}

function choose(root, name) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `theme=${name}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  root.dataset.bsTheme = name;
  for (const other of document.querySelectorAll("[data-theme]")) {
    other.setAttribute("aria-pressed", String(other.dataset.theme === name));
  }
  root.dispatchEvent(new CustomEvent("pasaj:theme"));
}
