"""From a section's text to the notebooks that teachers and learners open."""
