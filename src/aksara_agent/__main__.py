"""``python -m aksara_agent``."""

import sys

from aksara_agent.cli.main import main

sys.exit(main())
