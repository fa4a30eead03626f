"""``mixpanel-slack-report plan``: the calls a report would make, without making any."""

from __future__ import annotations

from datetime import date

import click

from mixpanel_slack_report.command.options import (
    days_options,
    events_option,
    write_output,
)

__all__ = ["plan"]


@click.command()
@days_options
@events_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to show it.",
)
def plan(
    *,
    period: str | None,
    due: date | None,
    from_date: date | None,
    to_date: date | None,
    events: tuple[str, ...],
    form: str,
) -> int:
    """Show what the report of PERIOD would ask Mixpanel, and the budget that is left.

    Nothing is asked; without TIMEZONE the days are those of UTC. The budget is what
    this machine knows of the hour's 60 queries.
    Exit code 1 if the report needs more calls than max_calls allows.

    \b
    Examples:
      mixpanel-slack-report plan weekly
      mixpanel-slack-report plan monthly --format json
    """  # noqa: D301 - click reads the sign itself
    from mixpanel_slack_report.runs.days import DaysAsked

    days = DaysAsked.named(period, due, from_date, to_date)
    from mixpanel_slack_report.collection.call_plan import call_costs
    from mixpanel_slack_report.runs.connection import ToldTimezone, connect
    from mixpanel_slack_report.runs.job import own_environment, prepare_job, utc_now
    from mixpanel_slack_report.views.plan_view import (
        PlannedReport,
        render_plan,
        render_plan_json,
    )

    job = prepare_job(
        days,
        own_environment(),
        to_send=False,
        now=utc_now(),
        events=events,
        ask=lambda _: ToldTimezone(None, "It is not asked for."),
    )
    with connect(job.settings) as client:
        budget = client.budget()
    planned = PlannedReport(
        windows=job.windows,
        costs=call_costs(job.report_file, job.windows),
        max_calls=job.report_file.max_calls,
        allowances=budget.allowances,
        asks_timezone=bool(job.doubts),
    )
    render = render_plan_json if form == "json" else render_plan
    write_output(render(planned), None)
    return 0 if planned.calls <= planned.max_calls else 1
