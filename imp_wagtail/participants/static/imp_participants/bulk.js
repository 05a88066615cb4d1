// Wagtail loads the rows anew when a word of the search is typed, and once more when its field is left ("change"):
// that is when somebody ticks the first person found, and the tick would be gone. Typing has said it all.
document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches('input[name="q"]')) event.stopPropagation();
  },
  { capture: true },
);

// Wagtail hears a click on an action behind "More" only once the menu has stopped moving. A quicker click would leave
// without the people who are ticked: it waits until then.
let heard = new WeakSet();

document.addEventListener("w-dropdown:shown", () => {
  heard = new WeakSet(document.querySelectorAll("[data-bulk-action-button]"));
});

document.addEventListener(
  "click",
  (event) => {
    const action = event.target.closest("[data-tippy-root] [data-bulk-action-button]");
    if (!action || heard.has(action)) return;
    event.preventDefault();
    event.stopPropagation();
    document.addEventListener("w-dropdown:shown", () => setTimeout(() => action.click()), { once: true });
  },
  { capture: true },
);
