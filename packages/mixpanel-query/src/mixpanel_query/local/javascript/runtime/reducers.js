// Reducers: start() gives a state, add() takes an item into it, end() gives the result.
const builtIn = (start, add, end) => Object.freeze({start, add, end: end || ((state) => state)});

const count = () => builtIn(() => 0, (state) => state + 1);
const nothing = () => builtIn(() => null, (state) => state);

function sum(accessor) {
  const read = numberReader(accessor);
  return builtIn(() => 0, (state, item) => state + (read(item) || 0));
}

function summary(accessor, end) {
  const read = numberReader(accessor);
  return builtIn(() => ({count: 0, sum: 0, sum_squares: 0}), (state, item) => {
    const value = read(item);
    if (value === undefined) return state;
    state.count += 1;
    state.sum += value;
    state.sum_squares += value * value;
    return state;
  }, end);
}

function ofNothing() {
  note("jql-nothing-to-reduce");
  return null;
}

const average = ({count, sum}) => (count ? sum / count : ofNothing());
const avg = (accessor) => summary(accessor, average);
const numericSummary = (accessor) => summary(accessor, (state) => {
  const avg = average(state);
  const spread = state.sum_squares / state.count - avg * avg;
  // Rounding may leave a little less than nothing.
  return {...state, avg, stddev: state.count ? Math.sqrt(Math.max(spread, 0)) : null};
});

function percentiles(accessor, wanted) {
  const read = numberReader(accessor);
  for (const each of [].concat(wanted))
    if (!(each > 0 && each < 100))
      throw new RangeError(`percentile ${each} does not lie between 0 and 100`);
  return builtIn(() => [], (state, item) => {
    const value = read(item);
    if (value !== undefined) state.push(value);
    return state;
  }, (state) => {
    state.sort((a, b) => a - b);
    const at = (each) => state[Math.ceil(each / 100 * state.length) - 1] ?? ofNothing();
    if (!isArray(wanted)) return at(wanted);
    return wanted.map((percentile) => ({percentile, value: at(percentile)}));
  });
}

// The item or the value that comes before all others; null of none.
function extreme(accessor, isBetter, pick) {
  const read = numberReader(accessor);
  return builtIn(() => null, (state, item) => {
    const value = read(item);
    if (value === undefined || (state && !isBetter(value, state.value))) return state;
    return {value, item};
  }, (state) => (state ? pick(state) : ofNothing()));
}

const isLess = (a, b) => a < b, isMore = (a, b) => a > b;
const min = (accessor) => extreme(accessor, isLess, (best) => best.value);
const max = (accessor) => extreme(accessor, isMore, (best) => best.value);
const minBy = (accessor) => extreme(accessor, isLess, (best) => best.item);
const maxBy = (accessor) => extreme(accessor, isMore, (best) => best.item);

const any = () => builtIn(() => undefined,
  (state, item) => (state === undefined ? item : state), (state) => state ?? ofNothing());

function top(limit) {
  return builtIn(() => [], (state, item) => {
    state.push(item);
    return state.length < 2 * limit + 1000 ? state : best(state, limit + 1);
  }, (state) => {
    const ranked = best(state, limit + 1);
    if (ranked.some((item, place) => place && item.value === ranked[place - 1].value))
      note("jql-equals-in-top");
    return ranked.slice(0, limit);
  });
}

const best = (items, limit) => items.sort((a, b) => b.value - a.value).slice(0, limit);

function merge(target, source) {
  for (const [name, value] of Object.entries(source || {})) {
    const old = hasOwn(target, name) ? target[name] : undefined;
    let merged = value;
    if (typeof value === "number") merged = (typeof old === "number" ? old : 0) + value;
    else if (value && typeof value === "object" && !isArray(value))
      merged = merge(old && typeof old === "object" ? old : {}, value);
    // A name such as __proto__ is an ordinary one.
    Object.defineProperty(target, name,
      {value: merged, writable: true, enumerable: true, configurable: true});
  }
  return target;
}

const objectMerge = () => builtIn(() => ({}), merge);

const groupLimits = (limits, limit) => builtIn(() => new GroupLimits(limits, limit),
  (state, item) => { state.take([item]).forEach((each) => state.kept.push(each)); return state; },
  (state) => state.kept);
