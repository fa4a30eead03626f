// Keys of groups: lists of scalars, one or several of each item.
class MultipleKeys {
  constructor(accessors) {
    this.readers = (isArray(accessors) ? accessors : [accessors]).map(reader);
  }
}

function slice(accessor, start, limit) {
  const read = reader(accessor);
  return (item) => [].concat(read(item)).slice(start, limit);
}

function scalar(value) {
  switch (typeof value) {
    case "string": case "boolean": return value;
    // JSON has no others.
    case "number": return Number.isFinite(value) ? value : null;
    case "undefined": return null;
  }
  if (value === null) return null;
  throw new TypeError(`the key of a group holds ${nameOf(value)}; ` +
    "it can only hold texts, numbers, booleans and null");
}

function append(key, value) {
  if (!isArray(value)) key.push(scalar(value));
  else for (const each of value) key.push(scalar(each));
}

// Each key so far with each element of the lists that several readers find.
function spread(keys, readers, item) {
  const values = readers.flatMap((read) => read(item));
  return keys.flatMap((key) => values.map((value) => [...key, scalar(value)]));
}

// The function that lists the keys of an item, after those that it begins with.
function keyLister(keys) {
  const parts = (isArray(keys) ? keys : [keys]).map(
    (key) => (key instanceof MultipleKeys ? key : reader(key)));
  const isSimple = !parts.some((part) => part instanceof MultipleKeys);
  return (item, start) => {
    if (isSimple) {
      for (const read of parts) append(start, read(item));
      return [start];
    }
    let found = [start];
    for (const part of parts)
      if (part instanceof MultipleKeys) found = spread(found, part.readers, item);
      else for (const key of found) append(key, part(item));
    return found;
  };
}

// A text that tells a key from all others.
function identity(key) {
  return key.length === 1 && typeof key[0] === "string" ? `=${key[0]}` : stringify(key);
}
