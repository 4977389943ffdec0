// Counts a click on a link that leads straight to a merchant, without delaying it: the browser sends the beacon while
// it is already on its way. Without JavaScript the link works the same and is simply not counted.
{
  const count = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-beacon]") : null;
    if (link && (event.type === "click" || event.button === 1)) {
      navigator.sendBeacon(link.dataset.beacon);
    }
  };

  document.addEventListener("click", count);
  // The middle button opens a tab and is no "click".
  document.addEventListener("auxclick", count);
}
