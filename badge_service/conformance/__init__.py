"""The door for public test suites (VC-API and a JOSE command): fresh keys at every start, never beside stored ones."""
