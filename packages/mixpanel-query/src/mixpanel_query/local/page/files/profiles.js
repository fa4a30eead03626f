// Profiles, by a part of their ids.

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
  list.show(answer.profiles.map((each) => ({ ...each, key: each.distinct_id })));
  const shown = answer.profiles.length;
  const many = `the first ${shown} of ${answer.found}`;
  say(byId("found-profiles"), answer.found > shown ? many : `${answer.found} found`);
  show(byId("empty-profiles"), !shown);
}

function head(profile) {
  const isMasked = ["$name", "$email"].some((name) =>
    (project.personal.profile ?? []).includes(name),
  );
  return [
    make("span", { class: "what" }, profile.distinct_id),
    make("span", { class: "who" }, isMasked ? "" : profile.name),
  ];
}

async function detail({ distinct_id }) {
  const { properties } = await ask("/local/profile", { distinct_id });
  return withTools(properties, project.personal.profile);
}
