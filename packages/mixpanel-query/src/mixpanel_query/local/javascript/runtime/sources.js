// Sources: which events and profiles a script asks for, and the items made of them.
function optionsOf(name, given) {
  if (given === undefined || (typeof given === "object" && given !== null)) return given || {};
  throw new TypeError(`${name}() is given ${nameOf(given)}; give an object`);
}

function Events(given) {
  return new Collection({events: optionsOf("Events", given)});
}

function People(given) {
  return new Collection({people: optionsOf("People", given)});
}

function join(events, people, given) {
  const [left, right] = [events, people].map(Collection.open);
  if (!left || !right || !left.source.events || !right.source.people)
    throw new TypeError("join() takes events first, and people second; " +
      "write join(Events(…), People(…))");
  if (left.steps.length + right.steps.length > 0)
    throw new TypeError("join() is given a collection with steps, and takes none; " +
      "put them after join()");
  const join = {type: "full", ...optionsOf("join", given)};
  if (!["full", "left", "right", "inner"].includes(join.type))
    throw new TypeError(`join has the type ${join.type}; give full, left, right or inner`);
  return new Collection({events: left.source.events, people: right.source.people, join});
}

// Properties are read when a script first looks at them, as most look at few.
function eventOf(name, distinct_id, time, text) {
  let value;
  return {
    name, distinct_id, time, sampling_factor: 1,
    get properties() { return value === undefined ? (value = parse(text)) : value; },
    set properties(given) { value = given; },
  };
}

function userOf(distinct_id, time, text) {
  let value;
  return {
    distinct_id, time, last_seen: time,
    get properties() { return value === undefined ? (value = parse(text)) : value; },
    set properties(given) { value = given; },
  };
}

// A batch is a list of columns, and the properties of each item as JSON.
function openBatch(text) {
  const [head, ...properties] = text.split("\u001e");
  return [parse(head), properties];
}

const orNothing = (value) => (value === null ? undefined : value);

function eventsOf([names, ids, times], properties) {
  return properties.map((each, place) =>
    eventOf(names[place], orNothing(ids[place]), times[place], each));
}

function usersOf([ids, times], properties) {
  return properties.map((each, place) => userOf(ids[place], orNothing(times[place]), each));
}
