// A form with data-once cannot be sent twice by an impatient second click; one with data-auto is
// sent when a choice changes (its button stays for those without scripts).
export function forms(within) {
  for (const form of find(within, "form[data-once]")) {
    form.addEventListener("submit", () => {
      // Later than the sending itself, which needs to know which button it was.
      setTimeout(() => { for (const button of buttons(form)) button.disabled = true; });
    });
  }
  for (const form of find(within, "form[data-auto]")) {
    form.addEventListener("change", (event) => {
      if (event.target.matches("select, [type=radio], [type=checkbox]")) form.requestSubmit();
    });
  }
  // A long list to choose from is searched by typing; what is chosen stays in sight.
  for (const input of find(within, "[data-narrows]")) {
    const rows = [...document.getElementById(input.dataset.narrows).children];
    input.closest("[hidden]")?.removeAttribute("hidden");
    input.addEventListener("input", () => {
      const wanted = plain(input.value);
      for (const row of rows) row.hidden = !plain(row.textContent).includes(wanted) && !row.querySelector(":checked");
    });
  }
  // Where tabs are wider than the window, the one that is open is in sight.
  for (const tab of find(within, ".tabs [aria-current]")) {
    const row = tab.closest(".tabs");
    row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }
  // A strip of days is read from its end.
  for (const box of find(within, "[data-from-end]")) box.scrollLeft = box.scrollWidth;
  const problems = find(within, ".problems[tabindex]")[0];
  if (problems) problems.focus();
}

function buttons(form) {
  return form.querySelectorAll("button[type=submit], button:not([type])");
}

// As people type it: without case and accents.
function plain(text) {
  return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
}

function find(within, selector) {
  const inside = [...within.querySelectorAll(selector)];
  return within.matches?.(selector) ? [within, ...inside] : inside;
}

// A page that comes back from the browser's cache must be usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const button of document.querySelectorAll("form[data-once] button[disabled]")) button.disabled = false;
});
