// Wagtail loads the rows anew when a word of the search is typed, and once more when its field is left ("change"):
// that is when somebody ticks the first person found, and the tick would be gone. Typing has said it all.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches('input[name="q"]')) event.stopPropagation();
  },
  { capture: true },
);
