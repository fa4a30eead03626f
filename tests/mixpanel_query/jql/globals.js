// A small stand-in for what Mixpanel gives to JQL scripts, written from its documents.
// `data` has events and people; selectors know `properties["x"] == …` and the like.
"use strict";

function read(accessor, item) {
  if (accessor === undefined) return item;
  if (typeof accessor === "function") return accessor(item);
  return accessor.split(".").reduce(
    (value, name) => (value == null ? undefined : value[name]), item);
}

function matches(selectors, event, user) {
  if (!selectors || selectors.length === 0) return true;
  return selectors.some((entry) => {
    if (entry.event !== undefined && !(event && event.name === entry.event)) return false;
    if (entry.selector === undefined) return true;
    const test = new Function("properties", "user", "return " + entry.selector);
    return test((event || {}).properties || {}, (user || {}).properties || {});
  });
}

function Events(options) {
  const day = (event) => new Date(event.time).toISOString().slice(0, 10);
  return new Collection(data.events.filter((event) =>
    options.from_date <= day(event) && day(event) <= options.to_date &&
    matches(options.event_selectors, event)), true);
}

function People(options) {
  const selectors = (options || {}).user_selectors;
  return new Collection(data.people.filter((user) => matches(selectors, null, user)), true);
}

function join(events, people, options) {
  if (!events.isSource || !people.isSource) throw new Error("no transformation in join()");
  const users = new Map(people.items.map((user) => [user.distinct_id, user]));
  const seen = new Set(), rows = [];
  for (const event of events.items) {
    seen.add(event.distinct_id);
    rows.push({distinct_id: event.distinct_id, event, user: users.get(event.distinct_id)});
  }
  for (const user of people.items)
    if (!seen.has(user.distinct_id)) rows.push({distinct_id: user.distinct_id, user});
  const type = options.type || "full";
  return new Collection(rows.filter((row) =>
    (row.event || type === "full" || type === "right") &&
    (row.user || type === "full" || type === "left") &&
    matches(options.selectors, row.event, row.user)), true);
}

function keysOf(keys, item) {
  // All keys of one item: usually one, more where multiple_keys stand among them.
  return keys.reduce((found, key) => {
    const several = key && key.multiple
      ? key.multiple.flatMap((accessor) => read(accessor, item)).map((each) => [each])
      : [[].concat(read(key, item))];
    return found.flatMap((start) => several.map((more) => start.concat(more)));
  }, [[]]).map((key) => key.map((each) => (each === undefined ? null : each)));
}

function halves(reducer, items) {
  // Two halves, merged afterwards: as Mixpanel does, nobody sees all items at once.
  const middle = Math.ceil(items.length / 2);
  const parts = [items.slice(0, middle), items.slice(middle)].filter((part) => part.length);
  return reducer(parts.map((part) => reducer([], part)), []);
}

class Collection {
  constructor(items, isSource) { this.items = items; this.isSource = Boolean(isSource); }
  filter(test) { return new Collection(this.items.filter((each) => test(each)), this.isSource); }
  map(change) { return new Collection(this.items.map((each) => change(each))); }
  flatten() { return new Collection(this.items.flatMap((each) => each)); }
  sortAsc(accessor) {
    const order = (a, b) => (read(accessor, a) < read(accessor, b) ? -1 : 1);
    return new Collection([...this.items].sort(order));
  }
  sortDesc(accessor) { return new Collection(this.sortAsc(accessor).items.reverse()); }
  reduce(reducers) {
    const run = (reducer) => halves(reducer.reduce || reducer, this.items);
    return new Collection([Array.isArray(reducers) ? reducers.map(run) : run(reducers)]);
  }
  groupBy(keys, reducers) {
    const groups = new Map();
    for (const item of this.items)
      for (const key of keysOf(keys, item)) {
        const text = JSON.stringify(key);
        if (!groups.has(text)) groups.set(text, {key, items: []});
        groups.get(text).items.push(item);
      }
    return new Collection([...groups.values()].map(({key, items}) =>
      ({key, value: new Collection(items).reduce(reducers).items[0]})));
  }
  groupByUser(keys, reducers) {
    if (!this.isSource) throw new Error("groupByUser after a transformation");
    if (reducers === undefined) [keys, reducers] = [[], keys];
    const ordered = [...this.items].sort((a, b) => a.time - b.time);
    if (typeof reducers !== "function")
      return new Collection(ordered).groupBy(["distinct_id", ...keys], reducers);
    const groups = new Map();
    for (const item of ordered)
      for (const key of keysOf(["distinct_id", ...keys], item)) {
        const text = JSON.stringify(key), group = groups.get(text) || {key};
        groups.set(text, {key, value: reducers(group.value, [item])});
      }
    return new Collection([...groups.values()]);
  }
  applyGroupLimits(limits, all) {
    const counts = new Map();
    return new Collection(this.items.filter(({key}) => {
      const prefixes = limits.map((_, place) => JSON.stringify(key.slice(0, place)));
      const fits = limits.every((limit, place) => {
        const seen = counts.get(prefixes[place]) || new Set();
        return seen.has(key[place]) || seen.size < limit;
      });
      if (fits) limits.forEach((_, place) => {
        if (!counts.has(prefixes[place])) counts.set(prefixes[place], new Set());
        counts.get(prefixes[place]).add(key[place]);
      });
      return fits;
    }).slice(0, all));
  }
}

