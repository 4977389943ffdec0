// Moves the focus by a click on the picture, shows it while its numbers are typed, and tells when the sizes are made.
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const figure = document.querySelector("[data-focus]");
  const across = document.getElementById("id_focus_x");
  const down = document.getElementById("id_focus_y");
  if (figure && across && down) {
    const picture = figure.querySelector("img");
    const frame = document.createElement("div");
    const mark = document.createElement("span");
    frame.className = "frame";
    mark.className = "focus-mark";
    picture.replaceWith(frame);
    frame.append(picture, mark);
    figure.classList.add("is-clickable");
    const share = (field) => Math.min(Math.max(Number.parseFloat(field.value) || 0, 0), 1);
    const place = () => {
      mark.style.left = `${share(across) * 100}%`;
      mark.style.top = `${share(down) * 100}%`;
    };
    picture.addEventListener("click", (event) => {
      const box = picture.getBoundingClientRect();
      across.value = ((event.clientX - box.left) / box.width).toFixed(3);
      down.value = ((event.clientY - box.top) / box.height).toFixed(3);
      place();
    });
    across.addEventListener("input", place);
    down.addEventListener("input", place);
    place();
  }
  const state = document.querySelector("[data-state='waiting']");
  if (!state) return;
  const ask = async () => {
    let now = null;
    try {
      const answer = await fetch(state.dataset.stateUrl, { redirect: "error" });
      if (answer.ok) now = await answer.json();
    } catch {
      // Asked again below; what stands there stays true.
    }
    if (!now || now.state === "waiting") {
      setTimeout(ask, 2500);
      return;
    }
    // Not by itself: what is typed into the form would be lost.
    const again = document.createElement("a");
    again.href = "";
    again.textContent = "Load the page again to see them.";
    state.className = `picture-state ${now.state}`;
    state.textContent = `${now.label}. ${now.why} `;
    state.append(again);
  };
  setTimeout(ask, 2500);
});
