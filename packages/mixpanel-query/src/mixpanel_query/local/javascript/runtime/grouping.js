// Grouping items, and reducing each group while its items come in.

// Mixpanel passes results on as JSON, in which dates and functions are lost.
function passedOn(value) {
  if (typeof value === "function") return undefined;
  return typeof value === "object" && value !== null ? parse(stringify(value)) : value;
}

// function(accumulators, items): some items are reduced first, and the results are
// merged later. So are the first item of a group and the others, on purpose: whoever
// forgets the accumulators shall see it here.
const hierarchical = (reduce) => ({
  start: () => [],
  addAll(accumulators, items) {
    const isFirst = accumulators.length === 0 && items.length > 1;
    const parts = isFirst ? [items.slice(0, 1), items.slice(1)] : [items];
    for (const part of parts) accumulators.push(passedOn(reduce([], part)));
    return accumulators.length < 8 ? accumulators : [passedOn(reduce(accumulators, []))];
  },
  end(accumulators) {
    if (accumulators.length === 0) return reduce([], []);
    return accumulators.length === 1 ? accumulators[0] : reduce(accumulators, []);
  },
});

// function(state, events): called again and again, for each user in the order of time.
const ordered = (reduce) => ({
  start: () => ({state: undefined, isNew: true}),
  addAll(user, events) {
    const first = user.isNew && events.length > 1 ? 1 : 0;
    if (first) user.state = passedOn(reduce(user.state, events.slice(0, first)));
    user.state = passedOn(reduce(user.state, events.slice(first)));
    user.isNew = false;
    return user;
  },
  end: (user) => user.state,
});

function reduction(reducer, wrap) {
  if (typeof reducer === "function") return wrap(reducer);
  if (reducer && typeof reducer === "object" && reducer.start && reducer.add) return reducer;
  throw new TypeError(`a reducer is ${nameOf(reducer)}; ` +
    "give a function, or one such as mixpanel.reducer.count()");
}

class Grouping {
  constructor(keys, reducers, {isByUser = false, isOne = false} = {}) {
    this.list = keyLister(keys);
    this.isByUser = isByUser;
    this.isOne = isOne;
    this.hasList = isArray(reducers);
    const wrap = isByUser ? ordered : hierarchical;
    this.reductions = [].concat(reducers).map((each) => reduction(each, wrap));
    this.needsItems = this.reductions.some((each) => each.addAll);
    this.groups = new Map();
    if (isOne) this.all = this.group([]);
  }

  group(key) {
    const id = identity(key);
    let group = this.groups.get(id);
    if (group === undefined) {
      group = {key, states: this.reductions.map((each) => each.start()), waiting: null};
      this.groups.set(id, group);
    }
    return group;
  }

  take(items) {
    const touched = [];
    for (const item of items) {
      if (this.all) {
        this.add(this.all, item, touched);
        continue;
      }
      const start = this.isByUser ? [scalar(item.distinct_id)] : [];
      for (const key of this.list(item, start)) this.add(this.group(key), item, touched);
    }
    for (const group of touched) this.reduceWaiting(group);
    return [];
  }

  add(group, item, touched) {
    const {reductions} = this, {states} = group;
    for (let place = 0; place < reductions.length; place++)
      if (reductions[place].add) states[place] = reductions[place].add(states[place], item);
    if (!this.needsItems) return;
    if (group.waiting) group.waiting.push(item);
    else {
      group.waiting = [item];
      touched.push(group);
    }
  }

  reduceWaiting(group) {
    const items = group.waiting;
    group.waiting = null;
    this.reductions.forEach((each, place) => {
      if (each.addAll) group.states[place] = each.addAll(group.states[place], items);
    });
  }

  result({key, states}) {
    const values = this.reductions.map((each, place) => each.end(states[place]));
    const value = this.hasList ? values : values[0];
    return this.isOne ? value : {key, value};
  }

  *end() {
    let results = [];
    for (const [id, group] of this.groups) {
      this.groups.delete(id);
      if (results.push(this.result(group)) < AT_ONCE) continue;
      yield results;
      results = [];
    }
    yield results;
  }
}
