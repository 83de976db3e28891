"use strict";
// Sorting, finding, and what a number is of. Without it the page reads the same, in its first order.

const text = (cell) => cell.dataset.v ?? cell.textContent.trim();

function compare(one, other) {
  const numbers = [parseFloat(one), parseFloat(other)];
  return numbers.some(isNaN) ? one.localeCompare(other, undefined, {numeric: true}) : numbers[0] - numbers[1];
}

function sort(button) {
  const head = button.closest("th"), table = button.closest("table"), body = table.tBodies[0];
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of table.tHead.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const numeric = head.cellIndex > 0;
  const rows = [...body.rows].map((row) => [text(row.cells[head.cellIndex]), row]);
  // What has no number (missing, undefined, nothing) stays below, whichever way is up.
  const without = (value) => numeric && !/\d/.test(value) && head.classList.length > 0;
  rows.sort(([one], [other]) =>
    without(one) - without(other) || (down ? compare(other, one) : compare(one, other)));
  body.append(...rows.map(([, row]) => row));
}

function find() {
  const wanted = search.value.trim().toLocaleLowerCase();
  const ids = new Set(), all = new Set();
  for (const table of document.querySelectorAll("table.learners")) {
    for (const row of table.tBodies[0].rows) {
      const cell = row.cells[0];
      row.hidden = !`${cell.dataset.v} ${cell.textContent}`.toLocaleLowerCase().includes(wanted);
      all.add(cell.dataset.v);
      if (!row.hidden) ids.add(cell.dataset.v);
    }
  }
  found.value = wanted ? `${ids.size} of ${all.size} learners` : "";
}

function tell(cell) {
  const table = cell.closest("table"), head = table.tHead.rows[0].cells[cell.cellIndex];
  const concept = table.dataset.prefix + head.textContent;
  const share = /\d/.test(cell.textContent) ? `${cell.textContent.trim()} % of the points` : "nothing was handed in";
  return `${text(cell.parentElement.cells[0])} · ${concept}: ${share}`;
}

const search = document.getElementById("search"), found = document.getElementById("found");
search.addEventListener("input", find);
document.addEventListener("click", (event) => {
  const button = event.target.closest("th button"), cell = event.target.closest(".heat td");
  if (button) sort(button);
  if (cell) cell.closest("details").querySelector(".told").value = tell(cell);
});
document.addEventListener("mouseover", (event) => {
  const cell = event.target.closest(".heat td");
  if (cell) cell.title = tell(cell);
});
addEventListener("beforeprint", () => {
  for (const closed of document.querySelectorAll("details")) closed.open = true;
});
if (search.value) find();
