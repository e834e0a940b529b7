"""An interactive course on webhooks: your own server, judged over real HTTP."""

__version__ = "0.1.0"
