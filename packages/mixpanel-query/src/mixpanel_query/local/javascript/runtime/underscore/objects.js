// Objects: their names, values and copies.
const values = (object) => keys(object).map((name) => object[name]);
const pairs = (object) => keys(object).map((name) => [name, object[name]]);

// An object with the same names, or with others, and other values.
function remade(object, entryOf) {
  const made = {};
  for (const name of keys(object)) put(made, ...entryOf(object[name], name));
  return made;
}

function mapObject(object, iteratee, context) {
  const change = callback(iteratee, context);
  return remade(object, (value, name) => [name, change(value, name, object)]);
}

const invert = (object) => remade(object, (value, name) => [String(value), name]);

const functions = (object) =>
  allKeys(object).filter((name) => typeof object[name] === "function").sort();

function findKey(object, predicate, context) {
  const test = callback(predicate, context);
  return keys(object).find((name) => test(object[name], name, object));
}

const assigning = (namesOf, fits) => (target, ...sources) => {
  if (target == null) return target;
  for (const source of sources)
    for (const name of namesOf(source))
      if (fits(target, name)) put(target, name, source[name]);
  return target;
};
const extend = assigning(allKeys, () => true);
const extendOwn = assigning(keys, () => true);
const fill = assigning(allKeys, (target, name) => target[name] === undefined);
const defaults = (target, ...sources) => fill(Object(target), ...sources);

// The properties that pass, among those that are named.
function picked(object, names, test) {
  const made = {};
  for (const name of names) {
    const value = object[name];
    if (test(value, name, object)) put(made, name, value);
  }
  return made;
}

function pick(object, ...wanted) {
  if (object == null) return {};
  if (typeof wanted[0] === "function")
    return picked(object, allKeys(object), bound(wanted[0], wanted[1]));
  const holder = Object(object);
  return picked(holder, flatten(wanted).map(String), (value, name) => name in holder);
}

function omit(object, ...dropped) {
  if (typeof dropped[0] === "function")
    return pick(object, negate(bound(dropped[0], dropped[1])));
  const names = new Set(flatten(dropped).map(String));
  return pick(object, (value, name) => !names.has(name));
}

function clone(value) {
  if (!isObject(value)) return value;
  return isArray(value) ? value.slice() : extend({}, value);
}

function create(prototype, properties) {
  return extendOwn(Object.create(isObject(prototype) ? prototype : Object.prototype), properties);
}

function tap(value, interceptor) {
  interceptor(value);
  return value;
}

function has(object, path) {
  const names = toPath(path);
  for (const name of names) {
    if (object == null || !hasOwn(object, name)) return false;
    object = object[name];
  }
  return names.length > 0;
}

// The value, or what it returns if it is a function.
function result(object, path, otherwise) {
  const call = (value, holder) => (typeof value === "function" ? value.call(holder) : value);
  const names = toPath(path);
  if (names.length === 0) return call(otherwise, object);
  for (const name of names) {
    const value = object == null ? undefined : object[name];
    if (value === undefined) return call(otherwise, object);
    object = call(value, object);
  }
  return object;
}
