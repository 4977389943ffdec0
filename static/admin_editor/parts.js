// What the scripts of the article's form share. Without them the same form works.
"use strict";
window.desk = (() => {
  const status = document.querySelector("[data-block-status]");
  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const button = (text, label, act) => {
    const made = element("button", { type: "button", "aria-label": label, title: label }, text);
    made.addEventListener("click", act);
    return made;
  };
  const say = (text) => { if (status) status.textContent = text; };
  // The neighbour moves, not the thing itself: what is being typed in keeps its focus and its editor.
  const swap = (thing, step, selector) => {
    const other = step < 0 ? thing.previousElementSibling : thing.nextElementSibling;
    if (!other || !other.matches(selector)) return false;
    if (step < 0) thing.after(other); else thing.before(other);
    changed(thing);
    return true;
  };
  // What no input says by itself: something moved, came or went.
  const changed = (thing) => thing.closest("form")?.dispatchEvent(new CustomEvent("desk:changed"));
  // The cookie is asked each time: signing in again, in another tab, has changed it.
  const token = () => document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/)?.[1]
    ?? document.querySelector("input[name=csrfmiddlewaretoken]").value;
  const post = (url, body, more = {}) =>
    fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token(), Accept: "application/json" }, redirect: "manual", ...more });
  const ask = async (url) => {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return answer.json();
  };
  // Things to do before the form is read: a name that was typed but not yet added is not lost.
  const settlers = new Set();
  const settle = () => settlers.forEach((act) => act());
  let numbers = 0;
  return { element, button, say, swap, changed, token, post, ask, settlers, settle, unique: (word) => `desk-${word}-${++numbers}` };
})();
