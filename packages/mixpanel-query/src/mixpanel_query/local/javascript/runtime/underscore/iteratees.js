// Iteratees: functions, and what may stand for one. All files of this folder share one
// scope; they do what https://underscorejs.org documents.
const {isArray} = Array, {hasOwn} = Object;

const isObject = (value) =>
  typeof value === "function" || (typeof value === "object" && value !== null);

const identity = (value) => value;
const constant = (value) => () => value;
const noop = () => {};

const lengthOf = (value) => (value == null ? undefined : value.length);

// Whatever has a length is a list: texts and arguments too, and objects that say so.
function isList(value) {
  const length = lengthOf(value);
  return typeof length === "number" && length >= 0 && length <= Number.MAX_SAFE_INTEGER;
}

const keys = (value) => (isObject(value) ? Object.keys(value) : []);

function allKeys(value) {
  const names = [];
  if (isObject(value)) for (const name in value) names.push(name);
  return names;
}

// A name such as __proto__ is an ordinary one.
function put(target, name, value) {
  if (name !== "__proto__") target[name] = value;
  else Object.defineProperty(target, name,
    {value, writable: true, enumerable: true, configurable: true});
}

// Visits the elements of a list, or the values of an object, until a visit returns true.
function walk(collection, visit, isBackwards = false) {
  const names = isList(collection) ? undefined : keys(collection);
  const {length} = names || collection;
  for (let step = 0; step < length; step++) {
    const place = isBackwards ? length - 1 - step : step;
    const key = names ? names[place] : place;
    if (visit(collection[key], key) === true) return;
  }
}

const toPath = (path) => (isArray(path) ? path : [path]);

function valueAt(value, path) {
  if (path.length === 0) return undefined;
  for (const name of path) {
    if (value == null) return undefined;
    value = value[name];
  }
  return value;
}

function get(object, path, otherwise) {
  const value = valueAt(object, toPath(path));
  return value === undefined ? otherwise : value;
}

function property(path) {
  const names = toPath(path);
  return (object) => valueAt(object, names);
}

const propertyOf = (object) => (path) => get(object, path);

function isMatch(object, wanted) {
  const names = keys(wanted);
  if (object == null) return names.length === 0;
  const holder = Object(object);
  return names.every((name) => name in holder && holder[name] === wanted[name]);
}

function matcher(wanted) {
  const kept = extendOwn({}, wanted);
  return (object) => isMatch(object, kept);
}

const bound = (func, context) =>
  (context === undefined ? func : (...given) => func.call(context, ...given));

// The function that an iteratee stands for: itself, a test of some properties, or what
// reads one, by its name or its path.
function callback(iteratee, context) {
  if (iteratee == null) return identity;
  if (typeof iteratee === "function") return bound(iteratee, context);
  return isObject(iteratee) && !isArray(iteratee) ? matcher(iteratee) : property(iteratee);
}
