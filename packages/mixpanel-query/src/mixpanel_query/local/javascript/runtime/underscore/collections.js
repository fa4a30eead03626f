// Collections: what goes through the elements of a list, or the values of an object.
function each(collection, iteratee, context) {
  const call = bound(iteratee, context);
  walk(collection, (value, key) => { call(value, key, collection); });
  return collection;
}

function map(collection, iteratee, context) {
  const change = callback(iteratee, context), results = [];
  walk(collection, (value, key) => { results.push(change(value, key, collection)); });
  return results;
}

const reducing = (isBackwards) => (collection, iteratee, ...given) => {
  const call = bound(iteratee, given[1]);
  if (collection == null && given.length === 0)
    throw new TypeError("_.reduce has nothing to begin with; give it a list, or a start");
  let isEmpty = given.length === 0, result = given[0];
  walk(collection, (value, key) => {
    result = isEmpty ? value : call(result, value, key, collection);
    isEmpty = false;
  }, isBackwards);
  return result;
};
const reduce = reducing(false), reduceRight = reducing(true);

// The place or the name of the first that passes; undefined if none does.
function keyOf(collection, predicate, context) {
  const test = callback(predicate, context);
  let found;
  walk(collection, (value, key) => {
    if (!test(value, key, collection)) return false;
    found = key;
    return true;
  });
  return found;
}

function find(collection, predicate, context) {
  const key = keyOf(collection, predicate, context);
  return key === undefined ? undefined : collection[key];
}

// Those that pass, and those that do not.
function partition(collection, predicate, context) {
  const test = callback(predicate, context), passed = [], others = [];
  walk(collection, (value, key) => {
    (test(value, key, collection) ? passed : others).push(value);
  });
  return [passed, others];
}

const filter = (...given) => partition(...given)[0];
const reject = (...given) => partition(...given)[1];
const where = (collection, wanted) => filter(collection, matcher(wanted));
const findWhere = (collection, wanted) => find(collection, matcher(wanted));

const some = (...given) => keyOf(...given) !== undefined;
const every = (collection, predicate, context) =>
  !some(collection, negate(callback(predicate, context)));

// As the test of a collection it gets a place and the collection, and ignores both.
function contains(collection, value, from, isTest) {
  const list = isList(collection) ? collection : values(collection);
  return indexOf(list, value, typeof from === "number" && !isTest ? from : 0) >= 0;
}

function invoke(collection, path, ...given) {
  const names = toPath(path), last = names[names.length - 1];
  return map(collection, (value) => {
    const holder = names.length > 1 ? valueAt(value, names.slice(0, -1)) : value;
    const method = typeof path === "function" ? path : valueAt(holder, [last]);
    return method == null ? method : method.apply(holder, given);
  });
}

const pluck = (collection, path) => map(collection, property(path));

// As the iteratee of a list of lists it gets a place, which is no iteratee.
const extreme = (isBetter, worst) => (collection, iteratee, context) => {
  const isPlace = typeof iteratee === "number" && collection != null &&
    typeof collection[0] !== "object";
  const isPlain = iteratee == null || isPlace;
  const read = isPlain ? identity : callback(iteratee, context);
  let best = worst, bestRank = worst;
  walk(collection, (value, key) => {
    const rank = read(value, key, collection);
    if (isPlain && rank == null) return;
    if (!isBetter(rank, bestRank) && !(rank === worst && best === worst)) return;
    best = value;
    bestRank = rank;
  });
  return best;
};
const max = extreme((a, b) => a > b, -Infinity);
const min = extreme((a, b) => a < b, Infinity);

// What is undefined comes last.
function order({rank: a}, {rank: b}) {
  if (a === b) return 0;
  if (a > b || a === undefined) return 1;
  return a < b || b === undefined ? -1 : 0;
}

function sortBy(collection, iteratee, context) {
  const read = callback(iteratee, context);
  return map(collection, (value, key) => ({value, rank: read(value, key, collection)}))
    .sort(order).map(({value}) => value);
}

const grouping = (add) => (collection, iteratee, context) => {
  const read = callback(iteratee, context), groups = {};
  walk(collection, (value, key) => {
    const name = String(read(value, key, collection));
    put(groups, name, add(hasOwn(groups, name) ? groups[name] : undefined, value));
  });
  return groups;
};
const groupBy = grouping((group = [], value) => { group.push(value); return group; });
const countBy = grouping((count = 0) => count + 1);
const indexBy = grouping((before, value) => value);

function toArray(collection) {
  return isString(collection) ? Array.from(collection) : map(collection);
}

const size = (collection) => (isList(collection) ? collection : keys(collection)).length;
