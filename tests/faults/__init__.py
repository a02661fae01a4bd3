"""A vault on a disk that fails: a C shim before libc, journeys, and what must hold after each."""
