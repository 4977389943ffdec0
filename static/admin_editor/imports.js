// Shows how far an import is, without loading the page anew. When it has ended, the page is loaded once more, for its
// buttons. Without this script the page asks again by itself (meta refresh).
"use strict";

const box = document.getElementById("import-progress");
const EVERY = 1500;

function show(told) {
  for (const place of box.querySelectorAll("[data-told]")) {
    const value = told[place.dataset.told];
    const text = typeof value === "number" ? value.toLocaleString("en-GB") : value;
    if (place.textContent !== text) place.textContent = text;
  }
  for (const place of document.querySelectorAll("[data-counter]")) {
    place.textContent = told.counters[place.dataset.counter].toLocaleString("en-GB");
  }
  box.querySelector("progress").value = told.percent;
}

async function ask() {
  try {
    const answer = await fetch(box.dataset.now, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const told = await answer.json();
      show(told);
      if (!told.is_moving) {
        location.reload();
        return;
      }
    }
  } catch {
    // The connection is away for the moment: the next round tries again.
  }
  setTimeout(ask, EVERY);
}

if (box && "moving" in box.dataset) setTimeout(ask, EVERY);
