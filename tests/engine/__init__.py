"""Tests of the engine: the real GGUF, the real encoder, real child processes."""
