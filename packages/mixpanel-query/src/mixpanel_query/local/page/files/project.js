// The project: events by name, clock, limits, assumptions, and starting again.

import { ask, change } from "./asking.js";
import { byId, facts, make, say, show } from "./dom.js";
import * as overview from "./overview.js";

const LIMITS = {
  per_hour: "questions an hour",
  concurrent: "questions at once",
  exports_per_second: "exports a second",
  exports_at_once: "exports at once",
  lexicon_per_minute: "Lexicon requests a minute",
};

export function start(changed) {
  const refresh = async () => {
    await changed();
    await look();
  };
  const on = (id, work) =>
    byId(id).addEventListener("click", () => work().then(refresh));
  on("limits-on", () => change("POST", "/local/limits"));
  on("limits-off", () => change("DELETE", "/local/limits"));
  on("free-clock", () => change("DELETE", "/local/clock"));
  byId("set-clock").addEventListener("submit", (event) => setClock(event, refresh));
  byId("open-reset").addEventListener("click", () => byId("reset").showModal());
  on("do-reset", async () => {
    await change("POST", "/local/reset");
    byId("reset").close();
  });
}

async function setClock(event, refresh) {
  event.preventDefault();
  try {
    const now = new FormData(event.target).get("now");
    await change("POST", "/local/clock", { now });
    say(byId("clock-problem"), "");
    event.target.reset();
    await refresh();
  } catch (error) {
    say(byId("clock-problem"), error.message);
  }
}

export async function look() {
  drawNames(await ask("/local/names"));
}

export function draw() {
  const latest = overview.project.latest;
  if (!latest) return;
  const clock = latest.clock_is_set ? "it was set" : "this machine's";
  say(byId("clock-long"), `${latest.now.slice(0, 19)} UTC, ${clock}`);
  facts(byId("settings"), [
    ["address", location.origin],
    ["days begin in", latest.timezone],
    ["project id", latest.project_id ?? "any"],
    ["token", latest.has_token ? "one; events with others are ignored" : "any"],
    ["tracking plan", latest.has_plan ? "records are compared with it" : "none"],
  ]);
  const limits = Object.entries(LIMITS).map(([word, name]) => [
    name,
    latest.limits[word] ?? "no limit",
  ]);
  facts(byId("limits"), limits);
  byId("assumptions").replaceChildren(...latest.assumptions.map(card));
  show(byId("empty-assumptions"), !latest.assumptions.length);
}

function drawNames({ events, names, counts }) {
  const most = counts.length ? counts[0][1] : 1;
  const kinds = names === 1 ? "one name" : `${names.toLocaleString("en")} names`;
  say(byId("total"), `${events.toLocaleString("en")} events of ${kinds}`);
  byId("names").replaceChildren(...counts.map((pair) => bar(pair, most)));
}

function bar([name, count], most) {
  const share = make("i");
  share.style.width = `${(100 * count) / most}%`;
  return make(
    "li",
    {},
    make("span", { class: "what" }, name),
    make("span", { class: "number" }, count.toLocaleString("en")),
    make("span", { class: "share", "aria-hidden": "true" }, share),
  );
}

function card(rule) {
  const kind = rule.grade === "observed" ? "ignored" : "changed";
  return make(
    "li",
    {},
    make("span", { class: `badge ${kind}` }, rule.grade),
    make("code", {}, rule.rule_id),
    make("p", {}, rule.behaviour),
    make("p", { class: "quiet" }, rule.source),
  );
}
