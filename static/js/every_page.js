// Counts a click on a link that leads straight to a merchant, without delaying it: the browser sends the beacon while
// it is already on its way. The link's own `ping` does the same without JavaScript, but not in every browser; while a
// beacon is out, it is taken away, so that nothing is counted twice. The address names our host, as HTML wants it of a
// ping; a beacon goes to the host that the page came from.
{
  const count = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[ping]") : null;
    if (!link || (event.type !== "click" && event.button !== 1)) return;
    const address = link.getAttribute("ping");
    const told = new URL(address, location.href);
    if (!navigator.sendBeacon(told.pathname + told.search)) return; // the browser's queue is full: its ping tries
    link.removeAttribute("ping");
    // The browser follows the link before the next task: from then on it is whole again.
    setTimeout(() => link.setAttribute("ping", address));
  };

  document.addEventListener("click", count);
  // The middle button opens a tab and is no "click".
  document.addEventListener("auxclick", count);
}

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

// A slider beside each number of the reader's weights, kept equal to it. Without us the numbers and the button do it all.
(() => {
  for (const number of document.querySelectorAll("[data-weights] input[type=number]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = number.min;
    slider.max = number.max;
    slider.step = number.step;
    slider.value = number.value;
    slider.setAttribute("aria-label", `${number.labels[0].textContent}, as a slider`);
    slider.addEventListener("input", () => {
      number.value = slider.value;
    });
    number.addEventListener("input", () => {
      slider.value = number.value;
    });
    number.after(slider);
  }
})();
