"""Which topics belong to Home Assistant's view of us. Pure.

None of them is one that alarmbro itself listens to for presses (`+/press`, `+/heartbeat`, `command`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from alarmbro.model.configuration import Configuration

USUAL_PREFIX = "alarmbro"


@dataclass(frozen=True, slots=True)
class Topics:
    """The names below `PREFIX/` and below Home Assistant's own `DISCOVERY/`.

    An object is a site, or a device of it. Its name is `ROOT_SITE` or `ROOT_SITE_DEVICE`: ids hold no underscore
    (`config.values.readers.identifier`), so it can be taken apart again. Two installations on one broker have different
    prefixes, and so different roots.
    """

    prefix: str
    discovery: str

    @property
    def root(self) -> str:
        """Give what all names of this installation begin with."""
        if self.prefix == USUAL_PREFIX:
            return USUAL_PREFIX
        return f"{USUAL_PREFIX}-{hashlib.sha256(self.prefix.encode()).hexdigest()[:8]}"

    def name(self, site: str, device: str = "") -> str:
        """Give the name of a site or device, unique on the broker and for ever the same."""
        return "_".join(part for part in (self.root, site, device) if part)

    def config(self, site: str, device: str = "") -> str:
        """Give the topic of an object's discovery."""
        return f"{self.discovery}/device/{self.name(site, device)}/config"

    @property
    def configs(self) -> str:
        """Give the filter for the discoveries of all objects, ours among them."""
        return f"{self.discovery}/device/+/config"

    @property
    def birth(self) -> str:
        """Give the topic where Home Assistant says `online` when it has started."""
        return f"{self.discovery}/status"

    @property
    def statuses(self) -> str:
        """Give the filter for the status of every site, those of other files too."""
        return self.status("+")

    def site_of(self, topic: str) -> str | None:
        """Give the site whose status is on a topic; None for another topic."""
        site = topic.removeprefix(f"{self.prefix}/").removesuffix("/status")
        return site if "/" not in site and topic == self.status(site) else None

    def status(self, site: str) -> str:
        """Give the topic where a site says how it is, retained; its last will says that it is gone."""
        return f"{self.prefix}/{site}/status"

    def state(self, site: str, device: str) -> str:
        """Give the topic where it stands how a device is, retained."""
        return f"{self.prefix}/{site}/{device}/state"

    def event(self, site: str, device: str) -> str:
        """Give the topic of what happens at a device, never retained."""
        return f"{self.prefix}/{site}/{device}/event"

    def object_of(self, topic: str) -> tuple[str, str] | None:
        """Give the site and the device (or "") that a discovery of ours is about; None for what is not ours."""
        name = topic.removeprefix(f"{self.discovery}/device/").removesuffix("/config")
        root, *parts = name.split("_")
        if root != self.root or not 1 <= len(parts) <= 2:  # noqa: PLR2004 - site, device
            return None
        site, device = [*parts, ""][:2]
        return (site, device) if topic == self.config(site, device) else None


def abandoned(site: str, device: str, configuration: Configuration, *, online: bool | None) -> bool:
    """Tell whether a discovery is for this machine to take back; `online` is what the site's own status says, or None.

    Those of other machines' sites are theirs, though this machine's file may be older and not know them all. A site
    that is not in the file is nobody's only when it is offline: another machine may have a file of its own.
    """
    if site not in configuration.sites:
        return online is False
    if site not in configuration.serve:
        return False
    home = configuration.home_assistant
    return home is None or not home.wanted or (bool(device) and configuration.device(site, device) is None)
