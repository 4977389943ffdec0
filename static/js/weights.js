// A slider beside each number of the reader's weights, kept equal to it. Without us the numbers and the button do it all.
(() => {
  for (const number of document.querySelectorAll("[data-weights] input[type=number]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.min = number.min;
    slider.max = number.max;
    slider.step = number.step;
    slider.value = number.value;
    slider.setAttribute("aria-label", `${number.labels[0].textContent}, as a slider`);
    slider.addEventListener("input", () => {
      number.value = slider.value;
    });
    number.addEventListener("input", () => {
      slider.value = number.value;
    });
    number.after(slider);
  }
})();
