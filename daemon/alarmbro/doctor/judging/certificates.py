"""How long a certificate still holds. Pure."""

from __future__ import annotations

from datetime import datetime

SOON_DAYS = 14  # certificates of 45 days and longer are renewed earlier than that, where renewal works


def days_left(ends: datetime, now: datetime) -> int:
    """Give the whole days that are left; negative when it is over."""
    return (ends - now).days
