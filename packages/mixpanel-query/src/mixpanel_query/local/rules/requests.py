"""Rules of requests: who may ask, what errors say, and how much may be asked."""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.rule import DOCS, REFERENCE, Rule

__all__ = ["REQUESTS"]

REQUESTS: Final = (
    Rule(
        "credentials",
        "documented",
        "A project with credentials answers 401 to others, and to a service account "
        "without project_id; HTTP Basic may hold the pair in base64 or plain.",
        f"{REFERENCE}authentication",
    ),
    Rule(
        "error-texts",
        "assumed",
        "Questions that make no sense have a status from 400 to 404, and errors say "
        "what was given, what is allowed and what to do.",
        "The documentation shows no errors of the Query API, and few of the others.",
    ),
    Rule(
        "limits",
        "documented",
        "Once limits are switched on, 60 questions an hour and 5 at once, as many "
        "scripts and exports of their own, 3 exports a second and 5 requests to "
        "Lexicon a minute; what is more is answered 429.",
        f"{REFERENCE}rate-limits",
    ),
    Rule(
        "rate-limit-errors",
        "observed",
        "The hour of a limit rolls, and the error tells how many questions there were.",
        "mixpanel_headless 0.4.0 counts a rolling hour; the texts are those of "
        "https://github.com/airbytehq/airbyte/issues/9410 and of the tests of "
        "treasure-data/embulk-input-mixpanel.",
    ),
    Rule(
        "earlier-paths",
        "observed",
        "Questions are answered below /api/2.0/ as below /api/query/.",
        f"mixpanel_utils 2.2.7 and mixpanel-jql 0.5.1 ask there; {DOCS}data-structure/"
        "group-analytics/group-analytics-faq shows one such question.",
    ),
    Rule(
        "workspace-ids",
        "assumed",
        "Every workspace_id is that of the global data view, as there is no other.",
        f"{REFERENCE}query-api has the parameter for projects with data views.",
    ),
    Rule(
        "page-origins",
        "documented",
        "A web page of any origin may use /track, /engage, /groups, /flags, /record, "
        "/settings and /decide, with credentials, and no other endpoint.",
        f"{DOCS}tracking-methods/sdks/javascript",
    ),
    Rule(
        "page-headers",
        "assumed",
        "A web page may send those endpoints every header that it asks for first.",
        "The documentation does not say which ones; a page that posted JSON to /track "
        "was once refused its Content-Type: "
        "https://github.com/mixpanel/mixpanel-js/issues/364",
    ),
    Rule(
        "no-feature-flags",
        "assumed",
        "GET /flags answers that the project has no feature flags.",
        "The documentation does not show the answer of a project without any.",
    ),
)
