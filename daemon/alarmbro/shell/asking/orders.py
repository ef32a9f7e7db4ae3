"""From the words of a request to what a coordinator orders of a test. Changes nothing. Any thread.

Raises WordsError where a request is not understood, RefusedError where it names what this machine does not serve.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from alarmbro.control.protocol import WordsError
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import RefusedError
from alarmbro.model.testing import EndTest, PutOnTest, StartTest, TestOrder
from alarmbro.shell.asking.requests import NAME_LIMIT, nearest, text

USUAL_S = 2 * 3600.0  # long enough to walk through a building, and soon over where it is forgotten
VERBS = ("test_start", "test_finish", "test_abort", "test_on_test")


def order_of(request: Mapping[str, Any], configuration: Configuration, by: str) -> TestOrder:
    """Give what is ordered; `do` is one of `VERBS`. `by` is who asks, where the request does not say."""
    who = text(request, "by").strip() or by
    match request.get("do"):
        case "test_start":
            site = _site(request, configuration)
            devices = tuple(_devices(request, site, configuration))
            return StartTest(site, who, _seconds(request), devices, confirm=request.get("confirm") is True)
        case "test_on_test":
            name = text(request, "recipient")[:NAME_LIMIT]
            if name not in configuration.recipients:
                raise WordsError(f"there is no recipient {name!r}{nearest(name, configuration.recipients)}")
            return PutOnTest(name, who, text(request, "who").strip(), _seconds(request))
        case verb:
            site = _site(request, configuration) if request.get("site") else ""
            return EndTest(who, site, abort=verb == "test_abort")


def _site(request: Mapping[str, Any], configuration: Configuration) -> str:
    name = text(request, "site")[:NAME_LIMIT]
    if name not in configuration.sites:
        raise WordsError(f"there is no site {name!r}{nearest(name, configuration.sites)}")
    if name not in configuration.serve:
        raise RefusedError(f"{name} is not served by this machine, which serves {', '.join(configuration.serve)}")
    return name


def _devices(request: Mapping[str, Any], site: str, configuration: Configuration) -> list[str]:
    """Give the ids of the devices that are named, with or without their site."""
    wanted = request.get("devices") or []
    if not isinstance(wanted, list):
        raise WordsError('"devices" must be a list of device ids')
    known = configuration.sites[site].devices
    names = [str(each)[:NAME_LIMIT].removeprefix(f"{site}/") for each in wanted]
    for name in names:
        if name not in known:
            raise WordsError(f"there is no device {name!r} at {site}{nearest(name, known)}")
    return names


def _seconds(request: Mapping[str, Any]) -> float:
    seconds = request.get("for_s", USUAL_S)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise WordsError('"for_s" must be a number of seconds')
    return float(seconds)
