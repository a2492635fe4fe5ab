"use strict";
// Sorting: every head of a sortable table becomes a button; totals stay where they are.
document.querySelectorAll("table.sortable").forEach(table => {
  const body = table.tBodies[0];
  if (body.rows.length < 3) return;
  const value = (row, at) => {
    const cell = row.cells[at];
    return cell.dataset.key === undefined ? cell.textContent.trim() : Number(cell.dataset.key);
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b
    : typeof a === "number" ? -1 : typeof b === "number" ? 1
    : a.localeCompare(b, undefined, { numeric: true });
  [...table.tHead.rows[0].cells].forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const was = head.getAttribute("aria-sort");
      const down = was ? was === "ascending" : head.classList.contains("num");
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sign = down ? -1 : 1;
      body.append(...[...body.rows].sort((a, b) => sign * compare(value(a, at), value(b, at))));
    });
  });
});
// Tooltips at once and on touch. The browser's own, which come late and not at all on touch, are put aside meanwhile.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
document.body.append(tip);
document.querySelectorAll(".chart").forEach(chart => {
  for (const title of chart.querySelectorAll(":scope > title ~ * title, :scope > title")) {
    const mark = title.parentNode;
    if (mark !== chart) mark.dataset.tip = title.textContent;
    if (mark !== chart) title.remove();
  }
  const name = chart.querySelector(":scope > title");
  if (name) { chart.setAttribute("aria-label", name.textContent); chart.removeAttribute("aria-labelledby"); name.remove(); }
});
document.addEventListener("pointerover", event => {
  const mark = event.target.closest && event.target.closest("[data-tip]");
  tip.hidden = !mark;
  if (mark) tip.textContent = mark.dataset.tip;
  move(event);
});
document.addEventListener("pointermove", move);
document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
function move(event) {
  if (tip.hidden) return;
  const { width, height } = tip.getBoundingClientRect();
  const left = Math.min(Math.max(8, event.clientX + 12), document.documentElement.clientWidth - width - 8);
  const above = event.clientY - height - 12;
  tip.style.left = left + "px";
  tip.style.top = (above < 8 ? event.clientY + 20 : above) + "px";
}
