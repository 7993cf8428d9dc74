// Keeps the page at what the files say, part by part: what hasn't changed isn't touched, and goes on playing.
const ICON = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M3 1.5v13l11-6.5z"/></svg>';
const PATIENCE_MS = 1500;
const AT_A_TIME = 2;

const make = (name, about = {}, ...inside) => {
  const element = Object.assign(document.createElement(name), about);
  element.append(...inside);
  return element;
};
const imagesIn = (root) => [...root.querySelectorAll("img[data-frame]")];
const address = (image) => `/frames/${image.dataset.frame}`;

// Parts as the server wrote them, to compare with: scripts fill in and mark what is in the page.
const written = new WeakMap();
const isSame = (mine, theirs) => written.get(mine) === theirs.outerHTML;
const PARTS = ".head, .picker, .told, footer, .reel, .line, section > .remarks, .card > *";
const within = (root, selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
function prepare(root) {
  for (const part of within(root, PARTS)) written.set(part, part.outerHTML);
  for (const image of imagesIn(root)) {
    image.loading = "lazy"; // nothing is drawn before it is looked at
    image.src = address(image);
  }
  for (const card of within(root, ".card")) equip(card);
  for (const reel of within(root, ".reel")) {
    reel.querySelector(".total").append(make("button", { type: "button", className: "playall", innerHTML: `${ICON} Play all` }));
  }
}

// --- Players -------------------------------------------------------------------------------------------------

const loading = new Set();
const videoOf = (card) => card.querySelector(".stage video");
const buttonOf = (card) => card.querySelector(".stage .play");
const shown = () => document.querySelector("main > section:not([hidden])");

function equip(card) {
  card.querySelector(".stage")?.remove();
  const image = card.querySelector("img[data-frame]");
  const video = make("video", { hidden: true, preload: "none", playsInline: true, controls: true });
  video.width = image.width;
  video.height = image.height;
  video.style.aspectRatio = `${image.getAttribute("width")} / ${image.getAttribute("height")}`;
  const button = make("button", { type: "button", className: "play", innerHTML: ICON });
  card.querySelector(".frame").after(make("div", { className: "stage" }, video, button));
  mark(card, "waiting");
  video.addEventListener("ended", () => goOn(card));
  video.addEventListener("loadeddata", () => loaded(card, video, "ready"));
  video.addEventListener("error", () => loaded(card, video, "failed"));
}

function mark(card, state) {
  const name = card.querySelector(".number")?.textContent ?? "the scene";
  const button = buttonOf(card);
  button.dataset.state = state;
  button.title = { waiting: "Being rendered", ready: `Play ${name}`, failed: "This scene couldn't be rendered" }[state];
  button.setAttribute("aria-label", state === "ready" ? `Play ${name}` : `${name}: ${button.title}`);
}

function loaded(card, video, state) {
  loading.delete(video);
  if (videoOf(card) === video) mark(card, state);
  fetchClips();
}

// Clips are asked for a few at a time, those of changed scenes first, so that frames never wait behind them.
function fetchClips() {
  for (const video of loading) if (!video.isConnected) loading.delete(video);
  const cards = [...(shown()?.querySelectorAll(".card") ?? [])].filter((card) => buttonOf(card).dataset.state === "waiting");
  const waiting = cards.filter((card) => !loading.has(videoOf(card)));
  waiting.sort((one, other) => other.classList.contains("fresh") - one.classList.contains("fresh"));
  for (const card of waiting.slice(0, Math.max(0, AT_A_TIME - loading.size))) {
    const video = videoOf(card);
    loading.add(video);
    video.preload = "auto";
    video.src = `/clips/${card.querySelector("img[data-frame]").dataset.frame}`;
  }
}

let playing = null; // the card that plays, and whether those after it follow
let playsOn = false;
function stop() {
  if (!playing) return;
  const video = videoOf(playing);
  video?.pause();
  if (video) video.hidden = true;
  playing = null;
}
function play(card, isAll) {
  stop();
  playing = card;
  playsOn = isAll;
  const video = videoOf(card);
  video.hidden = false;
  video.currentTime = 0;
  if (isAll) card.scrollIntoView({ block: "nearest" });
  video.play().catch(() => stop());
}
function goOn(card) {
  if (playing !== card) return;
  let next = playsOn ? card.nextElementSibling : null;
  while (next && buttonOf(next).dataset.state === "failed") next = next.nextElementSibling;
  stop();
  if (next) play(next, true);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".play, .playall");
  if (!button) return;
  if (button.matches(".playall")) {
    const first = shown().querySelector(".card");
    if (playing && playsOn) stop();
    else if (first) play(first, true);
  } else if (button.dataset.state !== "failed") play(button.closest(".card"), false);
});
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (!trouble.hidden) dismiss();
    else stop();
  } else if (event.key === " " && !event.target.closest("button, a, select, summary, video, input")) {
    event.preventDefault();
    if (playing) stop();
    else shown()?.querySelector(".playall")?.click();
  }
});
new MutationObserver(fetchClips).observe(document, { subtree: true, attributeFilter: ["hidden"] });

