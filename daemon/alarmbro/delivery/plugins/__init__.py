"""Apprise plugins for what municipalities need and Apprise does not have: sia://, relay://, gatewayapi://.

Importing this package makes them known to Apprise in this process, for alarmbro and for any other user of Apprise.
"""

from __future__ import annotations

import warnings

from apprise.manager_plugins import NotificationManager

from alarmbro.delivery.plugins.gatewayapi import NotifyGatewayAPI
from alarmbro.delivery.plugins.relay import NotifyRelay
from alarmbro.delivery.plugins.sia import NotifySIA

OURS = (NotifySIA, NotifyRelay, NotifyGatewayAPI)


def register() -> None:
    """Make our plugins known to Apprise; a second time changes nothing. Loads all of Apprise's, some 300 ms.

    Warnings are off meanwhile: Apprise 2.2 imports `imghdr`, and where warnings are errors that costs every plugin.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        manager = NotificationManager()
        for plugin in OURS:
            if plugin.protocol not in manager:
                manager.add(plugin)


register()
