// What single keys do; none of them does anything while somebody types.

import { byId } from "./dom.js";

const OFF = "mixpanel-local-keys-off";

export function start({ viewNames, list, filter, pause }) {
  const box = byId("use-keys");
  box.checked = localStorage.getItem(OFF) === null;
  box.addEventListener("change", () => {
    if (box.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
  byId("open-help").addEventListener("click", () => byId("help").showModal());

  const single = {
    "/": () => filter()?.focus(),
    "?": () => byId("help").showModal(),
    j: () => list()?.go(1),
    k: () => list()?.go(-1),
    p: pause,
  };
  for (const [place, name] of viewNames.entries()) {
    single[String(place + 1)] = () => {
      location.hash = name;
    };
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") leave(filter(), list());
    else if (isArrow(event)) walk(event, list(), filter());
    else if (box.checked && !isTyping(event.target) && single[event.key]) {
      event.preventDefault();
      single[event.key]();
    }
  });
}

function isTyping(element) {
  return element.matches("input:not([type=radio], [type=checkbox]), select, textarea");
}

function isArrow(event) {
  return event.key === "ArrowDown" || event.key === "ArrowUp";
}

// Arrows walk through the rows, from the filter too; elsewhere they do what they do.
function walk(event, list, filter) {
  const { target } = event;
  const isRow = target.matches(".row");
  const isFree = target === document.body || target.id === "main";
  const isFilter = target === filter && event.key === "ArrowDown";
  if (!isRow && !isFree && !isFilter) return;
  if (isFilter) list?.reach(list.list.firstElementChild);
  if (list?.go(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
}

function leave(filter, list) {
  if (list?.closeFocused()) return;
  if (document.activeElement !== filter) return;
  if (filter.value) {
    filter.value = "";
    filter.dispatchEvent(new Event("input"));
  } else {
    filter.blur();
  }
}
