"""A classroom on JupyterHub: each learner's server behind a wall, and the exchange between them and the teacher.

deploy/README.md leads through it. Nothing here is imported by a notebook.
"""
