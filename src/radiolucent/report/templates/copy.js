
for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const table = button.closest(".table").querySelector("table"), label = button.textContent;
    const safe = text => /^[=+@]|^-(?![\d.])/.test(text) ? "'" + text : text;
    const cells = cell => (cell.dataset.tsv ?? cell.innerText.replace(/\s+/g, " ").trim()).split("\t").map(safe).join("\t");
    const text = [...table.rows].map(row => [...row.cells].map(cells).join("\t")).join("\n");
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = button.dataset.done;
    } catch {
      getSelection().selectAllChildren(table);
      button.textContent = button.dataset.selected;
    }
    setTimeout(() => { button.textContent = label; }, 2500);
  });
}
