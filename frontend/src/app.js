// Loaded on every page. Everything here only improves pages that work without it.
import htmx from "htmx.org";
import { theme } from "./app/theme.js";
import { sorting } from "./app/sorting.js";
import { keys } from "./app/keys.js";
import { forms } from "./app/forms.js";
import { copying } from "./app/copying.js";

window.htmx = htmx;
theme();
keys();
htmx.onLoad((element) => {
  sorting(element);
  forms(element);
  copying(element);
});
