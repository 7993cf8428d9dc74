// Takes over what is new without touching a player that may be playing.
async function refresh() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer || !answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const here = document.querySelector("main.videos"), there = page.querySelector("main.videos");
  if (!here || !there) {
    if (Boolean(here) !== Boolean(there)) location.reload();
    return;
  }
  document.title = page.title;
  document.querySelector("header").replaceWith(page.querySelector("header"));
  const old = new Map([...here.children].map((card) => [card.dataset.id, card]));
  let place = null;
  for (const card of [...there.children]) {
    const mine = old.get(card.dataset.id);
    old.delete(card.dataset.id);
    if (!mine) place ? place.after(card) : here.prepend(card);
    else if (mine.dataset.state !== card.dataset.state) mine.replaceWith(card);
    place = mine && mine.isConnected ? mine : card;
  }
  for (const gone of old.values()) gone.remove();
}
setInterval(refresh, 2000);
