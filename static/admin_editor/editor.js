// The block editor's comfort. Without this file the same form works: positions are typed, blocks are added by saving.
"use strict";
(() => {
  const list = document.querySelector("[data-block-list]");
  if (!list || list.closest("fieldset").disabled) return;
  const status = document.querySelector("[data-block-status]");

  const element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const button = (text, label, act) => {
    const made = element("button", { type: "button", "aria-label": label, title: label }, text);
    made.addEventListener("click", act);
    return made;
  };
  const say = (text) => { status.textContent = text; };

  // The neighbour moves, not the thing itself: what is being typed in keeps its focus and its editor.
  const swap = (thing, step, selector) => {
    const other = step < 0 ? thing.previousElementSibling : thing.nextElementSibling;
    if (!other || !other.matches(selector)) return false;
    if (step < 0) thing.after(other); else thing.before(other);
    return true;
  };

  // --- blocks -------------------------------------------------------------------------------------------------
  const blocks = () => [...list.querySelectorAll(":scope > [data-block]")];
  const renumber = () => blocks().forEach((block, index) => {
    block.querySelector("[data-number]").textContent = index + 1;
    block.querySelector(".block-order input[name$='-position']").value = index + 1;
  });
  const moveBlock = (block, step) => {
    if (!swap(block, step, "[data-block]")) return;
    renumber();
    say(`Moved to position ${blocks().indexOf(block) + 1} of ${blocks().length}.`);
  };
  let dragged = null;

  const dressBlock = (block) => {
    const order = block.querySelector(".block-order");
    const box = order.querySelector("input[type=checkbox]");
    const name = block.querySelector("h3").textContent.trim().replace(/\s+/g, " ").replace(/^⠿ \d* ?/, "");
    const remove = button("Remove", `Remove this block: ${name}`, () => { box.checked = !box.checked; showRemoval(); });
    const showRemoval = () => {
      block.classList.toggle("is-removed", box.checked);
      remove.textContent = box.checked ? "Keep" : "Remove";
      remove.setAttribute("aria-label", `${box.checked ? "Keep" : "Remove"} this block: ${name}`);
    };
    order.classList.add("is-dressed");
    order.append(
      button("↑", `Move up: ${name}`, () => moveBlock(block, -1)),
      button("↓", `Move down: ${name}`, () => moveBlock(block, 1)),
      remove,
    );
    showRemoval();
    block.addEventListener("keydown", (event) => {
      if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
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
    handle.addEventListener("dragend", () => { block.classList.remove("is-dragged"); dragged = null; renumber(); });
    block.querySelectorAll("[data-rows]").forEach(dressRows);
    block.querySelectorAll("[data-products]").forEach(dressProducts);
    dressChoices(block);
  };

  list.addEventListener("dragover", (event) => {
    const under = dragged && event.target.closest("[data-block]");
    if (!under) return;
    event.preventDefault();
    if (under === dragged) return;
    const middle = under.getBoundingClientRect().top + under.offsetHeight / 2;
    if (event.clientY < middle) under.before(dragged); else under.after(dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());

  const adder = document.querySelector("[data-add-block]");
  adder.value = "Add block";
  adder.addEventListener("click", (event) => {
    const kind = document.querySelector("[data-add-kind]").value;
    const template = document.querySelector(`template[data-block-template="${CSS.escape(kind)}"]`);
    if (!template) return;
    event.preventDefault();
    const used = [...list.querySelectorAll("input[name$='-kind']")].map((input) => parseInt(input.name.split("-")[1], 10));
    const next = Math.max(0, ...used) + 1;
    const holder = document.createElement("template");
    holder.innerHTML = template.innerHTML.replaceAll("__prefix__", next).trim();
    const block = holder.content.firstElementChild;
    list.append(block);
    dressBlock(block);
    renumber();
    block.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: { formsetName: "blocks" } }));
    block.querySelector(".block-body input:not([type=hidden]), .block-body textarea:not([hidden])")?.focus();
    block.scrollIntoView({ block: "nearest" });
    say(`Added block ${blocks().length}.`);
  });

  // --- rows inside a block --------------------------------------------------------------------------------------
  const dressRows = (rows) => {
    const holder = rows.querySelector("[data-rows-list]");
    const dressRow = (row) => row.append(element("div", { class: "row-tools" },
      button("↑", "Move this row up", () => swap(row, -1, "[data-row]")),
      button("↓", "Move this row down", () => swap(row, 1, "[data-row]")),
      button("Remove", "Remove this row", () => row.remove())));
    const isBlank = (row) => [...row.querySelectorAll("input, textarea, select")].every((input) => !input.value);
    let next = holder.children.length;
    [...holder.children].forEach((row, index) => { if (index && isBlank(row)) row.remove(); else dressRow(row); });
    rows.querySelector(".rows-hint").remove();
    rows.append(button("Add a row", "Add a row", () => {
      const made = document.createElement("template");
      made.innerHTML = rows.querySelector("template[data-row-template]").innerHTML.replaceAll("__row__", next++).trim();
      const row = made.content.firstElementChild;
      holder.append(row);
      dressRow(row);
      row.dispatchEvent(new CustomEvent("formset:added", { bubbles: true, detail: {} }));
      row.querySelector("input, textarea, select").focus();
    }));
  };

  // --- choices whose order counts: the browser sends them in the order in which they stand ----------------------
  const dressChoices = (block) => block.querySelectorAll("input[data-ordered]").forEach((input) => {
    const item = input.closest("label").parentElement;
    const word = input.closest("label").textContent.trim();
    item.classList.add("ordered-choice");
    input.addEventListener("change", () => {
      if (!input.checked) return;
      // What is ticked gathers at the top, in the order of ticking.
      const ticked = [...item.parentElement.children].filter((one) => one !== item && one.querySelector("input").checked);
      if (ticked.length) ticked.at(-1).after(item); else item.parentElement.prepend(item);
      input.focus();
    });
    item.append(button("↑", `Move up: ${word}`, () => swap(item, -1, "*")), button("↓", `Move down: ${word}`, () => swap(item, 1, "*")));
  });

  // --- products by name -----------------------------------------------------------------------------------------
  let searches = 0;
  const suggest = (input, url) => {
    const options = element("datalist", { id: `products-found-${++searches}` });
    input.after(options);
    input.setAttribute("list", options.id);
    let waiting = 0;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value.trim().length < 2) return;
      waiting = setTimeout(async () => {
        try {
          const answer = await fetch(`${url}?q=${encodeURIComponent(input.value)}`, { headers: { Accept: "application/json" } });
          const { names } = await answer.json();
          options.replaceChildren(...names.map((name) => element("option", { value: name })));
        } catch { /* The name can still be typed in full: the server finds it when the form is saved. */ }
      }, 150);
    });
  };
  const dressProducts = (field) => {
    if (field.dataset.dressed) return;
    field.dataset.dressed = "yes";
    if (field.dataset.products === "one") return suggest(field, field.dataset.search);
    const label = field.closest(".block-field")?.querySelector("label");
    const items = element("ol", { class: "product-list" });
    const search = element("input", { type: "text", class: "vTextField", id: `${field.id}_search`, autocomplete: "off" });
    const names = () => field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const write = (changed) => { field.value = changed.join("\n"); draw(); };
    const move = (index, step) => {
      const all = names();
      const [name] = all.splice(index, 1);
      all.splice(index + step, 0, name);
      write(all);
      items.children[index + step]?.querySelector("button")?.focus();
      say(`${name} is now number ${index + step + 1}.`);
    };
    const draw = () => items.replaceChildren(...names().map((name, index, all) => {
      const item = element("li", {}, element("span", {}, name));
      if (index > 0) item.append(button("↑", `Move up: ${name}`, () => move(index, -1)));
      if (index < all.length - 1) item.append(button("↓", `Move down: ${name}`, () => move(index, 1)));
      item.append(button("✕", `Take out: ${name}`, () => write(names().filter((_, other) => other !== index))));
      return item;
    }));
    const add = () => {
      const name = search.value.trim();
      if (!name) return;
      write([...names(), name]);
      search.value = "";
      say(`${name} added.`);
    };
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); add(); }
    });
    // A name that was typed but not yet added is not lost when the form is sent.
    field.form?.addEventListener("submit", add);
    field.hidden = true;
    if (label) label.htmlFor = search.id;
    field.after(items, element("div", { class: "product-search" }, search, button("Add", "Add this product", add)));
    suggest(search, field.dataset.search);
    draw();
  };

  // --- names for the prose editors: a screen reader says which text is being written ----------------------------
  const nameEditor = (text) => {
    const label = text.closest(".block-field, .cell")?.querySelector("label");
    text.setAttribute("role", "textbox");
    text.setAttribute("aria-multiline", "true");
    text.setAttribute("aria-label", label ? label.textContent.trim() : "Text");
  };
  document.addEventListener("prose-editor:ready", (event) => nameEditor(event.detail.editor.view.dom));
  document.querySelectorAll(".ProseMirror[contenteditable]").forEach(nameEditor);

  blocks().forEach(dressBlock);
  document.querySelectorAll("input[data-products=one]").forEach(dressProducts);
})();
