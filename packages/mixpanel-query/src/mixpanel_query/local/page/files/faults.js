// Faults: those there are, and a form for another one.

import { change } from "./asking.js";
import { byId, make, say, show } from "./dom.js";
import { look, project } from "./overview.js";

const PRESETS = {
  down: { status: 503, times: 1 },
  busy: { status: 429, retry: "5", times: 1 },
  slow: { delay: 10, times: 1 },
  cut: { path: "/api/2.0/export", cut_after_rows: 10, times: 1 },
};
const NUMBERS = ["status", "delay", "cut_after_rows", "after", "times"];

const form = byId("fault");

export function start() {
  form.addEventListener("submit", add);
  byId("clear-faults").addEventListener("click", () => clear());
  byId("list-faults").addEventListener("click", ({ target }) => {
    if (target.dataset.fault) clear(target.dataset.fault);
  });
  for (const button of document.querySelectorAll("[data-preset]")) {
    button.addEventListener("click", () => fill(PRESETS[button.dataset.preset]));
  }
}

function fill(preset) {
  const path = form.elements.path.value;
  form.reset();
  form.elements.path.value = path;
  for (const [name, value] of Object.entries(preset)) {
    form.elements[name].value = value;
  }
  form.elements.path.focus();
}

async function add(event) {
  event.preventDefault();
  const problem = byId("fault-problem");
  try {
    await change("POST", "/local/faults", wordsOf(new FormData(form)));
    say(problem, "");
    form.reset();
    await update();
  } catch (error) {
    say(problem, error.message);
  }
}

function wordsOf(data) {
  const words = {};
  for (const name of ["path", "method", "body"]) {
    if (data.get(name)) words[name] = data.get(name);
  }
  for (const name of NUMBERS) {
    if (data.get(name) !== "") words[name] = Number(data.get(name));
  }
  if (data.get("retry")) words.headers = { "Retry-After": data.get("retry") };
  return words;
}

async function clear(number) {
  await change("DELETE", number ? `/local/faults/${number}` : "/local/faults");
  byId("fault").elements.path.focus();
  await update();
}

async function update() {
  await look();
  draw();
}

export function draw() {
  const faults = project.latest?.faults ?? [];
  const drawn = JSON.stringify(faults);
  const list = byId("list-faults");
  if (list.dataset.drawn !== drawn) {
    list.dataset.drawn = drawn;
    list.replaceChildren(...faults.map(card));
  }
  show(byId("empty-faults"), !faults.length);
  show(byId("clear-faults"), faults.length > 0);
}

function card(fault) {
  const label = `Clear fault ${fault.id}`;
  const clear = { type: "button", "data-fault": fault.id, "aria-label": label };
  return make(
    "li",
    {},
    make("b", {}, `${fault.id}. `),
    sentence(fault),
    make("span", { class: "quiet" }, ` Seen ${fault.seen}, hit ${fault.hits}.`),
    make("button", clear, "Clear"),
  );
}

function sentence(fault) {
  const parts = [`${fault.method ?? "Any method"} ${fault.path}:`];
  if (fault.status !== null) parts.push(`status ${fault.status}`);
  else if (fault.body !== null) parts.push("another body");
  if (fault.cut_after_rows !== null) parts.push(`cut after ${fault.cut_after_rows} rows`);
  if (fault.delay) parts.push(`${fault.delay} s late`);
  for (const [name, value] of Object.entries(fault.headers)) {
    parts.push(`${name} ${value}`);
  }
  if (fault.after) parts.push(`after ${fault.after} others`);
  parts.push(howOften(fault.times));
  return `${parts[0]} ${parts.slice(1).join(", ")}.`;
}

function howOften(times) {
  if (times === null) return "until it is cleared";
  return times === 1 ? "once" : `${times} times`;
}
