// Suggestions while a product's name is typed, and a button that copies the address. The page does both without us.
(() => {
  // Strings become HTML here alone, and only what our own address answered; no script in it runs.
  const policy = window.trustedTypes?.createPolicy("own-page", { createHTML: (text) => text });
  const ownPage = (text) => policy?.createHTML(text) ?? text;

  // Browsers leave what is half under the first column as it is: what has the focus is shown whole.
  const region = document.querySelector(".compare-scroll");
  region?.addEventListener("focusin", (event) => {
    if (event.target !== region) event.target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });

  const share = document.getElementById("share");
  if (share && navigator.clipboard) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet";
    button.textContent = "Copy the link";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(share.value);
      button.textContent = "Copied";
    });
    share.after(button);
  }

  const form = document.querySelector("[data-suggests]");
  const found = document.getElementById("found");
  const said = document.querySelector("[data-suggests-said]");
  if (!form || !found) return;
  let waits = 0;
  let former = new AbortController();

  const look = async () => {
    former.abort();
    former = new AbortController();
    const asked = new URLSearchParams(new FormData(form));
    if (asked.get("q").trim().length < 2) {
      found.replaceChildren();
      said.textContent = "";
      return;
    }
    try {
      const answer = await fetch(`${form.action.split("#")[0]}?${asked}`, { signal: former.signal });
      const page = new DOMParser().parseFromString(ownPage(await answer.text()), "text/html");
      const fresh = page.getElementById("found");
      if (!answer.ok || !fresh) return;
      found.replaceChildren(...fresh.childNodes);
      const count = found.querySelectorAll("li").length;
      said.textContent = count === 1 ? "One product found" : `${count} products found`;
    } catch {
      // Aborted by the next letter, or no network: the button asks in the plain way.
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(waits);
    waits = setTimeout(look, 200);
  });
})();
