// The page: which view is shown, and when it asks the project.

import { repeat } from "./asking.js";
import { byId, say, show } from "./dom.js";
import * as faults from "./faults.js";
import * as keys from "./keys.js";
import * as overview from "./overview.js";
import * as profiles from "./profiles.js";
import * as project from "./project.js";
import * as records from "./records.js";
import * as requests from "./requests.js";

const VIEWS = {
  events: records,
  profiles,
  requests,
  faults,
  project,
};
const NAMES = Object.keys(VIEWS);
const OFTEN_MS = 400;
const SELDOM_MS = 1500;

const present = () => {
  const name = location.hash.slice(1);
  return NAMES.includes(name) ? name : "events";
};
const view = () => VIEWS[present()];

// Tell whether the project answers, beside what was asked.
async function tried(work) {
  try {
    await work();
    state("live", document.body.classList.contains("paused") ? "paused" : "live");
    show(byId("trouble"), false);
  } catch (error) {
    const isAway = error instanceof TypeError || error.name === "TimeoutError";
    state("away", isAway ? "no answer" : "trouble");
    const said = isAway ? "The project does not answer; is it still served?" : error.message;
    say(byId("trouble"), said);
    show(byId("trouble"), true);
    if (!isAway) console.error(error);
  }
}

function state(name, text) {
  const place = byId("state");
  place.dataset.state = text === "paused" ? "paused" : name;
  say(place, text);
}

function draw() {
  const name = present();
  for (const each of NAMES) show(byId(`view-${each}`), each === name);
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${name[0].toUpperCase()}${name.slice(1)} · Local project`;
  view().draw?.();
}

function begin() {
  for (const place of document.querySelectorAll(".address")) {
    say(place, location.origin);
  }
  const properties = '{"token":"any","distinct_id":"me"}';
  const event = `[{"event":"Sign Up","properties":${properties}}]`;
  say(byId("try"), `curl ${location.origin}/track --json '${event}'`);

  const lookAround = () =>
    tried(async () => {
      await overview.look();
      if (present() !== "events") await view().look?.();
      view().draw?.();
    });
  records.start();
  requests.start();
  faults.start();
  project.start(overview.look);
  keys.start({
    viewNames: NAMES,
    list: () => view().list,
    filter: () => view().filter,
    pause: records.pause,
  });

  draw();
  const often = repeat(() => tried(records.look), OFTEN_MS);
  const seldom = repeat(lookAround, SELDOM_MS);
  profiles.filter.addEventListener("input", seldom);
  window.addEventListener("hashchange", () => {
    draw();
    seldom();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) often();
  });
}

overview.look().then(begin, begin);
