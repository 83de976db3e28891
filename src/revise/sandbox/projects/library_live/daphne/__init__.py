"""An empty stand-in for Daphne, an ASGI server: `channels.testing` imports it for a class that is not used here."""
