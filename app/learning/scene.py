"""What a scenario has shown until now, from its events; and what it had shown when it was stopped."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Event = Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """The newest event that tells all that happened, the exchanges by id, and what was printed since then."""

    told: Event = field(default_factory=dict)
    exchanges: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    printed: tuple[Event, ...] = ()

    def after(self, event: Event) -> "Scene":
        """Return the scene after one more event; it is complete when its report came, or at a sudden end."""
        kind = event["event"]
        if kind in ("scenario_step", "scenario_finished"):
            return replace(self, told=event, printed=())
        if kind == "scenario_exchange":
            exchange = event["exchange"]
            return replace(self, exchanges={**self.exchanges, exchange["id"]: exchange})
        if kind == "program_output" and self.told:
            return replace(self, printed=(*self.printed, event))
        if kind == "run_finished" and self.told.get("event") == "scenario_step":
            return replace(self, told=self._stopped())
        return self

    def _stopped(self) -> Event:
        """Add what its last step did, which nobody could report; what was open then has no answer."""
        every = self.exchanges.values()
        last = max([each["end"] for each in every] + [each["at"] for each in self.printed], default=0.0)
        exchanges = [
            {**each, "ended": "stopped", "not_before": last} if each["ended"] == "open" else each
            for each in every
        ]
        output = [*(self.told.get("output") or ()), *self.printed]
        return {**self.told, "exchanges": exchanges or self.told.get("exchanges"), "output": output}