// --- What is new ----------------------------------------------------------------------------------------------

// Makes the children of `here` those of `there`: the same by name stay, and are brought up to date.
function reconcile(here, there, name, update, isOwn = () => false) {
  const old = new Map();
  for (const child of here.children) if (!isOwn(child)) old.set(name(child), child);
  let place = null;
  for (const theirs of [...there.children]) {
    const mine = old.get(name(theirs));
    old.delete(name(theirs));
    const kept = mine ? update(mine, theirs) : document.adoptNode(theirs);
    const next = place ? place.nextElementSibling : here.firstElementChild;
    if (kept !== next && !(next && isOwn(next) && next.nextElementSibling === kept)) place ? place.after(kept) : here.prepend(kept);
    if (!mine) prepare(kept); // a picture outside the page would be drawn at once
    place = kept;
  }
  for (const gone of old.values()) gone.remove();
}

function swap(mine, theirs) {
  if (isSame(mine, theirs)) return mine;
  const focused = mine.contains(document.activeElement) ? document.activeElement.id : "";
  const kept = document.adoptNode(theirs);
  if (mine.matches("details")) kept.open = mine.open;
  mine.replaceWith(kept);
  prepare(kept);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return kept;
}

const byKind = (element) => element.classList[0] ?? element.tagName;
const bySection = (element) => (element.matches("section") ? `key ${element.dataset.key}` : byKind(element));

function updateSection(mine, theirs) {
  for (const name of ["id", "class", "aria-label"]) mine.setAttribute(name, theirs.getAttribute(name));
  reconcile(mine, theirs, byKind, (one, other) => {
    if (!one.matches(".cards")) return swap(one, other);
    updateCards(one, other);
    return one;
  });
  return mine;
}

// Cards that look and sound the same are the same, wherever they are; of the others, those at the same place.
function updateCards(here, there) {
  const look = (card) => card.querySelector("img[data-frame]").dataset.frame;
  const names = new Map();
  const known = new Map();
  const nameAll = (cards, isKnown) => {
    const count = new Map();
    for (const card of cards) {
      const number = (count.get(look(card)) ?? 0) + 1;
      count.set(look(card), number);
      names.set(card, `${look(card)} ${number}`);
      if (isKnown) known.set(names.get(card), card);
    }
  };
  const [mine, theirs] = [[...here.children], [...there.children]];
  nameAll(mine, true);
  nameAll(theirs, false);
  const kept = new Set(theirs.map((card) => names.get(card)));
  const free = mine.filter((card) => !kept.has(names.get(card)));
  for (const card of theirs) {
    if (known.has(names.get(card))) continue;
    const at = free.findIndex((one) => mine.indexOf(one) === theirs.indexOf(card));
    const old = at >= 0 ? free.splice(at, 1)[0] : null;
    if (old) names.set(old, names.get(card));
    fresh.add(names.get(card));
  }
  reconcile(here, there, (card) => names.get(card), (one, other) => updateCard(one, other));
  for (const card of here.children) if (fresh.has(names.get(card))) flash(card);
}

