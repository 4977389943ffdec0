/* Words that are marked in an article bring the link to remark on them beside them. Without this, the same link under
   each part of the article leads to a page where a paragraph is chosen. */
(() => {
  "use strict";
  const body = document.querySelector(".article-body");
  if (!body) return;
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  body.append(said);
  let link = null;
  let first = null;
  let held = false;
  let wait = 0;

  const words = (range) => {
    const part = range.cloneContents();
    part.querySelectorAll(".remark-mark, .remark-link, form").forEach((one) => one.remove());
    part.querySelectorAll("p, li, td, th, dt, dd, h2, h3, h4, br").forEach((one) => one.after(" "));
    return part.textContent.replace(/\s+/g, " ").trim();
  };

  const around = (from, to) => {
    const range = document.createRange();
    range.setStart(...from);
    range.setEnd(...to);
    return words(range);
  };

  const back = () => {
    if (!link) return;
    link.href = first.href;
    link.textContent = first.text;
    link.setAttribute("aria-label", first.label);
    link.classList.remove("is-ready");
    link.style.removeProperty("top");
    link.style.removeProperty("left");
    said.textContent = "";
    link = null;
  };

  const look = () => {
    if (held || (link && document.activeElement === link)) return;
    back();
    const chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) return;
    const range = chosen.getRangeAt(0);
    let top = range.startContainer;
    while (top && top.parentNode !== body) top = top.parentNode;
    let last = top;
    while (last && !(last.matches && last.matches(".remark-link"))) last = last.nextElementSibling;
    const exact = top && last ? words(range) : "";
    if (!/[\p{L}\p{N}]/u.test(exact)) return;
    link = last.querySelector("a");
    first = { href: link.href, text: link.textContent, label: link.getAttribute("aria-label") };
    const address = new URL(link.href);
    const isLong = exact.length > 300;
    address.searchParams.set("exact", isLong ? exact.slice(0, 300).replace(/\s\S*$/, "") : exact);
    if (isLong) address.searchParams.set("until", exact.slice(-90).replace(/^\S*\s/, ""));
    const begin = [range.startContainer, range.startOffset];
    address.searchParams.set("prefix", around([top, 0], begin).slice(-64));
    if (top.contains(range.endContainer)) {
      const end = [range.endContainer, range.endOffset];
      address.searchParams.set("suffix", around(end, [top, top.childNodes.length]).slice(0, 64));
    }
    link.href = address.href;
    const short = exact.length > 40 ? `${exact.slice(0, 40)}…` : exact;
    link.textContent = "Remark on this";
    link.setAttribute("aria-label", `Remark on this: “${short}”`);
    link.classList.add("is-ready");
    const marked = range.getBoundingClientRect();
    const box = body.getBoundingClientRect();
    const left = Math.max(0, Math.min(marked.left - box.left, box.width - link.offsetWidth));
    link.style.setProperty("top", `${Math.round(marked.bottom - box.top) + 6}px`);
    link.style.setProperty("left", `${Math.round(left)}px`);
    said.textContent = "Press Tab to remark on the marked words.";
  };

  document.addEventListener("selectionchange", () => {
    clearTimeout(wait);
    wait = setTimeout(look, 250);
  });
  // Who leaves the words by Tab comes to the link first, once: the browser would unmark them on the way there.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Tab" || event.shiftKey || !link || document.activeElement === link) return;
    event.preventDefault();
    link.focus();
  });
  body.addEventListener("focusout", (event) => {
    if (event.target === link) back();
  });
  // To press it must not unmark the words first.
  body.addEventListener("mousedown", (event) => {
    if (event.target === link) event.preventDefault();
  });
  body.addEventListener("pointerdown", (event) => {
    held = event.target === link;
  });
})();
