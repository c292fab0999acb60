"""All benchmarks in one table, one file of JSON and one page."""
