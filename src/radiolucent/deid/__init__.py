"""File -> file: identifiers taken out of what a hospital exports."""
