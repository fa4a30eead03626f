// The name _ itself: all functions, and values wrapped to have them as methods.
class Wrapped {
  constructor(value) { this.held = value; this.isChain = false; }
  value() { return this.held; }
  valueOf() { return this.held; }
  toJSON() { return this.held; }
  toString() { return String(this.held); }
}

function _(value) {
  return value instanceof Wrapped ? value : new Wrapped(value);
}
_.prototype = Wrapped.prototype;

const unwrapped = (value) => (value instanceof Wrapped ? value.held : value);

function chain(value) {
  const wrapped = _(value);
  wrapped.isChain = true;
  return wrapped;
}

function method(name, func) {
  Wrapped.prototype[name] = function (...given) {
    const value = func(this.held, ...given);
    return this.isChain ? chain(value) : value;
  };
}

function mixin(object) {
  for (const name of functions(object)) {
    _[name] = object[name];
    method(name, object[name]);
  }
  return _;
}

const aliases = {
  forEach: each, collect: map, foldl: reduce, inject: reduce, foldr: reduceRight,
  detect: find, select: filter, all: every, any: some, includes: contains, include: contains,
  head: first, take: first, tail: rest, drop: rest, unique: uniq, transpose: unzip,
  methods: functions, assign: extendOwn, matches: matcher,
};

const leftOut = {
  bind: "write func.bind(object)",
  bindAll: "write object.name = object.name.bind(object) for each",
  debounce: "a script cannot wait; call the function",
  defer: "a script cannot wait; call the function",
  delay: "a script cannot wait; call the function",
  throttle: "a script cannot wait; call the function",
  isElement: "a script has no page; take out the call",
  noConflict: "assign _ to another name instead",
  now: "pass the time in params",
  random: "chance would change the answer; pass numbers in params",
  sample: "chance would change the answer; take _.first(list, n)",
  shuffle: "chance would change the answer; sort by a property with _.sortBy",
  restArguments: "write function (...rest)",
  template: "write a template literal, such as `${name}`",
};

const refusal = (remedy, name) => () => {
  throw new TypeError(`_.${name} is not in the local project; ${remedy}`);
};

mixin({
  each, map, reduce, reduceRight, find, filter, reject, where, findWhere, every, some,
  contains, invoke, pluck, max, min, sortBy, groupBy, indexBy, countBy, toArray, size,
  partition, first, initial, last, rest, compact, flatten, without, union, intersection,
  difference, uniq, zip, unzip, object, chunk, indexOf, lastIndexOf, sortedIndex, findIndex,
  findLastIndex, range, keys, allKeys, values, mapObject, pairs, invert, functions, findKey,
  extend, extendOwn, pick, omit, defaults, clone, create, tap, has, get, property, propertyOf,
  matcher, identity, constant, noop, times, memoize, partial, wrap, once, before, after,
  compose, negate, escape, unescape, uniqueId, result, toPath, chain, mixin,
  iteratee: callback, ...kinds, ...aliases, ...mapObject(leftOut, refusal),
});
partial.placeholder = _;

// Methods of arrays: some change the array that is wrapped, and give it back.
for (const name of ["pop", "push", "reverse", "shift", "sort", "splice", "unshift"])
  method(name, (list, ...given) => {
    if (list != null) Array.prototype[name].apply(list, given);
    return list;
  });
for (const name of ["concat", "join", "slice"])
  method(name, (list, ...given) => list == null ? list : Array.prototype[name].apply(list, given));

globalThis._ = _;