const fresh = new Set();
function flash(card) {
  card.classList.remove("fresh");
  void card.offsetWidth; // so that the animation begins anew
  card.classList.add("fresh");
  setTimeout(() => card.classList.remove("fresh"), 2500);
}

function updateCard(mine, theirs) {
  mine.id = theirs.id;
  const [old, now] = [mine, theirs].map((card) => card.querySelector("img[data-frame]"));
  const isOther = old.dataset.frame !== now.dataset.frame;
  if (isOther && playing === mine) stop();
  reconcile(mine, theirs, byKind, (one, other) => {
    if (!one.matches(".frame")) return swap(one, other);
    // A picture that was loaded once is no longer lazy; a new one is, and waits until somebody looks.
    const image = isOther && mine.closest("[hidden]") ? document.importNode(now) : old;
    for (const name of ["data-frame", "width", "height", "alt"]) image.setAttribute(name, now.getAttribute(name));
    if (image !== old) {
      image.loading = "lazy";
      old.replaceWith(image);
    }
    if (isOther) image.src = address(image);
    one.setAttribute("aria-label", other.getAttribute("aria-label"));
    return one;
  }, (child) => child.matches(".stage"));
  if (isOther) equip(mine);
  else mark(mine, buttonOf(mine).dataset.state);
  return mine;
}

