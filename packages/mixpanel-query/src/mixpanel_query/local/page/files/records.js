// Events and updates as they arrive, and what became of each.

import { ask, change } from "./asking.js";
import { announce, byId, make, say, show } from "./dom.js";
import { withTools } from "./json_view.js";
import { project } from "./overview.js";
import { RowList } from "./row_list.js";

const MOST_ROWS = 1000;
const OUTCOMES = ["kept", "changed", "ignored", "refused"];

let kept = []; // the newest last
let waiting = []; // while it is paused
let last = 0;
let isPaused = false;

export const list = new RowList(byId("rows-events"), { head, detail });
export const filter = byId("filter-events");

export function start() {
  filter.addEventListener("input", draw);
  for (const choice of document.querySelectorAll("[name=outcome]")) {
    choice.addEventListener("change", draw);
  }
  byId("pause").addEventListener("click", pause);
  byId("clear-events").addEventListener("click", clear);
}

// Ask for what is new; the project keeps the latest thousand, and so does the page.
export async function look() {
  const answer = await ask("/local/records", { after: last });
  const isAnother = answer.last !== null && answer.last < last;
  if (isAnother || answer.first === null) forget();
  if (!isPaused && kept.length && kept[0].number < answer.first) {
    kept = kept.filter((record) => record.number >= answer.first);
  }
  if (answer.last !== null) last = answer.last;
  take(answer.records.map(readable));
}

function forget() {
  const had = kept.length + waiting.length;
  last = 0;
  kept = [];
  waiting = [];
  if (had) draw();
}

function take(records) {
  if (!records.length) return;
  waiting = [...waiting, ...records].slice(-MOST_ROWS);
  if (isPaused) {
    say(byId("pause"), `Go on (${waiting.length} new)`);
    return;
  }
  kept = [...kept, ...waiting].slice(-MOST_ROWS);
  tell(waiting);
  waiting = [];
  draw();
}

function readable(record) {
  const said = [record.name, record.distinct_id, record.kind, record.path];
  const all = [...said, ...record.problems, ...record.plan, record.properties ?? ""];
  return { ...record, key: record.number, text: all.join("\n").toLowerCase() };
}

function tell(records) {
  const wrong = records.filter((record) => record.outcome === "refused").length;
  const off = records.filter((record) => record.plan.length).length;
  const parts = [`${records.length} new`];
  if (wrong) parts.push(`${wrong} refused`);
  if (off) parts.push(`${off} off plan`);
  announce(parts.join(", "));
}

export function pause() {
  isPaused = !isPaused;
  const button = byId("pause");
  button.setAttribute("aria-pressed", String(isPaused));
  say(button, isPaused ? "Go on" : "Pause");
  document.body.classList.toggle("paused", isPaused);
  if (isPaused) return;
  kept = [...kept, ...waiting].slice(-MOST_ROWS);
  waiting = [];
  draw();
}

async function clear() {
  await change("DELETE", "/local/verdicts");
  forget();
  draw();
}

function draw() {
  const words = filter.value.trim().toLowerCase();
  const outcome = document.querySelector("[name=outcome]:checked").value;
  const found = words ? kept.filter((record) => record.text.includes(words)) : kept;
  count(found);
  const rows = found.filter((record) => isOf(record, outcome));
  list.show(rows.toReversed());
  show(byId("empty-events"), !kept.length);
  drawNote(rows.length);
}

function drawNote(shown) {
  const missing = kept.length ? last - kept[0].number + 1 - kept.length : 0;
  const note = byId("gap");
  show(note, Boolean(kept.length) && (!shown || missing > 0));
  if (!shown) say(note, "No record is like that.");
  else say(note, `${missing} more came too fast to be kept here.`);
}

function isOf(record, outcome) {
  if (outcome === "off plan") return record.plan.length > 0;
  return !outcome || record.outcome === outcome;
}

function count(records) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const outcome = place.dataset.count;
    say(place, String(records.filter((each) => isOf(each, outcome)).length));
  }
  say(byId("count-events"), kept.length ? String(kept.length) : "");
}

function head(record) {
  // What is kept as it came has remarks only, which weigh less than the plan.
  const { outcome, problems: said, plan } = record;
  const [problem = "", ...others] = outcome === "kept" ? [...plan, ...said] : [...said, ...plan];
  const more = others.length;
  return [
    make("span", { class: "time" }, project.time(record.time)),
    make("span", { class: "badges" }, ...badges(record)),
    make("span", { class: "what" }, record.name || "(no name)"),
    make("span", { class: "who" }, record.distinct_id || "nobody"),
    make("span", { class: "why" }, more > 0 ? `${problem} (+${more})` : problem),
  ];
}

function badges(record) {
  const outcome = OUTCOMES.includes(record.outcome) ? record.outcome : "";
  const found = [make("span", { class: `badge ${outcome}` }, record.outcome)];
  if (record.plan.length) found.push(make("span", { class: "badge plan" }, "off plan"));
  if (record.kind !== "event") {
    found.push(make("span", { class: "badge kind" }, record.kind));
  }
  return found;
}

async function detail(record) {
  const place = `record ${record.number}, item ${record.index} of ${record.path}`;
  const parts = [
    problems("Mixpanel's rules", record.problems),
    problems("Tracking plan", record.plan),
    make("p", { class: "quiet" }, `${place}, ${record.time}`),
  ];
  const text = record.properties ?? (await whole(record.number));
  if (text) {
    parts.push(...withTools(text, project.personal[record.kind]));
  } else {
    parts.push(make("p", { class: "quiet" }, "Nothing of it was kept."));
  }
  return parts.filter(Boolean);
}

async function whole(number) {
  return (await ask(`/local/verdicts/${number}`)).properties;
}

function problems(title, sentences) {
  if (!sentences.length) return null;
  const items = sentences.map((sentence) => make("li", {}, sentence));
  return make(
    "div",
    { class: title === "Tracking plan" ? "found plan" : "found" },
    make("strong", {}, title),
    make("ul", {}, ...items),
  );
}
