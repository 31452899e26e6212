"""`python -m badge_service` is the command line."""

from badge_service.cli import main

main()
