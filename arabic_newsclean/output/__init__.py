"""Where data goes: files that are whole or not there, runs that can be resumed, and the lock that keeps two apart."""
