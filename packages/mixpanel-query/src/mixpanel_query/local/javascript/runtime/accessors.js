// Accessors: how a value is read from an item. All parts of the runtime share one scope.
// https://docs.mixpanel.com/docs/reports/apps/jql
const isArray = Array.isArray, hasOwn = Object.hasOwn;
const stringify = JSON.stringify, parse = JSON.parse;

// The rules that were used, beside what is documented.
const used = new Set();
const note = (rule) => { used.add(rule); };

function nameOf(value) {
  if (value === null) return "null";
  if (isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : typeof value;
}

// One component of a path; what an object only inherits is not there.
function step(value, name) {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" && !hasOwn(value, name) ? undefined : value[name];
}

// The function that reads a value: of a path, or what the script wrote itself.
function reader(accessor) {
  if (accessor === undefined) return (item) => item;
  if (typeof accessor === "function") return accessor;
  if (typeof accessor !== "string")
    throw new TypeError(`an accessor is ${nameOf(accessor)}; ` +
      'give a function, or a path such as "properties.x"');
  const [first, second, ...rest] = accessor.split(".");
  if (second === undefined) return (item) => step(item, first);
  if (rest.length === 0) return (item) => step(step(item, first), second);
  return (item) => rest.reduce(step, step(step(item, first), second));
}

// A reader of numbers; anything else is undefined.
function numberReader(accessor) {
  const read = reader(accessor);
  return (item) => {
    const value = read(item);
    return typeof value === "number" ? value : undefined;
  };
}

function toNumber(accessor) {
  const read = reader(accessor);
  return (item) => {
    const value = read(item);
    if (value === undefined || value === null || value === "") return undefined;
    const number = Number(value);
    return Number.isNaN(number) ? undefined : number;
  };
}
