"""The teacher's report: what a class earned, where it has difficulties, and what is worth a look.

``gradebook`` and ``outline`` read, ``marks`` puts together what they read, ``autograded`` looks into the
graded notebooks; ``statistics`` computes, and ``page`` and ``table`` write.
"""
