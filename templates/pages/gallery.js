const $ = (id) => document.getElementById(id);
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const sections = [...document.querySelectorAll("main > section")];
const cards = new Map(sections.map((section) => [section, [...section.children]]));
const fields = ["search", "gender", "language", "whose"].map($).filter(Boolean);

function show() {
  const chosen = document.querySelector("#section input:checked");
  const words = fold($("search").value).split(/\s+/).filter(Boolean);
  let count = 0;
  for (const section of sections) {
    const isShown = !chosen || chosen.value === section.id;
    section.hidden = !isShown;
    if (!isShown) continue;
    for (const card of cards.get(section)) {
      const { search, gender, language, whose } = card.dataset;
      const fits = words.every((word) => search.includes(word))
        && (!$("gender").value || $("gender").value === gender)
        && (!$("whose").value || $("whose").value === whose)
        && (section.id !== "voices" || !$("language")?.value || $("language").value === language);
      card.hidden = !fits;
      count += fits;
    }
  }
  const isOfVoices = !chosen || chosen.value === "voices";
  for (const label of document.querySelectorAll("[data-for=voices]")) label.hidden = !isOfVoices;
  $("count").textContent = `${count.toLocaleString("en")} shown`;
  $("nothing").hidden = count > 0;
}

function clear() {
  for (const field of fields) field.value = "";
  show();
}

let hiding;
function say(text) {
  $("said").textContent = text;
  $("said").classList.add("seen");
  clearTimeout(hiding);
  hiding = setTimeout(() => $("said").classList.remove("seen"), 1800);
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
  say(`copied ${text}`);
}

const player = new Audio();
let playing;
function stop() {
  player.pause();
  if (playing) {
    playing.setAttribute("aria-pressed", "false");
    playing.textContent = "▶";
  }
  playing = undefined;
}

function play(button) {
  const isPlaying = playing === button;
  stop();
  if (isPlaying) return;
  playing = button;
  button.setAttribute("aria-pressed", "true");
  button.textContent = "❚❚";
  player.src = button.dataset.sample;
  player.play().catch(() => {
    if (playing !== button) return;
    stop();
    say("this sample can't be played any more: --refresh gets a new link");
  });
}
player.addEventListener("ended", stop);

function moving(button) {
  const video = Object.assign(document.createElement("video"), { src: button.dataset.clip, muted: true, loop: true, playsInline: true, controls: true });
  button.replaceWith(video);
  video.play().catch(() => { video.remove(); say("this clip can't be played any more: --refresh gets a new link"); });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.copy) copy(button.dataset.copy);
  else if (button.dataset.sample) play(button);
  else if (button.dataset.clip) moving(button);
  else if (button.id === "clear") clear();
});
document.addEventListener("keydown", (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement?.tagName ?? "");
  if (event.key === "/" && !isTyping) { event.preventDefault(); $("search").focus(); }
  if (event.key === "Escape") { clear(); stop(); }
});
document.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
document.querySelector("form").addEventListener("input", show);
// The letters below a picture show where it can't be loaded any more.
for (const image of document.querySelectorAll(".picture img")) {
  image.addEventListener("error", () => image.remove());
  if (image.complete && image.src && !image.naturalWidth) image.remove();
}
show();
