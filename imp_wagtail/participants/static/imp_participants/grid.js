// The grid of attendance by keyboard: arrow keys move, Home and End go to the ends of a row, Space ticks.
// Without it, Tab goes from box to box, and a column's button saves at once.

const FOCUSABLE = "a[href], button, input[type=checkbox]:not(:disabled)";
const table = document.querySelector("[data-imp-grid]");
if (table) enhance(table);

function enhance(table) {
  const form = table.closest("form");
  const places = [...table.rows].map((row) => [...row.cells].map((cell) => cell.querySelector(FOCUSABLE)));
  const boxes = [...table.querySelectorAll("input[type=checkbox]:not(:disabled)")];
  const all = places.flat().filter(Boolean);
  if (!all.length) return;

  table.setAttribute("role", "grid");
  moveByKeys(table, places, all, boxes[0] ?? all[0]);
  tickColumns(table);
  tellWhatIsUnsaved(form, boxes);
}

/** One element of the grid can be reached by Tab, the others from there: a roving focus. */
function moveByKeys(table, places, all, first) {
  let current = first;
  for (const element of all) element.tabIndex = element === first ? 0 : -1;
  const help = document.getElementById("imp-grid-help");
  help.hidden = false;
  table.setAttribute("aria-describedby", help.id);

  table.addEventListener("focusin", ({ target }) => {
    if (!all.includes(target)) return;
    current.tabIndex = -1;
    current = target;
    current.tabIndex = 0;
  });
  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || event.shiftKey || !all.includes(event.target)) return;
    const target = destination(event, places, all, getComputedStyle(table).direction === "rtl");
    if (target === undefined) return;
    event.preventDefault();
    target?.focus();
  });
}

/** Where a key leads from an element: another one, null at the edge, undefined for a key that means nothing here. */
function destination(event, places, all, isRightToLeft) {
  const row = places.findIndex((cells) => cells.includes(event.target));
  const column = places[row].indexOf(event.target);
  const onward = isRightToLeft ? -1 : 1;
  const inRow = places[row].filter(Boolean);
  if (event.ctrlKey && !["Home", "End"].includes(event.key)) return undefined;
  switch (event.key) {
    case "ArrowRight":
      return next(places, row, column, 0, onward);
    case "ArrowLeft":
      return next(places, row, column, 0, -onward);
    case "ArrowDown":
      return next(places, row, column, 1, 0);
    case "ArrowUp":
      return next(places, row, column, -1, 0);
    case "Home":
      return event.ctrlKey ? all[0] : inRow[0];
    case "End":
      return event.ctrlKey ? all.at(-1) : inRow.at(-1);
    default:
      return undefined;
  }
}

/** The next element in a direction, over cells that have none, such as sessions still to come. */
function next(places, row, column, down, along) {
  do {
    row += down;
    column += along;
  } while (places[row] && column >= 0 && column < places[row].length && !places[row][column]);
  return places[row]?.[column] ?? null;
}

/** A column's button ticks its boxes, or unticks them where all are; nothing is saved before *Save*. */
function tickColumns(table) {
  table.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=everyone]");
    if (!button) return;
    event.preventDefault();
    const column = button.closest("td").cellIndex;
    const boxes = [...table.tBodies[0].rows].map((row) => row.cells[column].querySelector("input[type=checkbox]"));
    const isFull = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !isFull;
    table.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

/** How many boxes differ from what is on record; whoever leaves the page with some is asked. */
function tellWhatIsUnsaved(form, boxes) {
  const status = form.querySelector("[data-imp-unsaved]");
  if (!status) return;
  const isOnRecord = (box) => Boolean(box.closest("td").querySelector("input[name=was]"));
  let unsaved = 0;
  const count = () => {
    unsaved = boxes.filter((box) => box.checked !== isOnRecord(box)).length;
    status.textContent = unsaved ? `${status.dataset.impUnsaved} ${unsaved}` : "";
  };
  const ask = (event) => unsaved && event.preventDefault();
  form.addEventListener("change", count);
  form.addEventListener("submit", () => removeEventListener("beforeunload", ask));
  addEventListener("beforeunload", ask);
  count();
}
