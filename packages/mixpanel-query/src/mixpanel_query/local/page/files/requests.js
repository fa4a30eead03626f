// The log of requests.

import { ask, change } from "./asking.js";
import { byId, make, show } from "./dom.js";
import { withTools } from "./json_view.js";
import { project } from "./overview.js";
import { RowList } from "./row_list.js";

export const list = new RowList(byId("rows-requests"), {
  head,
  detail,
  version: (request) => `${request.status} ${request.fault}`,
});
export const filter = byId("filter-requests");

let logged = [];

export function start() {
  filter.addEventListener("input", draw);
  byId("clear-requests").addEventListener("click", async () => {
    await change("DELETE", "/local/requests");
    await look();
  });
}

export async function look() {
  logged = (await ask("/local/requests")).requests.toReversed();
  draw();
}

function draw() {
  const words = filter.value.trim().toLowerCase();
  const found = logged.filter((request) => textOf(request).includes(words));
  list.show(found.map((request) => ({ ...request, key: request.number })));
  show(byId("empty-requests"), !found.length);
}

function textOf({ method, path, status, fault }) {
  const parts = [method, path, status ?? "under way", fault ? `fault ${fault}` : ""];
  return parts.join(" ").toLowerCase();
}

function head(request) {
  const { status, fault } = request;
  const kind = status === null ? "ignored" : status < 400 ? "kept" : "refused";
  const badges = [make("span", { class: `badge ${kind}` }, String(status ?? "…"))];
  if (fault) badges.push(make("span", { class: "badge changed" }, `fault ${fault}`));
  return [
    make("span", { class: "time" }, project.time(request.time)),
    make("span", { class: "badges" }, ...badges),
    make("span", { class: "what" }, `${request.method} ${request.path}`),
  ];
}

function detail(request) {
  const parameters = JSON.stringify(request.query);
  return [
    make("p", { class: "quiet" }, `request ${request.number}, ${request.time}`),
    parameters === "{}"
      ? make("p", { class: "quiet" }, "It has no parameters in its URL.")
      : make("div", {}, ...withTools(parameters)),
  ];
}
