"""The report for machines and spreadsheets: JSON with all of it, CSV with a row for each device and recipient."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from alarmbro.model.moment import iso
from alarmbro.report.account import Report

BOM = "\ufeff"  # without it Danish Excel takes UTF-8 for cp1252
COLUMNS = (
    "year", "site", "device", "name", "zone", "result", "reason", "pressed", "recipient", "outcome", "after_ms",
    "confirmed_by", "confirmed_ms",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would take for a formula


def document(report: Report) -> dict[str, Any]:
    """Give all of it as JSON can hold it; times as ISO 8601 in UTC."""
    known: dict[str, Any] = asdict(report, dict_factory=lambda pairs: {name: _plain(value) for name, value in pairs})
    return known


def sheet(report: Report) -> str:
    """Give the CSV, `;` between columns, for a Danish Excel."""
    rows = [BOM + cells(COLUMNS)]
    for site in report.sites:
        for test in site.devices:
            pressed = iso(test.pressed) if test.pressed else ""
            about = (report.year, site.site, test.device, test.name, test.zone, test.verdict, test.reason, pressed)
            for each in test.recipients or (None,):
                told = (each.recipient, each.outcome, each.after_ms, each.by, each.confirmed_ms) if each else ("",) * 5
                rows.append(cells((*about, *told)))
    return "".join(rows)


def cells(values: Iterable[object]) -> str:
    """Give a row of a sheet; what a spreadsheet would take for a formula stays a text."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([_guarded(value) for value in values])
    return out.getvalue()


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else "" if value is None else value


def _plain(value: Any) -> Any:
    return iso(value) if hasattr(value, "astimezone") else value
