"""Open Badges 3.0 for craft schools: define, link, award, share and check micro-credentials."""
