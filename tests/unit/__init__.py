"""Domain, drafting and services, each by itself."""
