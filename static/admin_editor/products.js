// The picker of products: a combobox after ARIA's pattern. Without it a name is typed and found when the form is saved.
"use strict";
(() => {
  const { element, button, say, changed, ask, settlers, unique } = window.desk;

  const shownOption = (product) => {
    const picture = element("img", { src: product.picture, alt: "", width: "36", height: "36", loading: "lazy" });
    const facts = [product.kind, product.prices, product.state].filter(Boolean).join(" · ");
    const option = element("li", { role: "option", id: unique("option"), "aria-selected": "false" }, picture,
      element("span", { class: "option-name" }, product.title), element("span", { class: "option-facts" }, facts));
    option.dataset.name = product.name;
    return option;
  };

  // `choose` is given the name; what is typed and fits nothing stays typed.
  const combobox = (input, url, choose) => {
    const list = element("ul", { role: "listbox", id: unique("products"), class: "product-options", "aria-label": "Products that fit" });
    list.hidden = true;
    const holder = element("div", { class: "combobox" });
    input.replaceWith(holder);
    holder.append(input, list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": list.id, autocomplete: "off" })) input.setAttribute(name, value);
    let waiting = 0;
    let asked = 0;
    const active = () => list.querySelector("[aria-selected=true]");
    const close = () => {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const activate = (option) => {
      active()?.setAttribute("aria-selected", "false");
      if (!option) return input.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", option.id);
    };
    const take = (option) => { close(); choose(option.dataset.name); };
    const search = async () => {
      const turn = ++asked;
      try {
        const { products } = await ask(`${url}?q=${encodeURIComponent(input.value)}`);
        if (turn !== asked || document.activeElement !== input) return;
        list.replaceChildren(...products.map(shownOption));
        list.hidden = !products.length;
        input.setAttribute("aria-expanded", String(!list.hidden));
        activate(null);
        say(products.length ? `${products.length} products fit. Arrow keys choose.` : "No product fits.");
      } catch { /* The name can still be typed in full: the server finds it when the form is saved. */ }
    };
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      if (input.value.trim().length < 2) return close();
      waiting = setTimeout(search, 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.altKey) return;
      const options = [...list.children];
      const place = options.indexOf(active());
      if (["ArrowDown", "ArrowUp"].includes(event.key)) {
        event.preventDefault();
        if (list.hidden) return input.value.trim() && search();
        const step = event.key === "ArrowDown" ? 1 : -1;
        activate(options[(place < 0 && step < 0 ? options.length - 1 : place + step + options.length) % options.length]);
      } else if (event.key === "Enter" && !list.hidden && place >= 0) {
        event.preventDefault();
        event.stopImmediatePropagation();
        take(options[place]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        close();
      }
    });
    // The press must not take the focus from the input, or the list would close before the click.
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("[role=option]"); if (option) take(option); });
    input.addEventListener("blur", close);
  };

  const dressOne = (field) => combobox(field, field.dataset.search, (name) => {
    field.value = name;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    say(`${name} chosen.`);
  });

  const dressMany = (field) => {
    const label = field.closest(".block-field, .form-row")?.querySelector("label");
    const items = element("ol", { class: "product-list" });
    const search = element("input", { type: "text", class: "vTextField", id: `${field.id}_search` });
    const names = () => field.value.split("\n").map((line) => line.trim()).filter(Boolean);
    const write = (wanted) => { field.value = wanted.join("\n"); draw(); changed(field); };
    const move = (index, step) => {
      const all = names();
      const [name] = all.splice(index, 1);
      all.splice(index + step, 0, name);
      write(all);
      items.children[index + step]?.querySelector("button")?.focus();
      say(`${name} is now number ${index + step + 1}.`);
    };
    const takeOut = (index) => {
      const all = names();
      const [name] = all.splice(index, 1);
      write(all);
      (items.children[Math.min(index, all.length - 1)]?.querySelector("button") ?? search).focus();
      say(`${name} taken out.`);
    };
    const draw = () => items.replaceChildren(...names().map((name, index, all) => {
      const item = element("li", {}, element("span", {}, name));
      if (index > 0) item.append(button("↑", `Move up: ${name}`, () => move(index, -1)));
      if (index < all.length - 1) item.append(button("↓", `Move down: ${name}`, () => move(index, 1)));
      item.append(button("✕", `Take out: ${name}`, () => takeOut(index)));
      return item;
    }));
    const add = (name) => {
      if (!name) return;
      if (!names().includes(name)) write([...names(), name]);
      search.value = "";
      say(`${name} added.`);
    };
    const addTyped = () => add(search.value.trim());
    field.hidden = true;
    if (label) label.htmlFor = search.id;
    field.after(items, element("div", { class: "product-search" }, search, button("Add", "Add this product", addTyped)));
    combobox(search, field.dataset.search, add);
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); addTyped(); }
    });
    settlers.add(() => { if (field.isConnected) addTyped(); });
    draw();
  };

  window.desk.dressProducts = (root) => root.querySelectorAll("[data-products]").forEach((field) => {
    if (field.dataset.dressed || field.closest("fieldset:disabled")) return;
    field.dataset.dressed = "yes";
    if (field.dataset.products === "one") dressOne(field); else dressMany(field);
  });
})();
