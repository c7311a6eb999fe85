// A button with data-copy="ID" copies what a field says, and says so beside itself. It stays hidden where nothing can
// be copied: the field can be selected by hand.
export function copying(within) {
  for (const button of within.querySelectorAll("button[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field || !(navigator.clipboard || document.execCommand)) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const told = button.parentElement.querySelector("[role=status]");
      if (await copied(field)) told.textContent = button.dataset.copied;
    });
  }
}

async function copied(field) {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    // No right to the clipboard, or an address that is not secure (http on a phone in the same network).
    field.select();
    return document.execCommand("copy");
  }
}
