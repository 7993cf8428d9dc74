const $ = (id) => document.getElementById(id);
let sections = [...document.querySelectorAll("main > section")];

// A picture is in the page once; the others that look the same take it from there.
const sources = new Map();
for (const image of document.querySelectorAll("img[data-frame][src]")) sources.set(image.dataset.frame, image.src);
for (const image of document.querySelectorAll("img[data-frame]:not([src])")) image.src = sources.get(image.dataset.frame);

let current = 0;
function show(index, isAsked = true) {
  current = Math.min(Math.max(index, 0), sections.length - 1);
  sections.forEach((section, number) => { section.hidden = number !== current; });
  if (!$("video")) return;
  $("video").value = sections[current].id;
  $("place").textContent = `${current + 1} of ${sections.length}`;
  $("before").disabled = current === 0;
  $("after").disabled = current === sections.length - 1;
  if (isAsked) history.replaceState(null, "", `#key=${encodeURIComponent(sections[current].dataset.key)}`);
}

const large = $("large");
let enlarged = [];
let at = 0;
function enlarge(number) {
  at = Math.min(Math.max(number, 0), enlarged.length - 1);
  const [image, card] = [enlarged[at], enlarged[at].closest(".card, .side")];
  const big = large.querySelector("img");
  big.src = image.src;
  big.alt = image.alt;
  const which = card.querySelector(".which")?.textContent ?? `of ${enlarged.length}`;
  large.querySelector("p").textContent = `${card.querySelector(".number").textContent} ${which} · ${card.querySelector(".time").textContent}`;
  if (!large.open) large.showModal();
}

document.addEventListener("click", (event) => {
  const frame = event.target.closest(".frame");
  if (frame) {
    enlarged = [...frame.closest("section").querySelectorAll(".frame img")].filter((image) => image.offsetParent);
    enlarge(enlarged.indexOf(frame.querySelector("img")));
  } else if (event.target === large || event.target.closest("#large")) large.close();
  else if (event.target.id === "before") show(current - 1);
  else if (event.target.id === "after") show(current + 1);
});
document.addEventListener("change", (event) => {
  if (event.target.id === "video") show(sections.findIndex((section) => section.id === event.target.value));
});
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.target.tagName === "SELECT") return;
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  event.preventDefault();
  if (large.open) enlarge(at + step);
  else show(current + step);
});

function fromAddress() {
  const hash = location.hash;
  const key = hash.startsWith("#key=") ? decodeURIComponent(hash.slice(5)) : undefined;
  const named = sections.findIndex((section) => section.dataset.key === key);
  const holding = sections.findIndex((section) => hash.startsWith(`#${section.id}-`));
  show(named >= 0 ? named : Math.max(holding, 0), false);
  // The browser looked for the scene while its video was hidden.
  if (holding >= 0) $(hash.slice(1))?.scrollIntoView();
}
window.addEventListener("hashchange", fromAddress);
fromAddress();