// Frames of what is seen are there before anything moves.
async function withFrames(page) {
  const key = shown()?.dataset.key;
  const section = [...page.querySelectorAll("main > section")].find((one) => one.dataset.key === key) ?? page.querySelector("main > section");
  const have = new Set(imagesIn(document).filter((image) => image.complete).map((image) => image.dataset.frame));
  const missing = imagesIn(section).filter((image) => !have.has(image.dataset.frame));
  const ready = missing.slice(0, 12).map((image) => Object.assign(new Image(), { src: address(image) }).decode().catch(() => {}));
  await Promise.race([Promise.all(ready), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
}

async function takeOver() {
  const answer = await fetch("/", { cache: "no-store" });
  const [session, number] = answer.headers.get("X-Edition").split(" ");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (session !== PAGE.session || !page.getElementById("board") || !document.getElementById("board")) return location.reload();
  await withFrames(page);
  const key = shown()?.dataset.key;
  PAGE.number = Number(number);
  title = page.title;
  for (const section of page.querySelectorAll("main > section")) section.hidden = true;
  fresh.clear();
  const header = document.querySelector("header");
  reconcile(header, page.querySelector("header"), byKind, swap);
  reconcile(document.querySelector("main"), page.querySelector("main"), bySection, (mine, theirs) =>
    mine.matches("section") ? updateSection(mine, theirs) : swap(mine, theirs));
  swap(document.querySelector("footer"), page.querySelector("footer"));
  sections = [...document.querySelectorAll("main > section")];
  const there = sections.findIndex((section) => section.dataset.key === key);
  show(there >= 0 ? there : current, false);
  fetchClips();
}

// --- What is wrong, and whether anybody is there ----------------------------------------------------------------

const headline = make("h2");
const excerpt = make("pre", { tabIndex: 0 });
const beneath = make("p", { className: "soft" });
const dismissal = make("button", { type: "button", innerHTML: "Dismiss <kbd>Esc</kbd>" });
const trouble = make("aside", { id: "trouble", hidden: true }, make("div", { className: "about" }, headline, beneath, dismissal), excerpt);
trouble.setAttribute("role", "alert");
const live = make("p", { id: "live" });
live.setAttribute("role", "status");
document.body.append(trouble, live);
dismissal.addEventListener("click", () => dismiss());
live.addEventListener("click", (event) => event.target.matches("button") && reveal());

let title = document.title;
let isThere = true;
let latest = null;
let isDismissed = false;

function dismiss() {
  isDismissed = true;
  tell();
}
function reveal() {
  isDismissed = false;
  tell();
  excerpt.focus({ preventScroll: true });
}

function tell() {
  const wrong = latest?.trouble;
  document.title = wrong ? `⚠ ${title}` : title;
  document.body.classList.toggle("stale", Boolean(wrong) && !isDismissed);
  document.body.classList.toggle("lost", !isThere);
  trouble.hidden = !wrong || isDismissed;
  if (!trouble.hidden && !isReached) {
    isReached = true; // nothing that is hidden can be scrolled
    reachMarks();
  }
  if (!isThere) {
    live.dataset.state = "lost";
    live.replaceChildren("Connection lost. Is the command still running?");
  } else if (wrong) {
    live.dataset.state = "wrong";
    live.replaceChildren(make("button", { type: "button", textContent: wrong.title }));
  } else {
    live.dataset.state = "live";
    const first = document.querySelector(".card.fresh");
    const news = latest?.news || `Following ${latest?.spec ?? "the file"}`;
    live.replaceChildren(first ? make("a", { href: `#${first.id}`, textContent: news }) : news);
  }
  live.hidden = !trouble.hidden;
}

// Messages may be broken where the window ends; the source may not, or marks would stand under something else:
// each excerpt is a block that scrolls by itself, and leaves its message where it is.
function linesOf(text) {
  const lines = [make("div")];
  for (const [role, stretch] of text) {
    stretch.split("\n").forEach((part, number) => {
      if (number) lines.push(make("div"));
      if (role === "frame" && part.includes("|")) lines.at(-1).className = "source";
      lines.at(-1).append(role ? make("span", { className: `as-${role}`, textContent: part }) : part);
    });
  }
  const blocks = [];
  for (const line of lines) {
    if (!line.matches(".source")) blocks.push(line);
    else if (blocks.at(-1)?.matches(".scroll")) blocks.at(-1).append(line);
    else blocks.push(make("div", { className: "scroll" }, line));
  }
  return blocks;
}

// Scrolls every excerpt as far as its mark, or as far as the mark's beginning where that is wider than the window.
function reachMarks() {
  for (const block of excerpt.querySelectorAll(".scroll")) {
    const [inside, mark] = [block, block.querySelector(".as-mark")].map((one) => one?.getBoundingClientRect());
    if (mark) block.scrollLeft = Math.max(0, Math.min(mark.right + 24 - inside.right, mark.left - 24 - inside.left));
  }
}

let isReached = true;
function takeUpTrouble(wrong) {
  headline.textContent = wrong.title;
  beneath.textContent = document.getElementById("board") ? "The last version that was right lies beneath." : "";
  const text = JSON.stringify(wrong.text);
  if (text === excerpt.dataset.text) return;
  excerpt.dataset.text = text;
  excerpt.replaceChildren(...linesOf(wrong.text));
  isReached = false;
}

let isBusy = false;
async function keepUp() {
  if (isBusy) return;
  isBusy = true;
  let done = null;
  try {
    while (done !== latest) {
      done = latest;
      if (done.trouble) takeUpTrouble(done.trouble);
      if (done.session !== PAGE.session || done.number !== PAGE.number) await takeOver();
      tell();
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // the command ended meanwhile
  } finally {
    isBusy = false;
  }
}

const events = new EventSource("/events");
events.addEventListener("message", (event) => {
  const news = JSON.parse(event.data);
  if (JSON.stringify(news.trouble) !== JSON.stringify(latest?.trouble)) isDismissed = false;
  latest = news;
  isThere = true;
  keepUp();
});
events.addEventListener("error", () => {
  isThere = false;
  tell();
});

prepare(document);
fetchClips();
