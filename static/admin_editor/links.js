// Says a link's routes in words while they are filled in. Without it, the words follow each time the link is saved.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const words = document.getElementById("routes-in-words");
  const form = document.getElementById("link_form");
  if (!words || !form) return;
  let waiting = 0;
  let asked = 0;
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  // The pickers tell of a change when they are set up, too: what reads as it was opened is what is saved.
  const opened = typed();
  const saved = words.innerHTML;
  const ask = async () => {
    const mine = ++asked;
    if (typed() === opened) {
      words.innerHTML = saved;
      return;
    }
    try {
      const answer = await fetch(words.dataset.address, { method: "POST", body: new FormData(form), redirect: "error" });
      if (answer.ok && mine === asked) words.innerHTML = await answer.text();
    } catch {
      // The words on the page stay those of the last answer; saving says everything anew.
    }
  };
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 400);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  // The pickers with search tell of a choice by jQuery's own events only.
  if (window.django && window.django.jQuery) window.django.jQuery(form).on("change", later);
});
