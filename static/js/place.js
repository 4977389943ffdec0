// The country and currency somebody chose stay in this browser: the next page that opens without them is asked for anew.
(() => {
  const form = document.querySelector("form[data-place]");
  if (!form) return;
  const read = (query) => ["country", "currency"].map((name) => [name, query.get(name) ?? ""]);
  try {
    form.addEventListener("submit", () => {
      const chosen = read(new URLSearchParams([...new FormData(form)]));
      localStorage.setItem("place", new URLSearchParams(chosen));
    });
    const kept = localStorage.getItem("place");
    const here = new URL(location);
    if (!kept || kept === form.dataset.place || here.searchParams.has("country") || here.searchParams.has("currency")) return;
    for (const [name, value] of read(new URLSearchParams(kept))) if (value) here.searchParams.set(name, value);
    if (here.href !== location.href) location.replace(here);
  } catch {
    // This browser keeps nothing: the address does.
  }
})();
