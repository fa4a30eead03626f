// What is set in the project: its clock, limits, faults and plan.

import { ask } from "./asking.js";
import { byId, say, show } from "./dom.js";

export const project = {
  timezone: "UTC",
  personal: {},
  latest: null,
  // A time of the project as its people read it.
  time(text) {
    return clockTime(text);
  },
};

let format = formatFor("UTC");

function clockTime(text) {
  const instant = new Date(text);
  return Number.isNaN(instant.valueOf()) ? text : format.format(instant);
}

function formatFor(timeZone) {
  const digits = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  try {
    return new Intl.DateTimeFormat("en-GB", { ...digits, timeZone });
  } catch {
    return new Intl.DateTimeFormat("en-GB", { ...digits, timeZone: "UTC" });
  }
}

export async function look() {
  const answer = await ask("/local/overview");
  project.latest = answer;
  project.personal = answer.personal;
  if (answer.timezone !== project.timezone) {
    project.timezone = answer.timezone;
    format = formatFor(answer.timezone);
  }
  draw(answer);
}

function draw(answer) {
  show(byId("off-plan"), answer.has_plan);
  const clock = byId("clock");
  say(clock, `${clockTime(answer.now)} ${answer.timezone}`);
  clock.classList.toggle("set", answer.clock_is_set);
  clock.title = answer.clock_is_set ? "The clock was set." : "This machine's clock";
  drawCount("faults", answer.faults.length);
  drawCount("assumptions", answer.assumptions.length);
}

function drawCount(name, count) {
  say(byId(`count-${name}`), count ? String(count) : "");
}
