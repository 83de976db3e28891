"""Which release this code is."""

NUMBER = 1
