"""The buttons, and how each is pressed from here: its mock pin is moved, or a message is published.

Nothing here is a short cut: a pin goes through the debouncing, a message through the broker. Pressing blocks for as
long as the press lasts; call it in a thread that nobody waits for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from alarmbro.control.client import ask
from alarmbro.model.configuration import Configuration
from alarmbro.model.errors import AlarmbroError
from alarmbro.model.site import Device

HOST = "127.0.0.1"
PATIENCE_S = 10.0  # for the broker to take a press
HELD_S = 0.2
BOUNCES = 3  # a real contact chatters


@dataclass(frozen=True, slots=True)
class Buttons:
    """The devices that can be pressed by number, counted from 1 in the configuration's order."""

    configuration: Configuration
    run_dir: Path
    broker_port: int

    @property
    def devices(self) -> tuple[Device, ...]:
        """Give those with a pin or with alarmbro's own topics."""
        served = self.configuration.served_devices()
        return tuple(device for device in served if device.gpio or (device.mqtt and device.mqtt.own))

    def press(self, device: Device) -> None:
        """Press it as a person would. Raise AlarmbroError where that cannot be done."""
        if device.gpio:
            ask(self.run_dir, {"do": "pin", "device": device.path, "for_s": HELD_S, "bounce": BOUNCES})
            return
        try:
            self._publish(self.topic(device))
        except (OSError, ValueError, RuntimeError) as error:
            raise AlarmbroError(f"the broker did not take the press: {error}") from error

    def _publish(self, topic: str) -> None:
        """Do what `mosquitto_pub -q 1 -m ''` does."""
        client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv311)
        client.connect(HOST, self.broker_port)
        client.loop_start()
        try:
            message = client.publish(topic, qos=1)
            message.wait_for_publish(PATIENCE_S)
            if not message.is_published():
                raise TimeoutError(f"no answer within {PATIENCE_S:.0f} s")
        finally:
            client.disconnect()
            client.loop_stop()

    def topic(self, device: Device) -> str:
        """Give the topic on which a device's own presses come."""
        prefix = self.configuration.mqtt.prefix if self.configuration.mqtt else "alarmbro"
        return f"{prefix}/{device.path}/press"
