"""Whose addresses nobody has looked at for too long. Pure."""

from __future__ import annotations

from datetime import date

from alarmbro.model.configuration import Configuration

MONTHS = 12  # a plan that is older than a year names people who have left


def outdated(configuration: Configuration, today: date) -> list[str]:
    """Name the recipients whose `reviewed` is older than twelve months; those without one are not watched."""
    return [
        recipient.id
        for recipient in configuration.recipients.values()
        if recipient.reviewed is not None and today > _due(recipient.reviewed)
    ]


def _due(reviewed: date) -> date:
    try:
        return reviewed.replace(year=reviewed.year + MONTHS // 12)
    except ValueError:  # the 29th of February
        return reviewed.replace(year=reviewed.year + MONTHS // 12, day=28)
