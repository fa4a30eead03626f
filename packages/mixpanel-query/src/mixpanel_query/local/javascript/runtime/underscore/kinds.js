// Kinds of values, and whether two are equal.
const tagOf = (value) => Object.prototype.toString.call(value).slice(8, -1);
const isOf = (tag) => (value) => tagOf(value) === tag;

// Objects that hold a text or a number are of that kind too.
const kinds = {
  isArguments: isOf("Arguments"), isDate: isOf("Date"), isError: isOf("Error"),
  isMap: isOf("Map"), isNumber: isOf("Number"), isRegExp: isOf("RegExp"),
  isSet: isOf("Set"), isString: isOf("String"), isSymbol: isOf("Symbol"),
  isWeakMap: isOf("WeakMap"), isWeakSet: isOf("WeakSet"),
  isArrayBuffer: isOf("ArrayBuffer"), isDataView: isOf("DataView"),
  isTypedArray: (value) => ArrayBuffer.isView(value) && !kinds.isDataView(value),
  isArray, isObject, isEqual, isMatch, isEmpty,
  isBoolean: isOf("Boolean"),
  isFunction: (value) => typeof value === "function",
  isNull: (value) => value === null,
  isUndefined: (value) => value === undefined,
  isNaN: (value) => kinds.isNumber(value) && Number.isNaN(Number(value)),
  // Texts that are numbers count.
  isFinite: (value) => !kinds.isSymbol(value) && Number.isFinite(Number(value)) &&
    !Number.isNaN(parseFloat(value)),
};
const {isArguments, isString} = kinds;

function isEmpty(value) {
  const hasElements = isArray(value) || isString(value) || isArguments(value);
  return (hasElements ? value : keys(value)).length === 0;
}

const bytesOf = (value) => Array.from(value instanceof ArrayBuffer ? new Uint8Array(value) :
  new Uint8Array(value.buffer, value.byteOffset, value.byteLength));

// How what is no list and has no names is compared.
const scalars = {
  String: (a, b) => String(a) === String(b),
  RegExp: (a, b) => String(a) === String(b),
  Number: (a, b) => Object.is(Number(a), Number(b)),
  Boolean: (a, b) => Number(a) === Number(b),
  Date: (a, b) => Number(a) === Number(b),
  Symbol: (a, b) => a.valueOf() === b.valueOf(),
};

// Objects of two classes differ, whatever they hold.
function areOfOneClass(a, b) {
  const classes = [a.constructor, b.constructor];
  const arePlain = classes.every((each) => typeof each === "function" && each instanceof each);
  return classes[0] === classes[1] || arePlain || !("constructor" in a && "constructor" in b);
}

// `open` holds the objects that are being compared: those that hold themselves.
function haveEqualParts(a, b, open) {
  if (open.has(a)) return open.get(a) === b;
  // Of lists what was left out is undefined, and other names do not count.
  const [names, others] = [a, b].map((each) => (isArray(each) ? [...each.keys()] : keys(each)));
  if (names.length !== others.length) return false;
  open.set(a, b);
  const equal = names.every((name) =>
    (isArray(b) || hasOwn(b, name)) && areEqual(a[name], b[name], open));
  open.delete(a);
  return equal;
}

function areEqual(first, second, open) {
  const a = unwrapped(first), b = unwrapped(second);
  if (Object.is(a, b)) return true;
  if (a == null || b == null || !(isObject(a) || typeof b === "object")) return false;
  const tag = tagOf(a);
  if (tag !== tagOf(b)) return false;
  if (scalars[tag]) return scalars[tag](a, b);
  if (tag === "ArrayBuffer" || ArrayBuffer.isView(a))
    return haveEqualParts(bytesOf(a), bytesOf(b), open);
  if (typeof a !== "object" || typeof b !== "object") return false;
  return (isArray(a) || areOfOneClass(a, b)) && haveEqualParts(a, b, open);
}

function isEqual(a, b) {
  return areEqual(a, b, new Map());
}
