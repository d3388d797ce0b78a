"""Moments as the portal file has them: milliseconds since 1970 UTC."""

from datetime import datetime, timezone


def day(text, hour=9, minute=0):
    year, month, date = map(int, text.split("-"))
    return datetime(year, month, date, hour, minute, tzinfo=timezone.utc)


def millis(time):
    return int(time.timestamp()) * 1000
