"""``python -m invigilator_app``."""

import sys

from invigilator_app.app import main

sys.exit(main())
