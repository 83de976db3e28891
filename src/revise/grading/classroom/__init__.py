"""Grade a whole class: nbgrader's own steps in one process, the learners' code in many others."""
