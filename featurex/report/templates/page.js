"use strict";
// The page is complete without this script, which sorts and filters tables, enlarges pictures, saves
// tables and figures as files, and opens what is folded for printing.
const MOST_ROWS = matchMedia("(max-width: 560px)").matches ? 5 : 12;

const make = (tag, className, text) => {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  if (tag === "button") element.type = "button";
  return element;
};

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

  const label = make("label", "sorting");
  const select = document.createElement("select");
  label.append("Sort by", select);
  table.before(label);
  heads.forEach((head, position) => {
    const numeric = head.classList.contains("n");
    const button = make("button", "", head.textContent);
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
  // What the page is sorted by: runs and findings by the swaps, images by their score.
  select.value = heads.findIndex((head) => /swap AUC$|^Score$/i.test(head.textContent));

  if (body.rows.length > MOST_ROWS) {
    const more = make("button", "more", `Show all ${body.rows.length}`);
    more.addEventListener("click", () => {
      table.classList.remove("folded");
      more.remove();
    });
    table.after(more);
    table.classList.add("folded");
    fold();
  }
  filter(table, heads, body);
}

// A choice for each column of names; a family is found in every combination, as zones in zones+glcm.
function filter(table, heads, body) {
  const named = heads.flatMap((head, position) => ("filter" in head.dataset ? [position] : []));
  if (!named.length) return;
  const parts = (row, position) => (row.cells[position].dataset.value ?? "").split("+");
  const box = make("div", "filters");
  const told = make("span", "muted");
  const choices = named.map((position) => {
    const values = [...new Set([...body.rows].flatMap((row) => parts(row, position)))].filter(Boolean);
    const select = document.createElement("select");
    select.add(new Option("all", ""));
    for (const value of values.sort()) select.add(new Option(value, value));
    const label = make("label", "", heads[position].dataset.filter);
    label.append(select);
    box.append(label);
    return [position, select];
  });
  const apply = () => {
    let shown = 0;
    for (const row of body.rows) {
      const fits = choices.every(([position, { value }]) => !value || parts(row, position).includes(value));
      row.classList.toggle("gone", !fits);
      shown += fits;
    }
    const all = body.rows.length;
    told.textContent = shown < all ? `${shown} of ${all}` : "";
    if (shown < all) table.classList.remove("folded");
  };
  for (const [, select] of choices) select.addEventListener("change", apply);
  told.setAttribute("aria-live", "polite");
  box.append(told);
  table.before(box);
}

// Saving: what a page shows, as files. Text of cells is taken as it stands.
// Small panels of one figure are one drawing.
const DRAWN = "figure > svg[role=img], figure > .small-panels";
const clean = (text) => text.replace(/\s+/g, " ").trim();
const words = (cell) =>
  clean([...cell.childNodes].filter((node) => !node.dataset?.skip).map((node) => node.textContent).join(" "));
const save = (name, type, content) => {
  const link = document.createElement("a");
  link.download = name;
  link.href = content.startsWith?.("data:") ? content : URL.createObjectURL(new Blob([content], { type }));
  link.click();
};
const nameFile = (element, ending) => {
  const section = element.closest("section");
  const kind = element.tagName === "TABLE" ? "table" : DRAWN;
  const alike = [...(section ?? document).querySelectorAll(kind)];
  const number = alike.length > 1 ? `-${alike.indexOf(element) + 1}` : "";
  return `${section?.id || "page"}${number}.${ending}`;
};

const writeCsv = (rows) => {
  const quote = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  return rows.map((row) => row.map(quote).join(",")).join("\n") + "\n";
};

const writeLatex = (rows, numeric) => {
  const special = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  const escape = (cell) =>
    cell.replace(/[\\~^&%$#_{}]/g, (sign) => special[sign] ?? `\\${sign}`).replaceAll("–", "--");
  const lines = rows.map((row) => row.map(escape).join(" & ") + " \\\\");
  const columns = numeric.map((right) => (right ? "r" : "l")).join("");
  const [head, ...rest] = lines;
  return [`\\begin{tabular}{${columns}}`, "\\toprule", head, "\\midrule", ...rest, "\\bottomrule", "\\end{tabular}", ""].join("\n");
};

// Colours and sizes stand in the page's style: a drawing by itself gets them as attributes.
const STYLES = [
  "fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin",
  "opacity", "font-family", "font-size", "font-weight",
];
const makeSvg = (tag, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
};
const copyStyled = (svg) => {
  const copy = svg.cloneNode(true);
  const targets = copy.querySelectorAll("*");
  svg.querySelectorAll("*").forEach((element, index) => {
    const style = getComputedStyle(element);
    for (const name of STYLES) targets[index].setAttribute(name, style.getPropertyValue(name));
    targets[index].removeAttribute("class");
  });
  return copy;
};
const writeSvg = (drawn) => {
  const svgs = drawn.matches("svg") ? [drawn] : [...drawn.querySelectorAll("svg[role=img]")];
  const columns = Math.ceil(Math.sqrt(svgs.length));
  const [, , width, height] = svgs[0].getAttribute("viewBox").split(" ").map(Number);
  const size = { width: columns * width, height: Math.ceil(svgs.length / columns) * height };
  const root = makeSvg("svg", { ...size, viewBox: `0 0 ${size.width} ${size.height}` });
  const fill = getComputedStyle(document.documentElement).getPropertyValue("--card");
  root.append(makeSvg("rect", { width: "100%", height: "100%", fill }));
  svgs.forEach((svg, index) => {
    const place = { x: (index % columns) * width, y: Math.floor(index / columns) * height, width, height };
    const copy = copyStyled(svg);
    for (const [name, value] of Object.entries(place)) copy.setAttribute(name, value);
    root.append(copy);
  });
  return new XMLSerializer().serializeToString(root);
};
const savePng = (svg) => {
  const picture = new Image();
  picture.onload = () => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [3 * picture.width, 3 * picture.height];
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    save(nameFile(svg, "png"), "image/png", canvas.toDataURL("image/png"));
  };
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(writeSvg(svg))}`;
};

const offer = (element, actions) => {
  const line = make("p", "save", "Save as");
  for (const [name, action] of Object.entries(actions)) {
    const button = make("button", "", name);
    button.addEventListener("click", action);
    line.append(button);
  }
  element.after(line);
};
for (const table of document.querySelectorAll("main table")) {
  const rows = () => [...table.rows].map((row) => [...row.cells].map(words));
  const numeric = () => [...table.rows[0].cells].map((cell) => cell.classList.contains("n"));
  offer(table, {
    CSV: () => save(nameFile(table, "csv"), "text/csv", writeCsv(rows())),
    LaTeX: () => save(nameFile(table, "tex"), "text/x-tex", writeLatex(rows(), numeric())),
  });
}
for (const svg of document.querySelectorAll(DRAWN)) {
  offer(svg, {
    SVG: () => save(nameFile(svg, "svg"), "image/svg+xml", writeSvg(svg)),
    PNG: () => savePng(svg),
  });
}

// Pictures are larger on a click, with the switch of their colours.
for (const layers of document.querySelectorAll(".layers")) {
  layers.tabIndex = 0;
  layers.setAttribute("role", "button");
  layers.setAttribute("aria-label", `Enlarge: ${layers.querySelector("img:last-child").alt}`);
  const enlarge = () => {
    const dialog = document.createElement("dialog");
    const copy = layers.cloneNode(true);
    for (const name of ["role", "tabindex", "aria-label"]) copy.removeAttribute(name);
    const caption = make("p", "", clean(layers.parentElement.querySelector("figcaption")?.textContent ?? ""));
    const close = make("button", "more", "Close");
    const over = copy.querySelector(".over");
    if (over) {
      const label = make("label", "switch");
      const box = document.createElement("input");
      [box.type, box.checked] = ["checkbox", true];
      box.addEventListener("change", () => (over.style.visibility = box.checked ? "visible" : "hidden"));
      label.append(box, "Show the colours over the image");
      dialog.append(label);
    }
    dialog.append(copy, caption, close);
    for (const target of [copy, close]) target.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  layers.addEventListener("click", enlarge);
  layers.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      enlarge();
    }
  });
}

addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details")) folded.open = true;
});
