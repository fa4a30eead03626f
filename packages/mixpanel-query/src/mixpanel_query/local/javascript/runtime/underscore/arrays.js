// Arrays: parts of lists, and lists made of several.
const part = (list, start, end) => Array.prototype.slice.call(list, start, end);

// Such a function may be the iteratee of a list of lists: it then gets a place and all
// the lists, and takes one element.
const countOf = (count, isIteratee) => (count == null || isIteratee ? 1 : count);

function initial(list, count, isIteratee) {
  return part(list, 0, Math.max(0, list.length - countOf(count, isIteratee)));
}

const rest = (list, count, isIteratee) => part(list, countOf(count, isIteratee));

const ending = (placeOf, take) => (list, count, isIteratee) => {
  const isOne = count == null || isIteratee;
  if (list == null || list.length < 1) return isOne ? undefined : [];
  return isOne ? list[placeOf(list)] : take(list, list.length - count);
};
const first = ending(() => 0, initial);
const last = ending((list) => list.length - 1, (list, count) => rest(list, Math.max(0, count)));

const compact = (list) => filter(list, Boolean);

const isNested = (value) => isArray(value) || isArguments(value);

function flattenInto(flat, list, depth) {
  for (let place = 0; place < (lengthOf(list) || 0); place++)
    if (depth > 0 && isNested(list[place])) flattenInto(flat, list[place], depth - 1);
    else flat.push(list[place]);
  return flat;
}

// The depth may be true, which is one level.
function flatten(list, depth) {
  return flattenInto([], list, depth || depth === 0 ? Number(depth) : Infinity);
}

// The elements of those that are lists.
const elementsOf = (lists) => flatten(lists.filter(isNested), true);

function difference(list, ...others) {
  const dropped = new Set(elementsOf(others));
  return filter(list, (value) => !dropped.has(value));
}

const without = (list, ...dropped) => difference(list, dropped);

// Not a number is the same as itself here, unless the list is said to be sorted.
function uniq(list, isSorted, iteratee, context) {
  if (typeof isSorted !== "boolean") return uniq(list, false, isSorted, iteratee);
  if (isSorted && !iteratee)
    return part(list || [], 0).filter((value, place) => !place || value !== list[place - 1]);
  const read = callback(iteratee, context), seen = new Set();
  return part(list || [], 0).filter((value, place) => {
    const before = seen.size;
    return seen.add(read(value, place, list)).size > before;
  });
}

const union = (...lists) => uniq(elementsOf(lists));

function intersection(list, ...others) {
  const sets = others.map((each) => new Set(toArray(each)));
  return uniq(list).filter((value) => sets.every((set) => set.has(value)));
}

function unzip(lists) {
  const longest = Math.max(0, max(map(lists, (list) => lengthOf(list))));
  return times(longest, (place) => map(lists, (list) => list?.[place]));
}

const zip = (...lists) => unzip(lists);

function object(list, values) {
  const made = {};
  for (let place = 0; place < (lengthOf(list) || 0); place++)
    if (values) put(made, list[place], values[place]);
    else put(made, list[place][0], list[place][1]);
  return made;
}

function chunk(list, count) {
  const parts = [];
  if (count == null || count < 1) return parts;
  for (let start = 0; start < (lengthOf(list) || 0); start += count)
    parts.push(part(list, start, start + count));
  return parts;
}

const isSame = (a, b) => a === b || (a !== a && b !== b);

// The place is where to begin, from the end if it is negative; true for a sorted list.
function indexOf(list, value, from) {
  const length = lengthOf(list) || 0;
  if (typeof from !== "number" && from && length) {
    const place = sortedIndex(list, value);
    return list[place] === value ? place : -1;
  }
  const start = typeof from === "number" ? from : 0;
  for (let place = start < 0 ? Math.max(0, start + length) : start; place < length; place++)
    if (isSame(list[place], value)) return place;
  return -1;
}

function lastIndexOf(list, value, from) {
  const length = lengthOf(list) || 0;
  const start = typeof from === "number" ? from : length;
  let place = start < 0 ? start + length : Math.min(start, length - 1);
  while (place >= 0 && !isSame(list[place], value)) place -= 1;
  return Math.max(place, -1);
}

function sortedIndex(list, value, iteratee, context) {
  const read = callback(iteratee, context), wanted = read(value);
  let low = 0, high = lengthOf(list) || 0;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (read(list[middle]) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const finding = (isBackwards) => (list, predicate, context) => {
  const test = callback(predicate, context), length = lengthOf(list) || 0;
  for (let step = 0; step < length; step++) {
    const place = isBackwards ? length - 1 - step : step;
    if (test(list[place], place, list)) return place;
  }
  return -1;
};
const findIndex = finding(false), findLastIndex = finding(true);

function range(start, stop, step) {
  const [begin, end] = stop == null ? [0, start || 0] : [start, stop];
  const stride = step || (end < begin ? -1 : 1);
  return times(Math.max(0, Math.ceil((end - begin) / stride)), (place) => begin + place * stride);
}
