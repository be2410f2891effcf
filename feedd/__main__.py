"""``python -m feedd``."""

from feedd.cli import main

main()
