// Keeps what is typed: at the site a moment after the last key, in this browser while the site cannot be reached.
"use strict";
(() => {
  const { token, post, settle } = window.desk;
  const shown = document.querySelector("[data-keep-state]");
  if (!shown) return;
  const form = shown.closest("form");
  const url = shown.dataset.keepUrl;
  const store = `earmark-desk:${shown.dataset.person}:${shown.dataset.article}`;
  const said = document.querySelector("[data-keep-said]");
  const presence = document.querySelector("[data-presence]");
  const PAUSE = 1500; // milliseconds after the last key
  const LONGEST = 3000; // however long somebody types without a pause
  const AGAIN = 10000;
  const HERE = 20000;
  const opened = form.elements.seen_version?.value ?? "";
  let waiting = 0;
  let since = 0;
  let kept = null;
  let isSending = Promise.resolve(true);
  let isPassed = false;

  class SignedOut extends Error {}
  class Refused extends Error {}

  const clock = (iso) => new Date(iso).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  // A screen reader hears when the state changes, not each time something was kept.
  const tell = (state, text) => {
    if (shown.dataset.state !== state) said.textContent = text;
    shown.dataset.state = state;
    shown.textContent = text;
  };
  const typed = () => {
    const data = new FormData(form);
    data.delete("csrfmiddlewaretoken");
    data.delete("add_kind");
    return new URLSearchParams(data).toString();
  };
  const send = async (body, more) => {
    const answer = await post(url, body, more);
    if (answer.type === "opaqueredirect") throw new SignedOut();
    if (answer.status === 403) throw new SignedOut();
    if (!answer.ok) throw new Refused(answer.status);
    return answer.json();
  };
  const showOthers = ({ others = [], version = 0 }) => {
    const words = others.map(({ name, since: at }) => `${name} has this article open since ${clock(at)}.`);
    if (opened && version > Number(opened)) words.push("It was saved after you opened it: when you save, you will see both versions and choose.");
    const text = words.join(" ");
    if (presence && presence.textContent.trim() !== text) presence.textContent = text;
  };
  const inBrowser = (words) => {
    try {
      localStorage.setItem(store, JSON.stringify({ at: new Date().toISOString(), words }));
      return "kept in this browser";
    } catch { return "and this browser keeps nothing: copy your text"; }
  };
  const failed = (error, words) => {
    const where = words === null ? "" : `: ${inBrowser(words)}`;
    if (error instanceof SignedOut) tell("signed-out", `You are signed out${where}. Sign in again in another tab; it goes on here by itself.`);
    else if (error instanceof Refused) tell("refused", `The site could not keep this (error ${error.message})${where}.`);
    else tell("offline", `Cannot reach the site${where}; it is sent later.`);
    clearTimeout(waiting);
    waiting = setTimeout(keep, AGAIN);
  };
  const keepNow = async () => {
    clearTimeout(waiting);
    since = 0;
    const words = typed();
    if (words === kept) return true;
    try {
      const answer = await send(new URLSearchParams(words));
      kept = words;
      localStorage.removeItem(store);
      tell("kept", `Kept ${clock(answer.at)}, not yet saved`);
      showOthers(answer);
      return true;
    } catch (error) {
      failed(error, words);
      return error instanceof Refused; // a full save will say what is wrong
    }
  };
  // One after the other: what was typed later is kept later.
  const keep = () => { isSending = isSending.then(keepNow, keepNow); return isSending; };

  const changed = () => {
    const now = Date.now();
    since ||= now;
    clearTimeout(waiting);
    waiting = setTimeout(keep, Math.max(0, Math.min(PAUSE, since + LONGEST - now)));
  };
  form.addEventListener("input", (event) => { if (event.target.name && event.target.form === form) changed(); });
  form.addEventListener("change", (event) => { if (event.target.name && event.target.form === form) changed(); });
  form.addEventListener("desk:changed", changed);

  // Kept first, then saved: whoever is signed out or cut off stays on the page with all that was typed.
  form.addEventListener("submit", async (event) => {
    if (isPassed) return;
    event.preventDefault();
    const { submitter } = event;
    settle();
    kept = null;
    if (!(await keep())) { shown.scrollIntoView({ block: "nearest" }); return; }
    isPassed = true;
    clearTimeout(waiting);
    form.elements.csrfmiddlewaretoken.value = token();
    form.requestSubmit(submitter);
  });

  const call = async () => {
    if (isPassed) return;
    try { showOthers(await send(new URLSearchParams({ _seen: "1" }))); } catch (error) { if (error instanceof SignedOut) failed(error, typed() === kept ? null : typed()); }
  };
  setInterval(call, HERE);
  for (const name of ["online", "focus"]) addEventListener(name, () => { if (["offline", "signed-out"].includes(shown.dataset.state)) keep(); });
  addEventListener("pageshow", (event) => { if (event.persisted) isPassed = false; });
  addEventListener("pagehide", () => {
    if (isPassed) return;
    if (since) inBrowser(typed());
    navigator.sendBeacon(url, new URLSearchParams({ _left: "1", csrfmiddlewaretoken: token() }));
  });

  // What this browser kept while the site could not be reached is sent now, and asked about like any kept work.
  const sendKept = async () => {
    const left = JSON.parse(localStorage.getItem(store) ?? "null");
    if (!left || document.querySelector("[data-kept-work]")) return;
    try {
      await send(new URLSearchParams(left.words));
      localStorage.removeItem(store);
      location.reload();
    } catch { /* It stays in this browser. */ }
  };
  if (shown.dataset.unsaved) changed(); else sendKept();
  kept = shown.dataset.unsaved ? null : typed();
})();
