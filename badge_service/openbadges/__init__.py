"""The Open Badges 3.0 standard as a library: documents in, signed or judged documents out; no clock, network or storage."""
