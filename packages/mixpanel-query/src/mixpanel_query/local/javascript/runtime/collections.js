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

class Sorting {
  constructor(accessor, direction) {
    this.read = reader(accessor);
    this.direction = direction;
    this.pairs = [];
  }

  take(items) {
    for (const item of items) {
      const value = this.read(item);
      if (value !== null && typeof value === "object")
        throw new TypeError(`items are sorted by ${nameOf(value)}; give a scalar, ` +
          'such as "value" or a function');
      this.pairs.push({value, item});
    }
    return [];
  }

  *end() {
    // Numbers come first, then texts, then what is neither.
    const rank = {number: 0, bigint: 0, string: 1, boolean: 2};
    const place = (value) => rank[typeof value] ?? 3;
    this.pairs.sort(({value: a}, {value: b}) => this.direction *
      (place(a) - place(b) || (a < b ? -1 : a > b ? 1 : 0)));
    for (let start = 0; start < this.pairs.length; start += AT_ONCE)
      yield this.pairs.slice(start, start + AT_ONCE).map(({item}) => item);
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
