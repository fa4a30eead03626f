// Profiles of people and groups, by a part of their ids.

import { ask } from "./asking.js";
import { byId, make, say, show } from "./dom.js";
import { withTools } from "./json_view.js";
import { project } from "./overview.js";
import { RowList } from "./row_list.js";

export const list = new RowList(byId("rows-profiles"), {
  head,
  detail,
  version: (profile) => profile.name,
});
export const filter = byId("filter-profiles");

export async function look() {
  const search = filter.value;
  const answer = await ask("/local/profiles", { search });
  if (search !== filter.value) return;
  list.show(answer.profiles.map(keyed));
  const shown = answer.profiles.length;
  const many = `the first ${shown} of ${answer.found}`;
  say(byId("found-profiles"), answer.found > shown ? many : `${answer.found} found`);
  show(byId("empty-profiles"), !shown);
}

function keyed(profile) {
  return { ...profile, key: `${profile.group_key}\n${profile.distinct_id}` };
}

function personalOf(profile) {
  return project.personal[profile.group_key ? "group" : "profile"] ?? [];
}

function head(profile) {
  const personal = personalOf(profile);
  const isMasked = personal.includes("$name") || personal.includes("$email");
  const kind = profile.group_key || "person";
  return [
    make("span", { class: "badges" }, make("span", { class: "badge kind" }, kind)),
    make("span", { class: "what" }, profile.distinct_id),
    make("span", { class: "who" }, isMasked ? "" : profile.name),
  ];
}

async function detail(profile) {
  const { group_key, distinct_id } = profile;
  const { properties } = await ask("/local/profile", { group_key, distinct_id });
  return withTools(properties, personalOf(profile));
}
