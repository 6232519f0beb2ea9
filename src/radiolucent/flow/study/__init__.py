"""The cohort job, step by step."""
