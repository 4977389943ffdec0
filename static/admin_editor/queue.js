// Moves through the comments that wait, and presses their own buttons: without this file the buttons do the same.
"use strict";

const waiting = [...document.querySelectorAll("[data-comment]")];
const panel = document.querySelector("[data-keys]");
const [turn, help] = ["[data-keys-switch]", "[data-keys-help]"].map((one) => panel.querySelector(one));
const list = document.getElementById("keys-help");
const STORED = "earmark-queue-keys";

function say(words) {
  panel.querySelector("[data-said]").textContent = words;
}

// Keys without Ctrl or Alt get in the way of who dictates, so they can be switched off (WCAG 2.1.4); it is remembered.
let isOn = true;
try {
  isOn = localStorage.getItem(STORED) !== "off";
} catch {
  // A browser that keeps nothing: they are on.
}

function show() {
  turn.setAttribute("aria-pressed", String(isOn));
  for (const button of document.querySelectorAll("[data-key]")) {
    if (isOn) button.setAttribute("aria-keyshortcuts", button.dataset.key);
    else button.removeAttribute("aria-keyshortcuts");
  }
}

function toggleHelp() {
  list.hidden = !list.hidden;
  help.setAttribute("aria-expanded", String(!list.hidden));
  if (list.hidden) help.focus();
  else list.focus();
}

function marked() {
  return waiting.findIndex((one) => one.contains(document.activeElement));
}

function mark(number) {
  const place = Math.max(0, Math.min(number, waiting.length - 1));
  const one = waiting[place];
  if (!one) return;
  one.focus();
  one.scrollIntoView({ block: "nearest" });
  say(`Comment ${place + 1} of ${waiting.length}.`);
}

function countChosen() {
  const number = document.querySelectorAll("[data-choose]:checked").length;
  const words = number ? `${number} chosen.` : "";
  const place = document.querySelector("[data-chosen]");
  if (place) place.textContent = words;
  return words || "None is chosen.";
}

function choose(one) {
  const box = one.querySelector("[data-choose]");
  if (!box) return;
  box.checked = !box.checked;
  say(countChosen());
}

const onMarked = {
  e: (one) => one.querySelector("[data-reason]")?.focus(),
  x: choose,
};

function press(event, button) {
  if (button && !event.repeat) button.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const one = waiting[marked()];
  if (event.target.matches("input:not([type=checkbox]), textarea, select")) {
    if (event.key === "Escape" && one) one.focus();
    return;
  }
  if (!isOn) return;
  if (event.key === "?") toggleHelp();
  else if (event.key === "j") mark(marked() + 1);
  else if (event.key === "k") mark(Math.max(0, marked() - 1));
  else if (event.key === "u") press(event, document.querySelector(".just-now [data-key]"));
  else if (one && event.key in onMarked) onMarked[event.key](one);
  else if (one && ["a", "s", "d"].includes(event.key)) press(event, one.querySelector(`[data-key="${event.key}"]`));
  else return;
  event.preventDefault();
});

turn.addEventListener("click", () => {
  isOn = !isOn;
  try {
    localStorage.setItem(STORED, isOn ? "on" : "off");
  } catch {
    // It holds for this page then.
  }
  show();
  say(isOn ? "Single keys work." : "Single keys do nothing now; the buttons do.");
});
help.addEventListener("click", toggleHelp);
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-choose]")) countChosen();
});

panel.hidden = false;
show();
// After a decision the next one is marked, so that the hands stay where they are; before, nobody's focus is moved.
if (location.hash) mark(waiting.findIndex((one) => `#${one.id}` === location.hash));
