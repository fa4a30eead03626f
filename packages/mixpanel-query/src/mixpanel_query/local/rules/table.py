"""The table of rules: how a local project behaves, and how that is known.

docs/query/local-project-rules.md shows it. Each part of it stands in a file of its own.
"""

from __future__ import annotations

from typing import Final

from mixpanel_query.local.rules.app_api import APP_API
from mixpanel_query.local.rules.customerio import CUSTOMERIO
from mixpanel_query.local.rules.expressions import EXPRESSIONS
from mixpanel_query.local.rules.identities import IDENTITIES
from mixpanel_query.local.rules.ingestion import INGESTION
from mixpanel_query.local.rules.profiles import PROFILES
from mixpanel_query.local.rules.questions import QUESTIONS
from mixpanel_query.local.rules.raw_export import RAW_EXPORT
from mixpanel_query.local.rules.refusals import REFUSALS
from mixpanel_query.local.rules.reports import REPORTS
from mixpanel_query.local.rules.requests import REQUESTS
from mixpanel_query.local.rules.rule import Grade, Rule
from mixpanel_query.local.rules.scripts import SCRIPTS

__all__ = ["PARTS", "RULES", "TABLE", "Grade", "Rule"]

PARTS: Final[dict[str, tuple[Rule, ...]]] = {
    "Requests, errors and limits": REQUESTS,
    "Ingestion": INGESTION,
    "Identities": IDENTITIES,
    "Counting events": QUESTIONS,
    "Funnels, retention, frequency and saved reports": REPORTS,
    "Expressions": EXPRESSIONS,
    "Profiles and cohorts": PROFILES,
    "The raw export": RAW_EXPORT,
    "JQL": SCRIPTS,
    "Annotations and Lexicon": APP_API,
    "Customer.io": CUSTOMERIO,
    "What is not there": REFUSALS,
}

TABLE: Final = tuple(rule for part in PARTS.values() for rule in part)

RULES: Final[dict[str, Rule]] = {rule.rule_id: rule for rule in TABLE}
