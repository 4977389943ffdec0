// The picker of pictures: thumbnails, search, and an upload in place. Without it a picture's number is typed.
"use strict";
(() => {
  const { element, button, say, ask, post, unique } = window.desk;

  const thumbnail = (picture) => picture.url
    ? element("img", { src: picture.url, alt: "", loading: "lazy" })
    : element("span", { class: "no-thumbnail" }, "No size yet");

  // One dialog for all inputs of the page; `open` says which input it is for.
  const makeDialog = (chooseUrl, uploadUrl) => {
    const words = element("input", { type: "search", id: unique("pictures"), autocomplete: "off" });
    const found = element("ul", { class: "picture-options" });
    const note = element("p", { role: "status" });
    const more = button("More pictures", "More pictures", () => load(next));
    const file = element("input", { type: "file", id: unique("file"), accept: "image/jpeg,image/png,image/webp,image/avif" });
    const alt = element("input", { type: "text", id: unique("alt"), maxlength: "250" });
    const problem = element("p", { class: "errornote", role: "alert" });
    const dialog = element("dialog", { class: "desk-dialog", "aria-labelledby": unique("title") });
    let next = null;
    let chosen = () => {};
    const take = (picture) => { dialog.close(); chosen(picture); };
    // Only the newest question's answer is shown: a slow earlier one would put other pictures under the key pressed next.
    let asked = 0;
    const load = async (page) => {
      const turn = ++asked;
      try {
        const answer = await ask(`${chooseUrl}?q=${encodeURIComponent(words.value)}&page=${page}`);
        if (turn !== asked) return;
        const items = answer.pictures.map((picture) => {
          const choose = button("", `Choose: ${picture.alt}`, () => take(picture));
          choose.append(thumbnail(picture), element("span", {}, picture.alt));
          return element("li", {}, choose);
        });
        if (page === 1) found.replaceChildren(...items); else found.append(...items);
        next = answer.next;
        more.hidden = !next;
        note.textContent = found.children.length ? `${found.children.length} pictures shown.` : "No picture fits.";
      } catch { if (turn === asked) note.textContent = "The pictures cannot be read now. Type a picture's number instead."; }
    };
    const upload = async () => {
      problem.hidden = true;
      if (!file.files.length) { file.focus(); return; }
      const body = new FormData();
      body.set("file", file.files[0]);
      body.set("alt", alt.value);
      try {
        const answer = await post(uploadUrl, body);
        const told = await answer.json();
        if (told.picture) { file.value = alt.value = ""; return take(told.picture); }
        const lines = Object.values(told.errors).flat().map((one) => one.message);
        problem.textContent = lines.join(" ");
      } catch { problem.textContent = "The upload did not work. Are you still signed in?"; }
      problem.hidden = false;
    };
    let waiting = 0;
    words.addEventListener("input", () => { asked++; clearTimeout(waiting); waiting = setTimeout(() => load(1), 200); });
    words.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
    problem.hidden = true;
    dialog.append(
      element("h2", { id: dialog.getAttribute("aria-labelledby") }, "Choose a picture"),
      element("p", {}, element("label", { for: words.id }, "Search"), words), note, found, more,
      element("fieldset", {}, element("legend", {}, "Upload one"), problem,
        element("p", {}, element("label", { for: file.id }, "File"), file),
        element("p", {}, element("label", { for: alt.id }, "What it shows"), alt), button("Upload and choose", "Upload and choose", upload)),
      button("Close", "Close without choosing", () => dialog.close()),
    );
    // Outside of the form: what is typed here is no part of the article.
    document.body.append(dialog);
    const open = (act) => {
      chosen = act;
      words.value = note.textContent = "";
      // The last opening's pictures may be out of date, and would be swapped under the reader's hand.
      found.replaceChildren();
      more.hidden = true;
      dialog.showModal();
      words.focus();
      load(1);
    };
    return { open };
  };
  let dialog = null;

  const dress = (holder) => {
    const input = holder.querySelector("input");
    const shown = element("span", { class: "picture-shown" });
    const show = (picture) => shown.replaceChildren(...(picture ? [thumbnail(picture), element("span", {}, picture.alt)] : []));
    const look = async () => {
      if (!input.value.trim()) return show(null);
      try {
        const { pictures } = await ask(`${input.dataset.picture}?q=${encodeURIComponent(input.value)}`);
        show(pictures.find((picture) => String(picture.id) === input.value.trim()));
      } catch { show(null); }
    };
    const named = holder.closest(".block-field, .cell, .form-row")?.querySelector("label")?.textContent.trim() ?? "Picture";
    const choose = button("Choose…", `Choose: ${named}`, () => {
      dialog ??= makeDialog(input.dataset.picture, input.dataset.upload);
      dialog.open((picture) => {
        input.value = picture.id;
        show(picture);
        input.dispatchEvent(new Event("input", { bubbles: true }));
        choose.focus();
        say(`${picture.alt} chosen.`);
      });
    });
    holder.querySelectorAll("[data-picture-list]").forEach((link) => link.remove());
    holder.append(choose, shown);
    input.addEventListener("change", look);
    look();
  };
  window.desk.dressPictures = (root) => root.querySelectorAll("[data-picture-input]").forEach((holder) => {
    if (holder.dataset.dressed || holder.closest("fieldset:disabled")) return;
    holder.dataset.dressed = "yes";
    dress(holder);
  });
})();
