// Light, dark or as the system has it: kept in this browser only, never sent. It is asked for before the styles and runs
// as soon as it is there, so that who chose dark sees no white flash; the button comes when its place has been read.
(() => {
  const key = "theme";
  const names = { auto: "Theme: automatic", light: "Theme: light", dark: "Theme: dark" };
  const order = ["auto", "light", "dark"];
  let now = "auto";
  try {
    const kept = localStorage.getItem(key);
    if (Object.hasOwn(names, kept)) now = kept;
  } catch {
    // Storage is switched off: the button still works for this page.
  }
  const show = () => {
    if (now === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
  };
  const offer = () => {
    const place = document.querySelector("[data-theme-switch]");
    if (!place) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "theme-switch";
    button.textContent = names[now];
    button.addEventListener("click", () => {
      now = order[(order.indexOf(now) + 1) % order.length];
      try {
        localStorage.setItem(key, now);
      } catch {
        // See above.
      }
      show();
      button.textContent = names[now];
    });
    place.append(button);
  };
  show();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", offer);
  else offer();
})();
