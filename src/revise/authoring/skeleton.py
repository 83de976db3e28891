"""Lay the skeleton of a new section's text."""

from revise.course import Section
from revise.errors import SectionExists

HEAD = """\
---
jupyter:
  kernelspec:
    display_name: Python 3 (ipykernel)
    language: python
    name: python3
---

# {number}. {title}

What the reader gets, in two sentences.

**You will be able to**

- …

**You need** …


## Before you start

```python role="setup"
%load_ext revise
import requests

from revise import Project, said

library = Project("library")
```
"""
TOPIC = """

## {topic}

A need in the running application. Then one concept at a time: {concepts}.

```python
# A demo: ask the reader to predict, run it, then say what happened.
```

<!-- #region exercise="{section}-{topic}-name" concepts="{first}" -->
### Give the task a verb

One sentence. Then the exact signature, file or URL; limits as bullets; one input and output.
<!-- #endregion -->

```python role="answer"
def name():
    \"\"\"Say what it returns.\"\"\"
    ### BEGIN SOLUTION
    return 1
    ### END SOLUTION
```

```python check="behaviour" points=1
assert name() == 1, f"name() returned {{name()}}, expected 1. Look at the return."
```

```python check="other-inputs" points=1 hidden=true
assert name() == 1, f"name() returned {{name()}}, expected 1. Look at the return."
```

<!-- #region hints -->
1. The gentlest hint.
<!-- #endregion -->

```python wrong="a mistake people make" says="words it is shown"
def name():
    return 2
```
"""


def new(section: Section) -> None:
    """Write the skeleton of ``section``'s text: a header, and a stub of each of its topics.

    Raises ``SectionExists`` when the text is there already: it is never overwritten.
    """
    if section.text.exists():
        raise SectionExists.at(section.text)
    topics: dict[str, list[str]] = {}
    for concept in section.concepts:
        topics.setdefault(concept.split(".")[1], []).append(concept)
    number = section.name.partition("_")[0].lstrip("0")
    text = HEAD.format(number=number, title=section.title)
    for topic, concepts in topics.items():
        text += TOPIC.format(
            section=section.id, topic=topic, concepts=", ".join(concepts), first=concepts[0]
        )
    section.text.write_text(text, encoding="utf-8")
