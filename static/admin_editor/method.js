// Says what weights come to while they are typed, and lets the arrow keys walk through a grid. Everything works without.
(() => {
  "use strict";
  const tables = document.querySelectorAll("[data-weights], [data-scores]");
  const inRow = (row) => [...row.querySelectorAll("td")].map((cell) => cell.querySelector("input[type=text]"));

  // As `reviews.scoring.shares`: whole per cent that add up to 100, the largest remainders rounded up.
  const shares = (weights) => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    if (!total) return weights.map(() => null);
    const whole = weights.map((weight) => Math.floor((100 * weight) / total));
    const order = weights.map((weight, place) => [(100 * weight) % total, place]);
    order.sort((one, other) => other[0] - one[0] || one[1] - other[1]);
    const left = 100 - whole.reduce((sum, share) => sum + share, 0);
    order.slice(0, left).forEach(([, place]) => (whole[place] += 1));
    return whole;
  };

  const tellShares = (table) => {
    const rows = [...table.querySelectorAll("tbody tr")].map(inRow);
    const columns = rows.length ? rows[0].length : 0;
    for (let column = 0; column < columns; column += 1) {
      const fields = rows.map((row) => row[column]);
      const weights = fields.map((field) => (/^\d{1,3}$/.test(field.value.trim()) ? Number(field.value) : 0));
      shares(weights).forEach((share, row) => {
        fields[row].parentElement.querySelector("output").textContent = share === null ? "" : `${share} %`;
      });
    }
  };

  tables.forEach((table) => {
    if (table.dataset.weights !== undefined) table.addEventListener("input", () => tellShares(table));
    table.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step || event.target.type !== "text" || event.altKey || event.ctrlKey || event.metaKey) return;
      const row = event.target.closest("tr");
      const next = step < 0 ? row.previousElementSibling : row.nextElementSibling;
      const field = next && inRow(next)[inRow(row).indexOf(event.target)];
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.select();
    });
  });
})();