const numbers = (accessor, items) =>
  items.map((item) => read(accessor, item)).filter((each) => typeof each === "number");
const plus = (a, b) => a + b;

// Each built-in reducer: `of` looks at items, `merge` at earlier results.
const builtIn = (of, merge) => ({reduce: (accumulators, items) =>
  merge(items.length ? [...accumulators, of(items)] : accumulators)});

const summary = (accessor) => builtIn((items) => {
  const values = numbers(accessor, items);
  return {count: values.length, sum: values.reduce(plus, 0),
    sum_squares: values.map((each) => each * each).reduce(plus, 0)};
}, (parts) => {
  const total = (name) => parts.map((part) => part[name]).reduce(plus, 0);
  const count = total("count"), avg = total("sum") / count;
  return {count, sum: total("sum"), sum_squares: total("sum_squares"), avg,
    stddev: Math.sqrt(total("sum_squares") / count - avg * avg)};
});

const kept = (of, end) => ({reduce: (accumulators, items) => {
  // What was kept travels in the accumulators until the last merge.
  const all = [...accumulators.flatMap((each) => each.kept || []), ...of(items)];
  return items.length ? {kept: all} : end(all);
}});

const merged = (a, b) => {
  const result = {...a};
  for (const [name, value] of Object.entries(b))
    result[name] = typeof value === "number" ? (result[name] || 0) + value
      : value && typeof value === "object" ? merged(result[name] || {}, value) : value;
  return result;
};

const mixpanel = {
  daily_time_buckets: {bucket_size: 86400000},
  weekly_time_buckets: {week: true},
  monthly_time_buckets: {months: 1},
  quarterly_time_buckets: {months: 3},
  annual_time_buckets: {months: 12},
  numeric_bucket: (accessor, buckets) => (item) => {
    const value = read(accessor, item);
    if (typeof value !== "number") return undefined;
    if (Array.isArray(buckets)) return buckets.filter((bound) => bound <= value).pop();
    if (buckets.months || buckets.week) {
      const day = new Date(value);
      if (buckets.week)
        return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(),
          day.getUTCDate() - (day.getUTCDay() + 6) % 7);
      const month = Math.floor(day.getUTCMonth() / buckets.months) * buckets.months;
      return Date.UTC(day.getUTCFullYear(), month, 1);
    }
    const offset = buckets.offset || 0;
    return Math.floor((value - offset) / buckets.bucket_size) * buckets.bucket_size + offset;
  },
  to_number: (accessor) => (item) => {
    const value = Number(read(accessor, item));
    return Number.isNaN(value) ? undefined : value;
  },
  multiple_keys: (accessors) => ({multiple: accessors}),
  slice: (key, start, limit) => (item) => read(key, item).slice(start, limit),
  reducer: {
    count: () => builtIn((items) => items.length, (parts) => parts.reduce(plus, 0)),
    sum: (accessor) => builtIn((items) => numbers(accessor, items).reduce(plus, 0),
      (parts) => parts.reduce(plus, 0)),
    numeric_summary: summary,
    avg: (accessor) => kept((items) => numbers(accessor, items),
      (all) => all.reduce(plus, 0) / all.length),
    numeric_percentiles: (accessor, given) => kept((items) => numbers(accessor, items), (all) => {
      const sorted = all.sort((a, b) => a - b);
      const at = (p) => sorted[Math.ceil(p / 100 * sorted.length) - 1];
      return Array.isArray(given)
        ? given.map((percentile) => ({percentile, value: at(percentile)})) : at(given);
    }),
    min: (accessor) => kept((items) => numbers(accessor, items), (all) => Math.min(...all)),
    max: (accessor) => kept((items) => numbers(accessor, items), (all) => Math.max(...all)),
    min_by: (accessor) => kept((items) => items,
      (all) => all.reduce((a, b) => (read(accessor, b) < read(accessor, a) ? b : a))),
    max_by: (accessor) => kept((items) => items,
      (all) => all.reduce((a, b) => (read(accessor, b) > read(accessor, a) ? b : a))),
    top: (limit) => kept((items) => items,
      (all) => all.sort((a, b) => b.value - a.value).slice(0, limit)),
    object_merge: () => builtIn((items) => items.reduce(merged, {}),
      (parts) => parts.reduce(merged, {})),
    any: () => kept((items) => items, (all) => all[0]),
    null: () => builtIn(() => null, () => null),
  },
};
