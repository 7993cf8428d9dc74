// From change to change, and round again; in the video that shows.
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.tagName === "SELECT" || large.open) return;
  const step = { n: 1, p: -1 }[event.key];
  if (!step || !sections.length) return;
  const changes = [...sections[current].querySelectorAll(".change")];
  if (!changes.length) return;
  const from = changes.indexOf(document.activeElement?.closest(".change"));
  const to = from < 0 ? (step > 0 ? 0 : changes.length - 1) : (from + step + changes.length) % changes.length;
  changes[to].focus({ preventScroll: true });
  changes[to].scrollIntoView();
});
