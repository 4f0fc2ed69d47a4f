"""What does this document say: bytes in, a checked `Report` out; no clock, no network."""
