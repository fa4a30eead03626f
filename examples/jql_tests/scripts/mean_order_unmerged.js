// WRONG, kept to show why: its reducer takes the mean of means of unequal parts.
function main() {
  return Events({
    from_date: params.from_date,
    to_date: params.to_date,
    event_selectors: [{event: "Order Completed"}],
  }).reduce((accumulators, orders) => {
    const amounts = accumulators.concat(
      _.map(orders, (order) => order.properties.Amount)
    );
    return _.reduce(amounts, (sum, amount) => sum + amount, 0) / amounts.length;
  });
}
