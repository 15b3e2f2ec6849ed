"use strict";
for (const form of document.querySelectorAll("form.filter")) {
  const rows = document.querySelectorAll("#" + form.dataset.table + " tbody tr");
  const texts = Array.from(rows, (row) => row.textContent.toLowerCase());
  const said = form.querySelector("output");
  const update = () => {
    const word = form.elements.word.value.trim().toLowerCase();
    const only = form.elements.only.checked;
    let shown = 0;
    rows.forEach((row, place) => {
      row.hidden = !texts[place].includes(word) || (only && !row.classList.contains("marked"));
      shown += row.hidden ? 0 : 1;
    });
    said.textContent = shown + " of " + rows.length + " layers";
  };
  form.hidden = false;
  form.addEventListener("input", update);
  form.addEventListener("submit", (event) => event.preventDefault());
}
