"""The catalogue's models in the admin: none yet."""
