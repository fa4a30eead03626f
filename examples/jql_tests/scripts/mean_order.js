// The mean amount of an order: sums and counts can be merged, means cannot.
function main() {
  return Events({
    from_date: params.from_date,
    to_date: params.to_date,
    event_selectors: [{event: "Order Completed"}],
  })
    .reduce((accumulators, orders) => ({
      amount:
        _.reduce(accumulators, (sum, part) => sum + part.amount, 0) +
        _.reduce(orders, (sum, order) => sum + order.properties.Amount, 0),
      count:
        _.reduce(accumulators, (sum, part) => sum + part.count, 0) + orders.length,
    }))
    .map((total) => total.amount / total.count);
}
