// Collections: a source, and what becomes of its items, one step after another.
const AT_ONCE = 2000;

function checkFunction(name, given) {
  if (typeof given === "function") return;
  throw new TypeError(`${name} of ${nameOf(given)}; give a function`);
}

// A step whose items need no others.
class EachItem {
  constructor(change) { this.take = change; }
  *end() {}
}

// Numbers come first, then texts, then what is neither.
const RANKS = {number: 0, bigint: 0, string: 1, boolean: 2};
const rank = (value) => RANKS[typeof value] ?? 3;

function compare(a, b) {
  if (typeof a !== typeof b) {
    note("jql-mixed-sorts");
    return rank(a) - rank(b);
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

// Sorts short runs as they come in and merges them at the end, so that no single step
// takes long; items that are equal keep their order.
class Sorting {
  constructor(accessor, direction) {
    this.read = reader(accessor);
    this.order = (a, b) => direction * compare(a.value, b.value);
    this.runs = [];
  }

  take(items) {
    const run = items.map((item) => {
      const value = this.read(item);
      if (value !== null && typeof value === "object")
        throw new TypeError(`items are sorted by ${nameOf(value)}; give a scalar, ` +
          'such as "value" or a function');
      return {value, item};
    });
    this.runs.push(run.sort(this.order));
    return [];
  }

  merge(left, right) {
    const merged = [];
    let place = 0;
    for (const pair of left) {
      while (place < right.length && this.order(right[place], pair) < 0)
        merged.push(right[place++]);
      merged.push(pair);
    }
    while (place < right.length) merged.push(right[place++]);
    return merged;
  }

  *end() {
    while (this.runs.length > 1) {
      const longer = [];
      for (let place = 0; place < this.runs.length; place += 2) {
        const [left, right = []] = this.runs.slice(place, place + 2);
        longer.push(this.merge(left, right));
        yield [];
      }
      this.runs = longer;
    }
    const [pairs = []] = this.runs;
    for (let start = 0; start < pairs.length; start += AT_ONCE)
      yield pairs.slice(start, start + AT_ONCE).map(({item}) => item);
  }
}

// Keeps the first so many values of each component of the key.
class GroupLimits {
  constructor(limits, limit = Infinity) {
    if (!isArray(limits))
      throw new TypeError("applyGroupLimits needs a list of limits, one for each key");
    this.limits = limits;
    this.left = limit;
    this.values = new Map();
    this.kept = [];
  }

  take(items) {
    return items.filter((item) => {
      const key = item && isArray(item.key) ? item.key : [];
      const known = this.limits.map((_, place) => this.known(key.slice(0, place)));
      const fits = this.left > 0 && known.every(
        (values, place) => values.has(key[place]) || values.size < this.limits[place]);
      if (fits) known.forEach((values, place) => values.add(key[place]));
      if (fits) this.left -= 1;
      return fits;
    });
  }

  known(prefix) {
    const id = stringify(prefix);
    if (!this.values.has(id)) this.values.set(id, new Set());
    return this.values.get(id);
  }

  *end() {}
}

class Collection {
  #source; #steps;
  constructor(source, steps = []) { this.#source = source; this.#steps = steps; }

  static open(collection) {
    if (typeof collection === "object" && collection !== null && #source in collection)
      return {source: collection.#source, steps: collection.#steps};
    return undefined;
  }

  #with(make, isFilter = false) {
    make(); // A mistake is reported where it was made.
    return new Collection(this.#source, [...this.#steps, {make, isFilter}]);
  }

  filter(test) {
    checkFunction("filter", test);
    return this.#with(() => new EachItem((items) => items.filter((item) => test(item))), true);
  }
  map(change) {
    checkFunction("map", change);
    return this.#with(() => new EachItem((items) => items.map((item) => change(item))));
  }
  flatten() { return this.#with(() => new EachItem((items) => items.flat())); }
  reduce(reducers) { return this.#with(() => new Grouping([], reducers, {isOne: true})); }
  groupBy(keys, reducers) { return this.#with(() => new Grouping(keys, reducers)); }
  groupByUser(...given) {
    if (!this.#steps.every((step) => step.isFilter))
      throw new TypeError("groupByUser comes after another step than filter; " +
        "put it directly after Events(), People(), join() or their filter()");
    const [keys, reducers] = given.length < 2 ? [[], given[0]] : given;
    return this.#with(() => new Grouping(keys, reducers, {isByUser: true}));
  }
  sortAsc(accessor) { return this.#with(() => new Sorting(accessor, 1)); }
  sortDesc(accessor) { return this.#with(() => new Sorting(accessor, -1)); }
  applyGroupLimits(limits, limit) { return this.#with(() => new GroupLimits(limits, limit)); }
}
