// Buckets of numbers and of time; the lower boundary stands for each.
const DAY = 86400000;
const timeBuckets = {
  daily_time_buckets: {bucket_size: DAY},
  // 1970-01-05 was a Monday.
  weekly_time_buckets: {bucket_size: 7 * DAY, offset: 4 * DAY},
  monthly_time_buckets: {months: 1},
  quarterly_time_buckets: {months: 3},
  annual_time_buckets: {months: 12},
};

function monthStart(time, months) {
  const day = new Date(time);
  const month = day.getUTCMonth();
  return Date.UTC(day.getUTCFullYear(), month - month % months, 1);
}

// What lies before the first boundary is in no bucket.
function ofBoundaries(boundaries) {
  return (value) => {
    let found;
    for (const boundary of boundaries) {
      if (boundary > value) break;
      found = boundary;
    }
    if (found === undefined) note("jql-below-buckets");
    return found;
  };
}

function bucketFinder(spec) {
  if (isArray(spec)) return ofBoundaries(spec.slice().sort((a, b) => a - b));
  const {bucket_size: size, offset = 0, months} = Object(spec);
  if (months > 0) return (value) => monthStart(value, months);
  if (size > 0) return (value) => Math.floor((value - offset) / size) * size + offset;
  throw new TypeError("numeric_bucket has no buckets; give a list of boundaries, " +
    "{bucket_size, offset}, or a constant such as mixpanel.daily_time_buckets");
}

function numericBucket(accessor, spec) {
  const read = numberReader(accessor), find = bucketFinder(spec);
  return (item) => {
    const value = read(item);
    return value === undefined ? undefined : find(value);
  };
}
