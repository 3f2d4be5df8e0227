"""Every test, in the places of what it tests."""
