// Moves through the comments that wait, and presses their own buttons: without this file the buttons do the same.
"use strict";

const waiting = [...document.querySelectorAll("[data-comment]")];

function marked() {
  return waiting.findIndex((one) => one.contains(document.activeElement));
}

function mark(number) {
  const one = waiting[Math.max(0, Math.min(number, waiting.length - 1))];
  if (!one) return;
  one.focus();
  one.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
  const now = marked();
  if (event.key === "j") mark(now + 1);
  else if (event.key === "k") mark(now < 0 ? 0 : now - 1);
  else if (now >= 0 && event.key === "r") waiting[now].querySelector("[data-reason]")?.focus();
  else if (now >= 0) {
    const button = waiting[now].querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button || event.repeat) return;
    button.click();
  } else return;
  event.preventDefault();
});

// After a decision the next one is marked, so that the hands stay where they are.
if (waiting.length) mark(location.hash ? waiting.findIndex((one) => `#${one.id}` === location.hash) : 0);
