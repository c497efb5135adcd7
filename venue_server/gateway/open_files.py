"""How many files and connections this process may have open."""

import resource

ENOUGH = 65_536
"""A thousand stations with two connections each, strangers at the doors, and the store's files many
times over."""


def allow_many_files() -> int:
    """Raise this process's limit as far as it may be raised, which a login shell keeps at 1,024;
    the limit that holds now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = ENOUGH if hard == resource.RLIM_INFINITY else min(hard, ENOUGH)
    if soft == resource.RLIM_INFINITY or soft >= most:
        return soft
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return most
