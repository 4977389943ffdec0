// Sends a comment without loading the page anew, so that nothing typed elsewhere on it is lost.
"use strict";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-comments-form]") || !button) return;
  const place = button.closest("[data-comments]");
  if (!place) return;
  event.preventDefault();
  const sent = new FormData(form, button);
  sent.set("piece", "1");
  const trouble = place.querySelector("[data-trouble]");
  trouble.textContent = "";
  button.disabled = true;
  fetch(form.action, { method: "POST", body: sent, credentials: "same-origin", redirect: "error" })
    .then(async (answer) => {
      const text = await answer.text();
      if (answer.status === 422) throw new Error(text);
      if (!answer.ok) throw new Error("It was not sent: you may have been signed out. Sign in in another tab, then send it again.");
      replace(place, text, button.value);
    })
    .catch((error) => {
      button.disabled = false;
      trouble.textContent = error instanceof TypeError ? "The site does not answer. What you wrote stays here; send it again." : error.message;
    });
});

function replace(place, html, act) {
  // Our own server's answer: the same template that drew the page.
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-comments]");
  const written = new Map([...place.querySelectorAll("textarea, input")].map((field) => [field.name, field.value]));
  place.replaceWith(fresh);
  const [word, about] = act.split(/-(.*)/s);
  const done = word === "write" ? [`text-${about}`, `quote-${about}`] : [`${word}-${about}`];
  for (const field of fresh.querySelectorAll("textarea, input")) {
    const kept = written.get(field.name);
    if (!kept || done.includes(field.name)) continue;
    field.value = kept;
    field.closest("details").open = true;
  }
  const threads = fresh.querySelectorAll(".thread");
  const thread = word === "write" ? threads[threads.length - 1] : fresh.querySelector(`#comment-${CSS.escape(about)}`);
  (thread || fresh.querySelector("summary"))?.focus();
}
