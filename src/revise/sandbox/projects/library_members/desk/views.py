"""The pages of the desk: none yet."""
