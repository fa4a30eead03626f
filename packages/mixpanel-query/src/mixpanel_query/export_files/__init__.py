"""Exports into a folder: a file a day, a manifest, and a run that can be resumed."""

from __future__ import annotations

from mixpanel_query.export_files.day_files import FileFormat
from mixpanel_query.export_files.folder_export import FolderExport, plan_export
from mixpanel_query.export_files.order import ExportOrder, read_order
from mixpanel_query.export_files.results import (
    ExportedDay,
    ExportedFiles,
    ExportPlan,
    ExportProgress,
)

__all__ = [
    "ExportOrder",
    "ExportPlan",
    "ExportProgress",
    "ExportedDay",
    "ExportedFiles",
    "FileFormat",
    "FolderExport",
    "plan_export",
    "read_order",
]
