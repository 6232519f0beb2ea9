"""The whole way of a case and of a cohort: the only place that knows every stage."""
