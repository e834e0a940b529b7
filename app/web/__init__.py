"""The site: server-rendered pages on the loopback address; a view parses, calls one function, renders."""

from app.web.factory import create_app
from app.web.server import serve

__all__ = ["create_app", "serve"]
