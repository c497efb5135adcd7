"""A login shell's limit of open files does not bound a venue (R9)."""

import json
import subprocess
import sys

PROGRAM = """
import json, resource
from venue_server.gateway.open_files import ENOUGH, allow_many_files
_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (200, hard))
first = allow_many_files()
print(json.dumps([first, resource.getrlimit(resource.RLIMIT_NOFILE)[0], min(hard, ENOUGH),
                  hard == resource.RLIM_INFINITY, allow_many_files()]))
"""


def test_r9_the_limit_of_open_files_is_raised_as_far_as_allowed() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    said, holds, possible, unlimited, again = json.loads(done.stdout)
    assert said == holds == again
    assert unlimited or holds == possible
    assert holds > 200 or possible <= 200
