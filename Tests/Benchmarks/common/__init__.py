"""What the benchmarks of running servers have in common."""
