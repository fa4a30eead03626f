// Users with at least `least` orders, the one with the most first.
function main() {
  return Events({
    from_date: params.from_date,
    to_date: params.to_date,
    event_selectors: [{event: "Order Completed"}],
  })
    .groupByUser(mixpanel.reducer.count())
    .filter((buyer) => buyer.value >= params.least)
    .sortDesc("value");
}
