// Sorts the rows of a table[data-sort] by a click or a key on a column's head. A cell's data-value
// (a plain number or an ISO date) counts more than its text; th[data-no-sort] stays plain.
export function sorting(within) {
  const tables = [...within.querySelectorAll("table[data-sort]")];
  if (within.matches?.("table[data-sort]")) tables.push(within);
  for (const table of tables) prepare(table);
}

function prepare(table) {
  const heads = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  heads.forEach((head, column) => {
    if ("noSort" in head.dataset || !head.textContent.trim() || head.querySelector("button")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => sort(table, heads, column));
  });
}

function sort(table, heads, column) {
  const head = heads[column];
  const numeric = head.classList.contains("num");
  const before = head.getAttribute("aria-sort");
  // Numbers begin with the largest, words with A.
  const up = before ? before === "descending" : !numeric;
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", up ? "ascending" : "descending");
  const collator = new Intl.Collator(document.documentElement.lang, { numeric: true, sensitivity: "base" });
  for (const body of table.tBodies) {
    const rows = [...body.rows].map((row) => ({ row, key: key(row.cells[column], numeric) }));
    rows.sort((a, b) => compare(a.key, b.key, up, collator));
    body.append(...rows.map((each) => each.row));
  }
}

function key(cell, numeric) {
  const text = (cell?.dataset.value ?? cell?.textContent ?? "").trim();
  if (!numeric) return text === "—" ? null : text;
  const plain = text.replace(/[^\d.,-]/g, "").replace(",", ".");
  const value = Number(plain);
  return plain === "" || Number.isNaN(value) ? null : value;
}

// What is not known comes last, whichever way the column is sorted.
function compare(a, b, up, collator) {
  if (a === null || b === null) return (a === null) - (b === null);
  const order = typeof a === "number" ? a - b : collator.compare(a, b);
  return up ? order : -order;
}
