"""`python -m badge_service.conformance`: the door as a process of its own, with nothing of the service in it."""

from badge_service.conformance.command import main

main()
