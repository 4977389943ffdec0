// Search and filter while they are chosen: the same address is fetched, and the list on the page takes its place.
(() => {
  // Strings become HTML here alone, and only what our own address answered; no script in it runs.
  const policy = window.trustedTypes?.createPolicy("own-page", { createHTML: (text) => text });
  const ownPage = (text) => policy?.createHTML(text) ?? text;

  const form = document.getElementById("filters");
  const said = document.getElementById("said");
  const results = () => document.getElementById("results");
  let waits = 0;
  let former = new AbortController();
  const chosen = new Set();

  const picks = () => [...document.querySelectorAll('[name="p[]"]')];

  // What is ticked stays ticked when the list changes, also where it is no longer in it.
  const showPicks = () => {
    const compare = document.getElementById("compare");
    if (!compare) return;
    compare.querySelectorAll('[type="hidden"]').forEach((one) => one.remove());
    const there = new Set(picks().map((one) => one.value));
    picks().forEach((one) => (one.checked ||= chosen.has(one.value)));
    for (const slug of chosen) {
      if (there.has(slug)) continue;
      const kept = document.createElement("input");
      Object.assign(kept, { type: "hidden", name: "p[]", value: slug });
      compare.append(kept);
    }
    const words = ["Tick two to five products.", "One is ticked: tick another one."];
    compare.querySelector("[data-selected]").textContent =
      words[chosen.size] || `${chosen.size} are ticked${chosen.size > 5 ? "; five fit side by side" : ""}.`;
  };

  const ready = () => {
    document.querySelectorAll("[data-needless]").forEach((one) => (one.hidden = true));
    showPicks();
  };

  const heads = (page) => page.querySelectorAll(".filter-box > summary, .filter-group > summary");

  // Choices keep their places; only what stands beside them changes. What the new list leaves out, it does not count.
  const recount = (page) => {
    const key = (one) => `${one.name}=${one.value}`;
    const fresh = new Map([...page.querySelectorAll("#filters [type=checkbox]")].map((one) => [key(one), one]));
    form.querySelectorAll('[type=checkbox]:not([name="cols[]"])').forEach((one) => {
      const label = one.closest("label");
      const count = fresh.get(key(one))?.closest("label").querySelector("b").textContent ?? "";
      label.querySelector("b").textContent = count;
      label.classList.toggle("none", count === "0");
    });
    const own = heads(document);
    heads(page).forEach((one, place) => own[place]?.replaceChildren(...one.childNodes));
    form.querySelectorAll("[data-span]").forEach((one) => {
      const now = page.querySelector(`[data-span="${one.dataset.span}"]`);
      if (now) one.textContent = now.textContent;
    });
  };

  const look = async () => {
    former.abort();
    former = new AbortController();
    const list = results();
    list.setAttribute("aria-busy", "true");
    const asked = [...new FormData(form)].filter(([, value]) => value);
    try {
      const answer = await fetch(`${form.action}?${new URLSearchParams(asked)}`, { signal: former.signal });
      const page = new DOMParser().parseFromString(ownPage(await answer.text()), "text/html");
      const fresh = page.getElementById("results");
      if (!fresh) return;
      const focused = list.contains(document.activeElement) && document.activeElement.id;
      list.replaceWith(fresh);
      recount(page);
      ready();
      if (focused) document.getElementById(focused)?.focus();
      document.title = page.title;
      document.querySelector("h1").textContent = page.querySelector("h1").textContent;
      history.replaceState(null, "", fresh.dataset.address);
      said.textContent = document.getElementById("found").textContent;
    } catch (error) {
      // Aborted by the next letter; or no network: then the button asks in the plain way.
      if (error.name !== "AbortError") list.removeAttribute("aria-busy");
    }
  };

  const later = (pause) => {
    clearTimeout(waits);
    waits = setTimeout(look, pause);
  };
  document.addEventListener("input", ({ target }) => {
    if (target.name === "p[]") {
      chosen[target.checked ? "add" : "delete"](target.value);
      showPicks();
    } else if (target.form === form && target.name) later(/checkbox|select/.test(target.type) ? 0 : 250);
  });

  document.querySelectorAll("[data-find]").forEach((list) => {
    const find = document.createElement("input");
    Object.assign(find, { type: "search", className: "find", placeholder: `Find in ${list.dataset.find}` });
    find.setAttribute("aria-label", find.placeholder);
    find.addEventListener("input", () => {
      const words = find.value.trim().toLowerCase();
      for (const one of list.children) one.hidden = !one.textContent.toLowerCase().includes(words);
    });
    list.before(find);
  });

  // Whoever comes back finds ticked what was: browsers restore it before this.
  addEventListener("pageshow", () => {
    picks().forEach((one) => one.checked && chosen.add(one.value));
    ready();
  });
  ready();
})();
