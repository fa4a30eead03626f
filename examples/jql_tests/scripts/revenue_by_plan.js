// What orders add up to, by the plan that the buyer had then.
function main() {
  return Events({
    from_date: params.from_date,
    to_date: params.to_date,
    event_selectors: [{event: "Order Completed"}],
  }).groupBy(["properties.Plan"], mixpanel.reducer.sum("properties.Amount"));
}
