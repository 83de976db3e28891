"""The live sandbox: real Django projects on disk, served and commanded by forked processes.

The kernel starts one **zygote** (`zygote`), an interpreter with Django imported and no settings.
The zygote forks a process for every command (`commands`) and a **supervisor** for every served
project (`supervisor`); the supervisor forks a **worker** (`worker`) for every saved state of the
files. Each lives only as long as a file descriptor that the one before it holds.
"""
