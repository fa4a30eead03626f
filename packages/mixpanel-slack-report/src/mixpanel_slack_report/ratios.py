"""Which metrics a ratio divides, and whether they can be divided at all."""

from __future__ import annotations

from collections.abc import Sequence

from mixpanel_slack_report.metrics import Metric

__all__ = ["divided_metrics", "ratio_problems"]


def divided_metrics(metric: Metric) -> tuple[tuple[str, str], ...]:
    """List the other metrics that a metric needs: as which key, and by which name.

    >>> divided_metrics(Metric("Rate", ("Sale",), "ratio", over="Visitors"))
    (('over', 'Visitors'),)
    """
    if metric.kind != "ratio":
        return ()
    given = (("of", metric.of), ("over", metric.over))
    return tuple((key, name) for key, name in given if name)


def ratio_problems(metrics: Sequence[Metric]) -> list[str]:
    """Say what is wrong with the ratios, each as a number of a metric and a sentence.

    >>> ratio_problems([Metric("Rate", ("Sale",), "ratio", over="Visits")])
    ["metric 1: over is 'Visits', which is the name of no metric; give one of 'Rate'"]
    """
    names = [metric.name for metric in metrics]
    problems = []
    for number, metric in enumerate(metrics, start=1):
        for key, name in divided_metrics(metric):
            found = names.count(name)
            allowed = ", ".join(map(repr, dict.fromkeys(names)))
            if found != 1:
                how_many = "no metric" if found == 0 else f"{found} metrics"
                problems.append(
                    f"metric {number}: {key} is {name!r}, which is the name of "
                    f"{how_many}; give one of {allowed}"
                )
            elif metric.name in reached(name, metrics):
                problems.append(
                    f"metric {number}: {key} is {name!r}, which is made of "
                    f"{metric.name!r} itself; give one that is not"
                )
    return problems


def reached(name: str, metrics: Sequence[Metric]) -> set[str]:
    """Return the names that a metric is made of, its own among them."""
    by_name = {metric.name: metric for metric in metrics}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in found or current not in by_name:
            continue
        found.add(current)
        waiting += [other for _, other in divided_metrics(by_name[current])]
    return found
