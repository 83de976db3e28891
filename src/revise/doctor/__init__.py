"""What this machine can and cannot do for the course, each with its mend.

Every finding comes from trying: servers are started, folders are written to, the wall is built.
"""
