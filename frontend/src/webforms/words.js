// What the form component says, in the language of the page: see strings.json and ../../webforms.mjs.
import words from "pasaj:words";

const language = document.documentElement.lang;

// "{0} points saved", 3 → "3 points retenus"
export function say(english, ...values) {
  const text = words[english]?.[language] ?? english;
  return values.length ? text.replace(/\{(\d)\}/g, (_hole, index) => values[index] ?? "") : text;
}
