"""Guidelines as rules: versioned decision tables whose every conclusion cites the row it comes from."""
