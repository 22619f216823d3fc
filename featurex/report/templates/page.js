"use strict";
// The page is complete without this script, which sorts tables and opens what is folded for printing.
const MOST_ROWS = 12;

for (const table of document.querySelectorAll("table[data-sortable]")) {
  const heads = [...table.tHead.rows[0].cells];
  const body = table.tBodies[0];
  const collator = new Intl.Collator("en", { numeric: true });

  const sort = (position, descending) => {
    const value = (row) => row.cells[position].dataset.value;
    const missing = (text) => text === "" || text === "nan" || text === "None";
    const compare = (a, b) => {
      if (missing(a) || missing(b)) return missing(a) - missing(b);
      const order = isNaN(a) || isNaN(b) ? collator.compare(a, b) : a - b;
      return descending ? -order : order;
    };
    body.append(...[...body.rows].sort((a, b) => compare(value(a), value(b))));
    for (const head of heads) head.removeAttribute("aria-sort");
    heads[position].setAttribute("aria-sort", descending ? "descending" : "ascending");
    select.value = position;
    fold();
  };

  const fold = () => {
    [...body.rows].forEach((row, rank) => {
      row.classList.toggle("rest", rank >= MOST_ROWS && !row.classList.contains("chosen"));
    });
  };

  const label = document.createElement("label");
  const select = document.createElement("select");
  label.className = "sorting";
  label.append("Sort by", select);
  table.before(label);
  heads.forEach((head, position) => {
    const numeric = head.classList.contains("n");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      sort(position, now ? now === "ascending" : numeric);
    });
    select.add(new Option(button.textContent, position));
  });
  select.addEventListener("change", () => {
    const position = Number(select.value);
    sort(position, heads[position].classList.contains("n"));
  });
  select.value = heads.findIndex((head) => head.textContent === "Swap AUC");

  if (body.rows.length > MOST_ROWS) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "more";
    more.textContent = `Show all ${body.rows.length}`;
    more.addEventListener("click", () => {
      table.classList.remove("folded");
      more.remove();
    });
    table.after(more);
    table.classList.add("folded");
    fold();
  }
}

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
