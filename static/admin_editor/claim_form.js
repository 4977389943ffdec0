// A claim's products are picked as in the article's form; a name that is typed and not yet added counts when it is sent.
"use strict";
(() => {
  const form = document.querySelector(".watch-form form[method=post]");
  if (!form) return;
  window.desk.dressProducts(form);
  form.addEventListener("submit", window.desk.settle);
})();
