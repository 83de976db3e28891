"""JupyterLab in a real browser: what a learner and a teacher see."""
