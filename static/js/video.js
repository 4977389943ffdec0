// A video's player takes the place of its poster when somebody presses it: before that nothing is asked of its host.
// Without this script the link leads to the video's own page.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-player]") : null;
  // With a modifier key the reader wants the page itself, in a tab of its own.
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const frame = document.createElement("iframe");
  frame.className = "video-frame";
  frame.src = link.dataset.player;
  frame.title = link.dataset.title;
  frame.allow = "autoplay; fullscreen; picture-in-picture; encrypted-media";
  // Players refuse pages that hide who they are; the address of the page itself stays ours.
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.tabIndex = 0;
  link.replaceWith(frame);
  frame.focus();
});
