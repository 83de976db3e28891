"""nbgrader's settings on a hub: the course's own, and ngshare in place of a shared exchange folder."""

import os

from ngshare_exchange import configureExchange

# traitlets gives this file `get_config` and `load_subconfig`.
c = get_config()  # noqa: F821

# A learner's server does not run in the course, so its settings are named.
load_subconfig("nbgrader_config.py", path=os.environ["REVISE_COURSE"])  # noqa: F821

# In a cluster ngshare's client finds the exchange by itself.
configureExchange(c, os.environ.get("REVISE_EXCHANGE"))
