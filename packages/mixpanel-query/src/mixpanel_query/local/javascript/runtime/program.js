// What the process around the engine calls: plan(), feed() and more().
class Join {
  constructor({type}) {
    this.keepsEvents = type === "full" || type === "left";
    this.keepsUsers = type === "full" || type === "right";
    this.users = new Map();
    this.met = new Set();
  }

  // Of those whose selectors do not match, `kept` is false; without selectors there is none.
  addUsers(users, kept) {
    users.forEach((user, place) => {
      this.users.set(user.distinct_id, user);
      if (kept && !kept[place]) this.met.add(user.distinct_id);
    });
  }

  pairs(events, kept) {
    const found = [];
    events.forEach((event, place) => {
      const {distinct_id} = event, user = this.users.get(distinct_id);
      if (user) this.met.add(distinct_id);
      if ((user || this.keepsEvents) && (!kept || kept[place]))
        found.push({distinct_id, event, user});
    });
    return found;
  }

  // The users who are to stand there without an event.
  *rest() {
    let found = [];
    if (this.keepsUsers)
      for (const [distinct_id, user] of this.users)
        if (!this.met.has(distinct_id) &&
            found.push({distinct_id, event: undefined, user}) === AT_ONCE) {
          yield found;
          found = [];
        }
    yield found;
  }
}

let stages, joined, output;

// A script may have changed what JSON makes of objects; what is none must not get out.
function written(value, opening) {
  const text = stringify(value);
  if (typeof text === "string" && text[0] === opening) return text;
  throw new TypeError("what the script returned cannot be written as JSON");
}

function through(first, items) {
  for (let place = first; place < stages.length && items.length > 0; place++)
    items = stages[place].take(items);
  return items;
}

function plan(main) {
  if (typeof main !== "function")
    throw new TypeError("the script has no function main(); write one");
  const opened = Collection.open(main());
  if (opened === undefined)
    throw new TypeError("main() returned no collection; " +
      "return Events(…), People(…) or join(…), with steps after it");
  stages = opened.steps.map((step) => step.make());
  joined = opened.source.join && new Join(opened.source.join);
  return written(opened.source, "{");
}

function feed(kind, text) {
  const [columns, properties] = openBatch(text);
  if (kind === "events") {
    const events = eventsOf(columns, properties);
    return written(through(0, joined ? joined.pairs(events, columns[3]) : events), "[");
  }
  const users = usersOf(columns, properties);
  if (!joined) return written(through(0, users), "[");
  joined.addUsers(users, columns[2]);
  return "[]";
}

function* ends() {
  if (joined) for (const items of joined.rest()) yield through(0, items);
  for (let place = 0; place < stages.length; place++)
    for (const items of stages[place].end()) yield through(place + 1, items);
}

// The next items after all input; undefined when there are no more.
function more() {
  output = output || ends();
  const {value, done} = output.next();
  return done ? undefined : written(value, "[");
}

const notes = () => written([...used], "[");

const mixpanel = {
  ...timeBuckets,
  numeric_bucket: numericBucket,
  to_number: toNumber,
  multiple_keys: (accessors) => new MultipleKeys(accessors),
  slice,
  reducer: {
    count, sum, avg, min, max, any, top, null: nothing,
    numeric_summary: numericSummary, numeric_percentiles: percentiles,
    min_by: minBy, max_by: maxBy, object_merge: objectMerge,
    // These two stand here in other documents and clients.
    applyGroupLimits: groupLimits, numeric_bucket: numericBucket,
  },
};
// What the runtime stands on. Nobody has a reason to change it, and whoever did could
// keep it going for ever.
const iterator = (iterable) => Object.getPrototypeOf(iterable[Symbol.iterator]());
const generators = Object.getPrototypeOf(function* () {}).prototype;
for (const each of [JSON, Map.prototype, Set.prototype, generators,
  Object.getPrototypeOf(generators), iterator([]), iterator(new Map()), iterator(new Set())])
  Object.freeze(each);
// Waiting on shared memory would be a pause that costs no processor time.
for (const name of ["Atomics", "SharedArrayBuffer"]) delete globalThis[name];
Object.assign(globalThis, {Events, People, join, mixpanel});
return (name, ...given) => ({plan, feed, more, notes})[name](...given);
