"""The index of a whole export, step by step: what is there, what it says, what images it makes, one table."""
