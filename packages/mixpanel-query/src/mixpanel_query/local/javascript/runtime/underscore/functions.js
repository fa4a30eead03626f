// Functions made of functions, and what else is useful.
const negate = (predicate) => function (...given) { return !predicate.apply(this, given); };

// The placeholder stands for what is given later.
function partial(func, ...fixed) {
  return function (...given) {
    const filled = fixed.map((each) => (each === partial.placeholder ? given.shift() : each));
    return func.call(this, ...filled, ...given);
  };
}

const wrap = (func, wrapper) => partial(wrapper, func);

function compose(...steps) {
  return function (...given) {
    return steps.reduceRight((values, step) => [step.apply(this, values)], given)[0];
  };
}

// Runs from the call of that number on.
const after = (number, func) => function (...given) {
  number -= 1;
  return number < 1 ? func.apply(this, given) : undefined;
};

// Runs before the call of that number only, and gives the last result from then on.
function before(number, func) {
  let kept;
  return function (...given) {
    number -= 1;
    if (number > 0) kept = func.apply(this, given);
    return kept;
  };
}

const once = (func) => before(2, func);

function memoize(func, keyOfCall) {
  function memoized(...given) {
    const key = String(keyOfCall ? keyOfCall.apply(this, given) : given[0]);
    if (!hasOwn(memoized.cache, key)) put(memoized.cache, key, func.apply(this, given));
    return memoized.cache[key];
  }
  memoized.cache = {};
  return memoized;
}

function times(count, iteratee, context) {
  const call = bound(iteratee, context);
  return Array.from(new Array(Math.max(0, count)), (nothing, place) => call(place));
}

const ENTITIES = {
  "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#x27;", "`": "&#x60;",
};
const CHARACTERS = invert(ENTITIES);
const replacing = (pattern, table) => (text) =>
  (text == null ? "" : String(text)).replace(pattern, (each) => table[each]);
const escape = replacing(/[&<>"'`]/g, ENTITIES);
const unescape = replacing(/&(?:amp|lt|gt|quot|#x27|#x60);/g, CHARACTERS);

let lastId = 0;
const uniqueId = (prefix) => {
  lastId += 1;
  return prefix ? `${prefix}${lastId}` : `${lastId}`;
};
