// The block editor's comfort. Without this file the same form works: positions are typed, blocks are added by saving.
"use strict";
(() => {
  const { element, button, say, swap, changed, post, settle, unique, dressProducts, dressPictures } = window.desk;
  const list = document.querySelector("[data-block-list]");
  if (!list || list.closest("fieldset").disabled) return;
  const form = list.closest("form");
  form.addEventListener("submit", settle, { capture: true });

  // --- blocks -------------------------------------------------------------------------------------------------
  const blocks = () => [...list.querySelectorAll(":scope > [data-block]")];
  const input = (block, name) => block.querySelector(`input[name$='-${name}']`);
  const label = (block) => block.querySelector("[data-label]").textContent.trim();
  const renumber = () => blocks().forEach((block, index) => {
    block.querySelector("[data-number]").textContent = index + 1;
    input(block, "position").value = index + 1;
  });
  const moveBlock = (block, step) => {
    if (!swap(block, step, "[data-block]")) return say(step < 0 ? "It is the first block." : "It is the last block.");
    renumber();
    block.scrollIntoView({ block: "nearest" });
    say(`Moved to position ${blocks().indexOf(block) + 1} of ${blocks().length}.`);
  };
  const freeNumber = () => {
    const used = [...list.querySelectorAll("input[name$='-kind']")].map((one) => parseInt(one.name.split("-")[1], 10));
    return Math.max(0, ...used) + 1;
  };
  const place = (html, after) => {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const block = holder.content.firstElementChild;
    if (after) after.after(block); else list.append(block);
    dress(block);
    renumber();
    block.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "blocks" } }));
    focusFirst(block);
    block.scrollIntoView({ block: "nearest" });
    changed(block);
    return block;
  };
  const focusFirst = (block) =>
    [...block.querySelectorAll(".block-body :is(input, textarea, select, .ProseMirror)")]
      .find((one) => one.type !== "hidden" && (one.form ?? form) === form && one.checkVisibility())?.focus();
  const addBlock = (kind, after) => {
    const template = document.querySelector(`template[data-block-template="${CSS.escape(kind)}"]`);
    if (!template) return false;
    const block = place(template.innerHTML.replaceAll("__prefix__", freeNumber()), after);
    say(`Added block ${blocks().indexOf(block) + 1}: ${label(block)}.`);
    return true;
  };
  const copyBlock = async (block) => {
    settle();
    const from = input(block, "kind").name.slice(0, -"kind".length);
    const prefix = `blocks-${freeNumber()}`;
    const body = new URLSearchParams({ prefix });
    for (const [name, value] of new FormData(form)) if (name.startsWith(from)) body.append(`${prefix}-${name.slice(from.length)}`, value);
    try {
      const answer = await post(list.closest("fieldset").dataset.copyUrl, body);
      if (!answer.ok) throw new Error(answer.status);
      const copy = place(await answer.text(), block);
      say(`Copied to position ${blocks().indexOf(copy) + 1}.`);
    } catch { say("The block cannot be copied now: the site does not answer, or you are signed out."); }
  };

  // --- folding: what is folded stays so while the window is open, over saving too -------------------------------
  const kept = `folded:${location.pathname}`;
  const folded = new Set(JSON.parse(sessionStorage.getItem(kept) ?? "[]"));
  const gist = (block) => {
    const words = [...block.querySelectorAll(".block-body :is(input:not([type=hidden], [type=checkbox]), textarea)")];
    const text = words.filter((one) => one.name && one.form === form).map((one) => one.value.replace(/<[^>]*>/g, " ").trim()).find(Boolean) ?? "";
    return text.replace(/\s+/g, " ").slice(0, 90);
  };
  const fold = (block, isFolded) => {
    block.classList.toggle("is-folded", isFolded);
    block.querySelector("[data-body]").hidden = isFolded;
    block.querySelector("[data-gist]").textContent = isFolded ? gist(block) : "";
    block.querySelector("[data-fold]")?.setAttribute("aria-expanded", String(!isFolded));
    const key = input(block, "key")?.value;
    if (!key) return;
    if (isFolded) folded.add(key); else folded.delete(key);
    sessionStorage.setItem(kept, JSON.stringify([...folded]));
  };
  const foldAll = (isFolded) => {
    blocks().forEach((block) => fold(block, isFolded));
    say(isFolded ? "All blocks are folded." : "All blocks are open.");
  };

  let dragged = null;
  const dressHead = (block) => {
    const order = block.querySelector(".block-order");
    const box = order.querySelector("input[type=checkbox]");
    const name = label(block);
    const remove = button("Remove", `Remove this block: ${name}`, () => { box.checked = !box.checked; showRemoval(); changed(block); });
    const showRemoval = () => {
      block.classList.toggle("is-removed", box.checked);
      remove.textContent = box.checked ? "Keep" : "Remove";
      remove.setAttribute("aria-label", `${box.checked ? "Keep" : "Remove"} this block: ${name}`);
    };
    const foldButton = button("▾", `Fold: ${name}`, () => fold(block, !block.classList.contains("is-folded")));
    foldButton.dataset.fold = "yes";
    foldButton.setAttribute("aria-expanded", String(!block.classList.contains("is-folded")));
    order.classList.add("is-dressed");
    order.append(
      button("↑", `Move up: ${name}`, () => moveBlock(block, -1)),
      button("↓", `Move down: ${name}`, () => moveBlock(block, 1)),
      foldButton,
      button("Duplicate", `Duplicate this block: ${name}`, () => copyBlock(block)),
      button("+", `Add a block below: ${name}`, () => chooser.open(block)),
      remove,
    );
    showRemoval();
    block.addEventListener("keydown", (event) => {
      // In a list of choices Alt and an arrow key open the list.
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key) || event.target.matches("select")) return;
      event.preventDefault();
      moveBlock(block, event.key === "ArrowUp" ? -1 : 1);
    });
    const handle = block.querySelector("[data-drag]");
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = block;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setDragImage(block, 12, 12);
      block.classList.add("is-dragged");
    });
    handle.addEventListener("dragend", () => {
      block.classList.remove("is-dragged");
      dragged = null;
      renumber();
      changed(block);
      say(`Moved to position ${blocks().indexOf(block) + 1} of ${blocks().length}.`);
    });
  };

  // --- a block gets its buttons and editors when it comes near: a thousand at once would hold the page up ----------
  const dress = (block) => {
    if (block.dataset.dressed) return;
    block.dataset.dressed = "yes";
    dressHead(block);
    block.querySelectorAll("[data-rows]").forEach(dressRows);
    dressChoices(block);
    dressFields(block);
  };
  const dressFields = (root) => {
    dressProducts(root);
    dressPictures(root);
    const texts = [...root.querySelectorAll("textarea[data-prose]")];
    texts.forEach((text) => {
      text.setAttribute("data-django-prose-editor-configurable", text.dataset.prose);
      delete text.dataset.prose;
    });
    if (texts.length && root.isConnected) root.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "blocks" } }));
  };
  const near = new IntersectionObserver((entries) => entries.filter((one) => one.isIntersecting).forEach(({ target }) => {
    near.unobserve(target);
    dress(target);
  }), { rootMargin: "800px" });
  // The prose editor takes the place of a text area, and has to take its focus along.
  let awaited = null;
  list.addEventListener("focusin", (event) => {
    awaited = event.target.matches("textarea[data-prose], textarea[data-django-prose-editor-configurable]") ? event.target : null;
    const block = event.target.closest("[data-block]");
    if (block) dress(block);
  });

  list.addEventListener("dragover", (event) => {
    const under = dragged && event.target.closest("[data-block]");
    if (!under) return;
    event.preventDefault();
    if (under === dragged) return;
    const middle = under.getBoundingClientRect().top + under.offsetHeight / 2;
    if (event.clientY < middle) under.before(dragged); else under.after(dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());

  // --- adding: by the list of kinds, or by words --------------------------------------------------------------------
  const adder = document.querySelector("[data-add-block]");
  const kinds = document.querySelector("[data-add-kind]");
  adder.value = "Add block";
  adder.addEventListener("click", (event) => { if (addBlock(kinds.value, null)) event.preventDefault(); });

  const chooser = (() => {
    const words = element("input", { type: "search", id: unique("kinds"), autocomplete: "off" });
    const title = unique("title");
    const dialog = element("dialog", { class: "desk-dialog", "aria-labelledby": title });
    const none = element("p", { role: "status" });
    let after = null;
    const take = (kind) => { dialog.close(); addBlock(kind, after); };
    const groups = [...kinds.querySelectorAll("optgroup")].map((group) => {
      const items = [...group.children].map((option) => {
        const item = button("", option.textContent, () => take(option.value));
        item.removeAttribute("title");
        item.append(element("strong", {}, option.textContent), element("span", {}, option.dataset.help));
        item.dataset.words = `${option.textContent} ${option.dataset.help} ${group.label}`.toLowerCase();
        return element("li", {}, item);
      });
      return element("section", {}, element("h3", {}, group.label), element("ul", { class: "kind-options" }, ...items));
    });
    const filter = () => {
      const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
      groups.forEach((group) => {
        group.querySelectorAll("li").forEach((item) => { item.hidden = !wanted.every((word) => item.firstChild.dataset.words.includes(word)); });
        group.hidden = !group.querySelector("li:not([hidden])");
      });
      none.textContent = groups.every((group) => group.hidden) ? "No kind of block fits." : "";
    };
    const shown = () => groups.filter((group) => !group.hidden).flatMap((group) => [...group.querySelectorAll("li:not([hidden]) button")]);
    words.addEventListener("input", filter);
    dialog.addEventListener("keydown", (event) => {
      const all = shown();
      if (event.key === "Enter" && event.target === words) { event.preventDefault(); all[0]?.click(); }
      if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const index = all.indexOf(document.activeElement) + step;
      (index < 0 ? words : all[Math.min(index, all.length - 1)])?.focus();
    });
    const gallery = list.closest("fieldset").dataset.gallery;
    dialog.append(element("h2", { id: title }, "Add a block"), element("p", {}, element("label", { for: words.id }, "Search"), words), none, ...groups);
    if (gallery) dialog.append(element("p", {}, element("a", { href: gallery, target: "_blank" }, "See every kind with an example (new tab)")));
    dialog.append(button("Close", "Close without adding", () => dialog.close()));
    document.body.append(dialog);
    return { open: (block) => { after = block; words.value = ""; filter(); dialog.showModal(); words.focus(); } };
  })();
  adder.after(button("Find a block…", "Find a block by words", () => chooser.open(null)));
  list.before(element("p", { class: "fold-all" }, button("Fold all", "Fold all blocks", () => foldAll(true)), button("Open all", "Open all blocks", () => foldAll(false)),
    element("span", { class: "help" }, "Alt+↑ and Alt+↓ move the block you are in.")));

  // --- rows inside a block --------------------------------------------------------------------------------------
  const dressRows = (rows) => {
    const holder = rows.querySelector("[data-rows-list]");
    const dressRow = (row) => row.append(element("div", { class: "row-tools" },
      button("↑", "Move this row up", () => swap(row, -1, "[data-row]")),
      button("↓", "Move this row down", () => swap(row, 1, "[data-row]")),
      button("Remove", "Remove this row", () => { row.remove(); changed(rows); adding.focus(); })));
    const isBlank = (row) => [...row.querySelectorAll("input, textarea, select")].every((one) => !one.value);
    let next = holder.children.length;
    const addRow = () => {
      const made = document.createElement("template");
      made.innerHTML = rows.querySelector("template[data-row-template]").innerHTML.replaceAll("__row__", next++).trim();
      const row = made.content.firstElementChild;
      holder.append(row);
      dressRow(row);
      dressFields(row);
      row.querySelector("input, textarea, select").focus();
    };
    const adding = button("Add a row", "Add a row", addRow);
    [...holder.children].forEach((row, index) => { if (index && isBlank(row)) row.remove(); else dressRow(row); });
    rows.querySelector(".rows-hint").remove();
    rows.append(adding);
  };

  // --- choices whose order counts: the browser sends them in the order in which they stand ----------------------
  const dressChoices = (block) => block.querySelectorAll("input[data-ordered]").forEach((one) => {
    const item = one.closest("label").parentElement;
    const word = one.closest("label").textContent.trim();
    item.classList.add("ordered-choice");
    one.addEventListener("change", () => {
      if (!one.checked) return;
      // What is ticked gathers at the top, in the order of ticking.
      const ticked = [...item.parentElement.children].filter((other) => other !== item && other.querySelector("input").checked);
      if (ticked.length) ticked.at(-1).after(item); else item.parentElement.prepend(item);
      one.focus();
    });
    item.append(button("↑", `Move up: ${word}`, () => swap(item, -1, "*")), button("↓", `Move down: ${word}`, () => swap(item, 1, "*")));
  });

  // --- names for the prose editors: a screen reader says which text is being written ----------------------------
  const nameEditor = (text) => {
    const own = text.closest(".block-field, .cell")?.querySelector("label");
    text.setAttribute("role", "textbox");
    text.setAttribute("aria-multiline", "true");
    text.setAttribute("aria-label", own ? own.textContent.trim() : "Text");
  };
  document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
    nameEditor(editor.view.dom);
    if (awaited === textarea) editor.commands.focus();
  });

  // --- what keeps the form from being saved: the summary leads to the field -----------------------------------------
  const goTo = (id) => {
    const target = document.getElementById(id);
    if (!target) return;
    const block = target.closest("[data-block]");
    if (block) { dress(block); fold(block, false); }
    target.closest("details")?.setAttribute("open", "");
    const field = target.closest(".prose-editor")?.querySelector(".ProseMirror") ?? document.getElementById(`${id}_search`)
      ?? (target.matches("input, textarea, select") ? target : target.querySelector("input, textarea, select"));
    field?.focus();
    (field ?? target).scrollIntoView({ block: "center" });
  };
  const summary = document.querySelector("[data-problems]");
  summary?.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    goTo(link.hash.slice(1));
  });

  blocks().forEach((block) => { if (folded.has(input(block, "key")?.value) && !block.classList.contains("has-errors")) fold(block, true); near.observe(block); });
  const fresh = document.getElementById("new-block");
  if (fresh) dress(fresh);
  dressProducts(form);
  dressPictures(form.querySelector("fieldset") ?? form);
  // Later than Django's own script, which leads into the first field of a new article.
  addEventListener("load", () => summary?.focus());
})();
