// Light, dark or as the system has it: kept in this browser only, never sent.
(() => {
  const key = "theme";
  const names = { auto: "Theme: automatic", light: "Theme: light", dark: "Theme: dark" };
  const order = ["auto", "light", "dark"];
  let now = "auto";
  try {
    now = localStorage.getItem(key) || "auto";
  } catch {
    // Storage is switched off: the button still works for this page.
  }
  const show = (button) => {
    if (now === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = now;
    button.textContent = names[now];
  };
  const place = document.querySelector("[data-theme-switch]");
  if (!place) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "theme-switch";
  button.addEventListener("click", () => {
    now = order[(order.indexOf(now) + 1) % order.length];
    try {
      localStorage.setItem(key, now);
    } catch {
      // See above.
    }
    show(button);
  });
  show(button);
  place.append(button);
})();
