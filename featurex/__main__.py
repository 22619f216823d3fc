"""``python -m featurex`` is ``featurex``."""

from featurex.cli import main

main()
