"""Feedback: the steps from an autograded notebook to the page a learner is given.

``nbgrader_config.py`` lists the steps in their order, each with its reason.
"""
