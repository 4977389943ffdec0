// Counts a click on a link that leads straight to a merchant, without delaying it: the browser sends the beacon while
// it is already on its way. The link's own `ping` does the same without JavaScript, but not in every browser; while a
// beacon is out, it is taken away, so that nothing is counted twice. The address names our host, as HTML wants it of a
// ping; a beacon goes to the host that the page came from.
{
  const count = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[ping]") : null;
    if (!link || (event.type !== "click" && event.button !== 1)) return;
    const address = link.getAttribute("ping");
    const told = new URL(address, location.href);
    if (!navigator.sendBeacon(told.pathname + told.search)) return; // the browser's queue is full: its ping tries
    link.removeAttribute("ping");
    // The browser follows the link before the next task: from then on it is whole again.
    setTimeout(() => link.setAttribute("ping", address));
  };

  document.addEventListener("click", count);
  // The middle button opens a tab and is no "click".
  document.addEventListener("auxclick", count);
}
