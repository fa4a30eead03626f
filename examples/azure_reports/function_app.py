"""Reports from Mixpanel to Slack, as an Azure function app.

Schedules are NCRONTAB, in UTC: second, minute, hour, day, month, day of the week.
What runs is in the package mixpanel-slack-report; change the schedules here.
"""

import azure.functions as func

from mixpanel_slack_report.azure import endpoints, timers

DAILY = "0 30 7 * * *"
WEEKLY = "0 30 7 * * 1"
MONTHLY = "0 40 7 1 * *"
# NCRONTAB knows no "every other Monday": the report is asked for every Monday, and
# sent on those that biweekly_anchor of the report file names.
BIWEEKLY = "0 35 7 * * 1"
STORAGE = "AzureWebJobsStorage"
QUEUE = "mixpanel-slack-report"

app = func.FunctionApp()


@app.function_name("DailyReport")
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:05:00")
@app.timer_trigger(
    arg_name="timer", schedule=DAILY, run_on_startup=False, use_monitor=True
)
def daily_report(timer: func.TimerRequest) -> None:
    """Report yesterday."""
    timers.run_timer("daily", DAILY)


@app.function_name("WeeklyReport")
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:05:00")
@app.timer_trigger(
    arg_name="timer", schedule=WEEKLY, run_on_startup=False, use_monitor=True
)
def weekly_report(timer: func.TimerRequest) -> None:
    """Report the week that is over."""
    timers.run_timer("weekly", WEEKLY)


@app.function_name("BiWeeklyReport")
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:05:00")
@app.timer_trigger(
    arg_name="timer", schedule=BIWEEKLY, run_on_startup=False, use_monitor=True
)
def biweekly_report(timer: func.TimerRequest) -> None:
    """Report the two weeks that are over, every other Monday."""
    timers.run_timer("biweekly", BIWEEKLY)


@app.function_name("CustomReport")
@app.route(
    route="CustomReport",
    methods=["GET", "POST"],
    auth_level=func.AuthLevel.FUNCTION,
)
def custom_report(req: func.HttpRequest) -> func.HttpResponse:
    """Make a report on demand; the host checks the function key."""
    return endpoints.custom_report(req)


@app.function_name("SlackCommand")
@app.route(route="SlackCommand", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
@app.queue_output(arg_name="work", queue_name=QUEUE, connection=STORAGE)
def slack_command(req: func.HttpRequest, work: func.Out[str]) -> func.HttpResponse:
    """Answer a slash command at once; Slack's signature is checked."""
    return endpoints.slack_command(req, work)


@app.function_name("SlackCommandWork")
@app.queue_trigger(arg_name="message", queue_name=QUEUE, connection=STORAGE)
def slack_command_work(message: func.QueueMessage) -> None:
    """Make the report that a slash command asked for."""
    endpoints.slack_command_work(message)


@app.function_name("Health")
@app.route(route="health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
def health(req: func.HttpRequest) -> func.HttpResponse:
    """Say when each report was last sent."""
    return endpoints.health(req)


@app.function_name("MonthlyReport")
@app.retry(strategy="fixed_delay", max_retry_count="3", delay_interval="00:05:00")
@app.timer_trigger(
    arg_name="timer", schedule=MONTHLY, run_on_startup=False, use_monitor=True
)
def monthly_report(timer: func.TimerRequest) -> None:
    """Report the month that is over."""
    timers.run_timer("monthly", MONTHLY)
